/** What the recording says of itself, at places on its curves, with its own numbers. */
import type { MetricsRow } from '../../rl/records.ts';
import type { Caption } from '../charts/captions.tsx';
import { formatShare } from '../format.ts';

/** Captions of a run's rows, in the order of their places; one whose numbers are not there is left out. */
export function captionsOf(rows: readonly MetricsRow[]): readonly Caption[] {
  const number = (row: MetricsRow | undefined, name: string) => {
    const value = row?.[name];
    return typeof value === 'number' ? value : null;
  };
  const judged = rows.filter((row) => number(row, 'eval/accuracy') !== null);
  const [first, last] = [judged[0], judged.at(-1)];
  const before = number(first, 'eval/accuracy');
  const after = number(last, 'eval/accuracy');
  const trained = rows.filter((row) => number(row, 'reward') !== null);
  const [start, middle] = [trained[0], trained[Math.floor(trained.length * 0.42)]];
  if (!start || !middle || !first || !last || before === null || after === null) return [];
  const late = judged[Math.floor(judged.length / 2)];
  const captions: Omit<Caption, 'n'>[] = [
    {
      ...{ chart: 'reward', step: start.step, side: 'above' },
      lines: ['Before training', `${formatShare(before)} of its answers are right.`],
    },
    {
      ...{ chart: 'reward', step: middle.step, side: 'below' },
      lines: ['Answers that beat the others to', 'their question become likelier.'],
    },
    {
      ...{ chart: 'accuracy', step: late.step, side: 'below' },
      lines: [
        'Questions it never trained on:',
        `${formatShare(before)} right, then ${formatShare(after)}.`,
      ],
    },
  ];
  return captions.map((caption, i) => ({ ...caption, n: i + 1 }));
}
