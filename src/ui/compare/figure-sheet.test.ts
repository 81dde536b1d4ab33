import { expect, test } from 'vitest';
import { keyText, PLOT } from './figure-sheet.ts';

const COLOURS = {
  ...{ paper: '#fff', ink: '#000', quiet: '#555', line: '#ddd' },
  runs: ['', '#a00', '#0a0', '#00a', '#aa0', '#0aa'],
};
const keyOf = (...names: readonly string[]) => {
  const groups = names.map((name, i) => ({ row: { name }, slot: i + 1 }));
  return keyText(groups as unknown as Parameters<typeof keyText>[0], COLOURS, {
    label: 'Accuracy',
    unit: 'held out, against completion length, tokens',
  });
};
const baselines = ({ text }: ReturnType<typeof keyText>) =>
  text.map((line) => Number(/ y="(\d+)"/.exec(line)?.[1]));

test('the key of a saved figure stands beside its title where it has room, else in lines below, and the plot under it', () => {
  const few = keyOf('A', 'B');
  const many = keyOf(...Array.from({ length: 5 }, (_, i) => `KL weight 0.0${i}, temperature 0.8`));
  expect(few.text).toHaveLength(1);
  expect(few.text[0]).toContain('class="end"');
  const [title] = baselines(few);
  const lines = baselines(many);
  expect(lines.length).toBeGreaterThan(1);
  for (const [i, y] of lines.entries()) expect(y).toBeGreaterThan(i === 0 ? title : lines[i - 1]);
  expect(many.top).toBeGreaterThan(Math.max(...lines));
  // Every name is there once, and no line is longer than the plot.
  for (let i = 0; i < 5; i += 1) expect(many.text.join('').split(`0.0${i},`)).toHaveLength(2);
  for (const line of many.text)
    expect(5 * line.replaceAll(/<[^>]*>/g, '').length).toBeLessThan(PLOT.width);
});
