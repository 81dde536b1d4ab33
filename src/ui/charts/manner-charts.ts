/** The charts of how answers are written: the share of each dialect, and the share of tokens that are chatter. */
import type { Dialect } from '../../rl/tasks/task.ts';
import { type ChartSpec, LEAST_SHARE, type LineSpec } from './chart-spec.ts';
import type { ChartRun } from './runs.ts';

/** Shares that never came to this have no line: two runs with six lines each cannot be read. */
const LEAST_WRITTEN = 0.05;

const DIALECTS_HELP =
  'The share of the answers in each dialect, which is a way to write the same steps. What never was a twentieth of the answers has no line.';

/** Said where the private dialect is charted: what is the experiment's doing, and what is its maker's. */
export const PRIVATE_NOTE =
  'The private dialect was put into the warm start on purpose. The run shows what the reward prefers, not that such dialects ' +
  'arise by themselves.';

const CHATTER_HELP =
  'The share of the tokens of answers that say nothing new: filler, and what stands there already. End tokens are left out.';

/** Where the columns come from: every step's own answers, or evaluations where a step samples nothing. */
const prefixOf = (sampled: boolean) => (sampled ? '' : 'eval/');

/** The columns that have a line; changes when charts must. */
export function writtenColumns(
  runs: readonly ChartRun[],
  dialects: readonly Dialect[],
  sampled: boolean,
): readonly string[] {
  const names = [...dialects.map(({ id }) => `dialects/${id}`), 'chatter'];
  return names
    .map((name) => `${prefixOf(sampled)}${name}`)
    .filter((name) =>
      runs.some(({ series }) => series.column(name).some((share) => share >= LEAST_WRITTEN)),
    );
}

/**
 * Dialects, where at least two are written, and chatter, where there is any.
 * @param dialects of the task, in its order, `other` among them
 * @param sampled false where a step samples nothing
 */
export function mannerCharts(
  runs: readonly ChartRun[],
  dialects: readonly Dialect[],
  sampled = true,
): readonly ChartSpec[] {
  const written = writtenColumns(runs, dialects, sampled);
  const line = (name: string): Pick<LineSpec, 'columns' | 'band'> => {
    const column = `${prefixOf(sampled)}${name}`;
    return sampled
      ? { columns: [column] }
      : { columns: [column], band: [`${column}_low`, `${column}_high`] };
  };
  const isWritten = (name: string) => written.includes(`${prefixOf(sampled)}${name}`);
  const spoken = dialects.filter(({ id }) => isWritten(`dialects/${id}`));
  const common = {
    size: 'half',
    better: 'none',
    least: LEAST_SHARE,
    share: true,
    ...(!sampled && { sparse: true }),
  } as const;
  return [
    // One dialect alone says nothing: it is every answer, or nearly.
    ...(spoken.length < 2
      ? []
      : [
          {
            ...common,
            id: 'dialects',
            title: 'Dialects',
            unit: sampled ? 'share of answers' : 'share of answers, held out',
            lines: spoken.map(({ id, label }, i) => ({
              ...line(`dialects/${id}`),
              name: label,
              thin: i > 0,
            })),
            nameEach: true,
            help: DIALECTS_HELP,
            ...(isWritten('dialects/private') && { note: PRIVATE_NOTE }),
          } satisfies ChartSpec,
        ]),
    ...(isWritten('chatter')
      ? [
          {
            ...common,
            id: 'chatter',
            title: 'Chatter',
            unit: sampled ? 'share of tokens' : 'share of tokens, held out',
            lines: [line('chatter')],
            better: 'low',
            help: CHATTER_HELP,
          } satisfies ChartSpec,
        ]
      : []),
  ];
}
