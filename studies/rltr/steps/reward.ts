/** The transfer reward itself: what it is worth and what it costs. */
import { percent, plain } from '../../lib/format.ts';
import { overhead } from '../../lib/overhead.ts';
import { type Block, figure, subheading, text } from '../../lib/report.ts';
import { average, last, type Results } from '../../lib/results.ts';
import { armTable } from '../../lib/sections.ts';
import { lineFigure } from '../../lib/svg/line-chart.ts';
import { BASE, MAIN, TRANSFER } from './measures.ts';

/** Transferability against the cut in the last fifth of training. */
function byCut(results: Results): Block[] {
  const drawn = lineFigure(
    'cut',
    'Transferability against the cut',
    'Right finishes by the share of the answer that the receiver was shown, over the last fifth of training, on training questions.',
    [
      {
        title: 'Right finishes',
        unit: '%',
        times: 100,
        x: 'cut',
        lines: [BASE, MAIN, 'strong', 'weak', 'cool']
          .filter((id) => results.has(id))
          .map((id) => ({
            name: results.label(id),
            points: Array.from({ length: 10 }, (_, bucket) => bucket).flatMap((bucket) => {
              const mean = results.mean(id, last(`rewards/transfer/tau_${bucket}`, 10));
              return mean ? [{ x: (bucket + 0.5) / 10, ...mean }] : [];
            }),
          })),
      },
    ],
  );
  return drawn ? [figure(drawn)] : [];
}

export function reward(results: Results): Block[] {
  const apart = results.runs.some(({ timing }) => timing.phases.measure !== undefined);
  const columns = armTable(results, [
    { head: 'Right finishes, %', measure: average(TRANSFER), show: percent },
    { head: 'From scratch, %', measure: average('rewards/transfer/scratch'), show: percent },
    { head: 'Leakage, %', measure: average('rewards/transfer/leakage'), show: percent },
    { head: 'Within-group std', measure: average('rewards/transfer/group_std'), show: plain },
    { head: 'Reliability', measure: average('rewards/transfer/icc'), show: plain },
    { head: 'Time of the rewards, % of the rest', measure: overhead, show: percent },
  ]);
  if (columns.length === 0) return [];
  return [
    subheading('The transfer reward itself'),
    text(
      'Means over all of training. From scratch is what the receiver does on the same questions without any prefix. Leakage is the share of prefixes that hold the right answer already. Reliability is the intraclass correlation between two tries at the same answer, within a question: 1 where the reward says something about the answer, 0 where it is the receiver’s luck. The last column is the time of all rewards against the rest of the step' +
        (apart
          ? ', without the tries that only measure.'
          : ', the tries from scratch and the second tries for reliability among it; the arm in which nothing is measured makes neither.'),
    ),
    ...columns,
    ...byCut(results),
  ];
}
