/** Marks and axes of a plot as SVG text: for pictures that stand alone, saved from a chart or drawn by a study. */
import { type Frame, pixelX, pixelY } from './frame.ts';

export function escaped(words: string): string {
  return words
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}

/** Pixels to a tenth: enough, and equal on every machine. */
export function px(value: number): string {
  return String(Number(value.toFixed(1)));
}

export function words(x: number, y: number, content: string, classes = ''): string {
  const named = classes && ` class="${classes}"`;
  return `<text x="${px(x)}" y="${px(y)}"${named}>${escaped(content)}</text>`;
}

export function rule(x1: number, y1: number, x2: number, y2: number, classes: string): string {
  return `<line x1="${px(x1)}" y1="${px(y1)}" x2="${px(x2)}" y2="${px(y2)}" class="${classes}"/>`;
}

/** Marks moved to where their frame stands on the sheet. */
export function placed(left: number, top: number, marks: readonly string[]): string {
  return ['<g transform="translate(', px(left), ' ', px(top), ')">', ...marks, '</g>'].join('');
}

/** Grid, numbers and bottom line of a frame, by the classes grid, axis, tick, end and middle. */
export function axesText(frame: Frame): string[] {
  const { x, y, width, height } = frame;
  const across = y.ticks.flatMap((tick) => {
    const at = pixelY(frame, tick);
    return [rule(0, at, width, at, 'grid'), words(-6, at + 4, y.label(tick), 'tick end')];
  });
  return [
    ...across,
    ...(y.factor ? [words(2, -6, `× ${y.factor}`, 'tick')] : []),
    rule(0, height, width, height, 'axis'),
    ...x.ticks.map((tick) => words(pixelX(frame, tick), height + 15, x.label(tick), 'tick middle')),
  ];
}

/** Pixels from a plot to the name of its vertical axis, left of the numbers, and to that of its horizontal one, below them. */
const NAME_LEFT = 38;
const NAME_BELOW = 32;

/** The names of both axes: along the bottom, and turned along the left side. */
export function axisNames({ width, height }: Frame, along: string, up: string): string[] {
  const at = `translate(${px(-NAME_LEFT)} ${px(height / 2)}) rotate(-90)`;
  return [
    words(width / 2, height + NAME_BELOW, along, 'middle'),
    `<text transform="${at}" class="middle">${escaped(up)}</text>`,
  ];
}
