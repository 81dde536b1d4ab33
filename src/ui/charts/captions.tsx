/** Numbered notes at places on a curve: a disc on the line, and its words in the plot, or below it where the page is narrow. */
import { pixelX, pixelY } from '../plot/frame.ts';
import type { DrawnLine } from './lines.ts';
import { type MetricFrame, valueAt } from './metric-frame.ts';

export interface Caption {
  /** Its number on the page. */
  readonly n: number;
  /** The chart that it stands in, by id; it stands on the chart's first line. */
  readonly chart: string;
  readonly step: number;
  /** Two short lines. */
  readonly lines: readonly [string, string];
  /** Where its words stand. */
  readonly side: 'above' | 'below';
}

/** Pixels between a disc and its words, and between their lines. */
const HAIRLINE = 44;
const LINE = 17;
const DISC = 9;

/** In the plot. Hidden from assistive technology with the rest of it: the list says the same. */
export function CaptionMarks({
  captions,
  frame,
  lines,
}: {
  readonly captions: readonly Caption[];
  readonly frame: MetricFrame;
  readonly lines: readonly DrawnLine[];
}) {
  const [line] = lines;
  if (!line) return null;
  return captions.map(({ n, step, lines: words, side }) => {
    const at = valueAt(line, step);
    if (!at || !Number.isFinite(at.value)) return null;
    const x = Math.min(frame.width - DISC, Math.max(DISC, pixelX(frame, at.x)));
    const y = pixelY(frame, at.value);
    const end =
      side === 'above'
        ? Math.max(2 * LINE, y - HAIRLINE)
        : Math.min(frame.height - 2 * LINE, y + HAIRLINE);
    const first = side === 'above' ? end - LINE - 4 : end + 13;
    const right = x > frame.width * 0.7;
    return (
      <g key={n} className="caption">
        <g className="words">
          <line x1={x} x2={x} y1={y} y2={end} />
          {words.map((text, i) => (
            <text
              key={text}
              x={x}
              y={first + i * LINE}
              dx={right ? 4 : -2}
              textAnchor={right ? 'end' : 'start'}
            >
              {text}
            </text>
          ))}
        </g>
        <circle cx={x} cy={y} r={DISC} />
        <text className="number" x={x} y={y} dy={4} textAnchor="middle">
          {n}
        </text>
      </g>
    );
  });
}

/** The words as a list: for who reads the page without looking at it, and below the plot on a phone. */
export function CaptionList({ captions }: { readonly captions: readonly Caption[] }) {
  if (captions.length === 0) return null;
  return (
    <ol className="captionlist small">
      {captions.map(({ n, lines }) => (
        <li key={n} value={n}>
          <span className="disc" aria-hidden="true">
            {n}
          </span>
          {lines.join(' ')}
        </li>
      ))}
    </ol>
  );
}
