/** The chart of how often answers are right, and what stands beside it where the verifier does not pay. */
import { WATCHED } from '../../rl/methods/method.ts';
import { listText } from '../format.ts';
import { banded, type ChartSpec, LEAST_SHARE, namesLike } from './chart-spec.ts';
import { NOT_JUDGED } from './evaluation-curves.ts';
import type { ChartRun } from './runs.ts';

const CHOSEN_HELP =
  'critic@N is how often the winner of a tournament among N answers is right, with the critic as the judge. Maj@N lets the same number of ' +
  'answers vote, and pass@N is the best that choosing can do.';

const ASIDE = { thin: true, aside: true } as const;

/** @param watched what the verifier does instead of paying, as the method says (`MethodCharts.watched`) */
export function accuracyChart(
  runs: readonly ChartRun[],
  prefix: 'eval' | 'eval_ood',
  id: string,
  unit: string,
  watched?: string,
): ChartSpec {
  const pass = largest(namesLike(runs, new RegExp(`^${prefix}/pass_at_(\\d+)$`)));
  const majority = largest(namesLike(runs, new RegExp(`^${prefix}/maj_at_(\\d+)$`)));
  const chosen = largest(namesLike(runs, new RegExp(`^${prefix}/tournament_at_(\\d+)$`)));
  const measured = (name: string) =>
    namesLike(runs, new RegExp(`^(${prefix}/${name})$`)).length > 0;
  const unjudged = measured('mean_length') && !measured('accuracy');
  return {
    id,
    title: 'Accuracy',
    unit,
    size: 'half',
    lines: [
      { ...banded(`${prefix}/accuracy`), name: 'accuracy' },
      ...chosen.map(({ name, k }) => ({ columns: [name], name: `critic@${k}`, ...ASIDE })),
      ...majority.map(({ name, k }) => ({ columns: [name], name: `Maj@${k}`, ...ASIDE })),
      ...pass.map(({ name, k }) => ({ columns: [name], name: `pass@${k}`, ...ASIDE })),
    ],
    better: 'high',
    least: LEAST_SHARE,
    share: true,
    sparse: true,
    ...(chosen.length > 0 && { help: CHOSEN_HELP }),
    ...watchedPart(runs, unit, watched),
    ...(unjudged && { off: NOT_JUDGED }),
  };
}

/** What the verifier does in each run, where it does not pay the one that is looked at. */
function watchedPart(
  runs: readonly ChartRun[],
  unit: string,
  watched: string | undefined,
): Pick<ChartSpec, 'unit' | 'note'> {
  if (watched === undefined) return {};
  const does = [...new Set([watched, ...runs.flatMap(({ verifier }) => verifier ?? [])])];
  const who = (clause: string) =>
    listText(runs.flatMap(({ verifier, label }) => (verifier === clause ? [label] : [])));
  const alone = does.length === 1;
  const whose = who(WATCHED);
  const only =
    watched === WATCHED && (alone ? ', watched only' : whose && `, watched only in ${whose}`);
  const sentences = does
    .filter((clause) => who(clause) !== '')
    .map((clause) => `In ${who(clause)} the verifier ${clause}.`);
  return {
    unit: `${unit}${only || ''}`,
    note: alone ? `Here the verifier ${watched}.` : sentences.join(' '),
  };
}

/** Only the largest k: pass@1 is the accuracy, and those between crowd the chart. */
function largest(found: readonly { readonly name: string; readonly match: string }[]) {
  return found
    .map(({ name, match }) => ({ name, k: Number(match) }))
    .sort((a, b) => b.k - a.k)
    .slice(0, 1);
}
