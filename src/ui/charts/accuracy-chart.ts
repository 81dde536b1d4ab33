/** The chart of how often answers are right, and what stands beside it where the verifier does not pay. */
import { WATCHED } from '../../rl/methods/method.ts';
import { lastEvaluationText, listText } from '../format.ts';
import { banded, type ChartSpec, LEAST_SHARE, namesLike } from './chart-spec.ts';
import { NOT_JUDGED } from './evaluation-curves.ts';
import type { ChartRun } from './runs.ts';

const CHOSEN_HELP =
  'critic@N is how often the winner of a tournament among N answers is right, with the critic as the judge. Maj@N lets the same number of ' +
  'answers vote, and pass@N is the best that choosing can do.';

const ASIDE = { thin: true, aside: true } as const;

/**
 * @param questions whose accuracy it is: held out, out of distribution
 * @param watched what the verifier does instead of paying, as the method says (`MethodCharts.watched`)
 */
export function accuracyChart(
  runs: readonly ChartRun[],
  prefix: 'eval' | 'eval_ood',
  id: string,
  questions: string,
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
    title: `Accuracy, ${questions}`,
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
    ...words(runs, watched),
    ...(unjudged && { off: NOT_JUDGED }),
  };
}

const UNIT = 'share of answers';

/** What the verifier does in each run, where it does not pay the one that is looked at, and where evaluations end before training does. */
function words(
  runs: readonly ChartRun[],
  watched: string | undefined,
): Pick<ChartSpec, 'unit' | 'note'> {
  const { unit, note: said } = watchedWords(runs, watched);
  const note = [said, lastText(runs)].filter((text) => text !== '').join(' ');
  return { unit, ...(note && { note }) };
}

function watchedWords(runs: readonly ChartRun[], watched: string | undefined) {
  if (watched === undefined) return { unit: UNIT, note: '' };
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
    unit: `${UNIT}${only || ''}`,
    note: alone ? `Here the verifier ${watched}.` : sentences.join(' '),
  };
}

/** Where the last evaluation of a run is not at its last step. */
function lastText(runs: readonly ChartRun[]): string {
  const ends = [...new Set(runs.map(({ lastEvaluation }) => lastEvaluation ?? null))];
  if (ends.length === 1) return ends[0] === null ? '' : lastEvaluationText(ends[0]);
  return runs
    .filter(({ lastEvaluation }) => lastEvaluation != null)
    .map(({ label, lastEvaluation }) => `${label}: ${lastEvaluationText(lastEvaluation ?? 0)}`)
    .join(' ');
}

/** Only the largest k: pass@1 is the accuracy, and those between crowd the chart. */
function largest(found: readonly { readonly name: string; readonly match: string }[]) {
  return found
    .map(({ name, match }) => ({ name, k: Number(match) }))
    .sort((a, b) => b.k - a.k)
    .slice(0, 1);
}
