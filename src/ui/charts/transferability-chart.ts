/** The chart of what evaluations found to be handed over, and what is said wherever transferability is drawn. */
import { EMPTY_ANSWERS } from '../alerts/empty-answers.ts';
import { banded, type ChartSpec, LEAST_SHARE, namesLike } from './chart-spec.ts';
import type { ChartRun } from './runs.ts';

/** Stands in every explanation of transferability. */
export const NEVER_ALONE =
  'Transferability is never read without accuracy, length and the receiver’s own rate.';

const TRANSFER_HELP =
  'Answers are cut anywhere, and another model, which is not trained, finishes them: the share that it finishes rightly. ' +
  `The thin line is the same model without any help. Only what is above it was handed over. ${NEVER_ALONE}`;

/** The warning under a chart of transferability, where a run has come to say almost nothing. */
export function emptyNote(runs: readonly ChartRun[]): Pick<ChartSpec, 'note'> {
  if (!runs.some(({ emptied }) => emptied)) return {};
  const { title, why } = EMPTY_ANSWERS['empty-answers'];
  return { note: `${title} ${why}` };
}

/** Transferability to every receiver that evaluations asked, over its own success from scratch. */
export function transferabilityChart(
  runs: readonly ChartRun[],
  prefix: 'eval' | 'eval_ood',
  id: string,
  unit: string,
): ChartSpec[] {
  const receivers = namesLike(runs, new RegExp(`^${prefix}/transfer/([a-z0-9-]+)$`));
  if (receivers.length === 0) return [];
  const lone = receivers.length === 1;
  return [
    {
      id,
      title: 'Transferability',
      unit,
      size: 'half',
      lines: receivers.flatMap(({ name, match }, i) => [
        { ...banded(name), name: lone ? 'transfer' : match, thin: i > 0 },
        {
          columns: [`${name}/scratch`],
          name: lone ? 'from scratch' : `${match}, scratch`,
          thin: true,
        },
      ]),
      better: 'high',
      least: LEAST_SHARE,
      share: true,
      sparse: true,
      help: TRANSFER_HELP,
      ...emptyNote(runs),
    },
  ];
}
