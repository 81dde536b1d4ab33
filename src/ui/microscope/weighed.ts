/** The step of the lab's run that is looked at, as the losses take it. */
import { useMemo } from 'react';
import {
  type EveryLoss,
  moved,
  settingsUnder,
  type UnderLoss,
  underEveryLoss,
} from '../../rl/objectives/every-loss.ts';
import { useRedraw } from '../charts/use-redraw.ts';
import { useLab, usePage } from '../context.ts';
import { useFirst } from '../first/use-first.ts';
import { presentGroup, presentRuns, type RunData } from '../store/runs.ts';
import { useRunView } from './run-view.ts';
import { type BatchAnswer, type BatchGroup, type StepBatch, stepBatch } from './step-batch.ts';

/** Milliseconds between two looks at a run that goes on. */
const PERIOD = 1000;

export interface LookedAt {
  readonly run: RunData;
  readonly runs: readonly RunData[];
  /** Nothing of it runs here. */
  readonly recorded: boolean;
  /** Steps whose samples are kept, ascending. */
  readonly steps: readonly number[];
  readonly step: number;
  /** Null where the answers of the step have no rewards and advantages. */
  readonly batch: StepBatch | null;
}

/** Undefined where there is no run, or none of its samples yet. */
export function useLookedAt(): LookedAt | undefined {
  const { lab } = usePage();
  const place = useRunView((view) => view.run);
  const wanted = useRunView((view) => view.step);
  const present = useLab((data) => data.present);
  const id = useLab((data) => (presentRuns(data)[place] ?? presentRuns(data)[0])?.id);
  const first = useFirst()?.run;
  const own = useLab((data) => data.runs.get(id ?? '')?.record.samples ?? lab.samples);
  const samples = first?.record.samples ?? own;
  const version = useRedraw([samples], true, PERIOD);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the version stands for the run's contents
  return useMemo(() => {
    const { data } = lab;
    const run = first ?? data.runs.get(id ?? '');
    const steps = samples.steps();
    const step = steps.findLast((one) => wanted === null || one <= wanted) ?? steps[0];
    if (!run || step === undefined) return undefined;
    const row = run.record.rows.find((one) => one.step === step);
    const batch = stepBatch(samples.at(step), row, run.experiment.method);
    const recorded = first !== undefined || presentGroup(data)?.recordedIn !== undefined;
    return { run, runs: presentRuns(data), steps, step, batch, recorded };
  }, [lab, id, present, first, samples, version, wanted]);
}

export interface Weighed {
  readonly groupAt: number;
  readonly group: BatchGroup;
  readonly answerAt: number;
  readonly answer: BatchAnswer;
  readonly tokenAt: number;
  /** Log-probs after the move, per answer. */
  readonly logp: readonly (readonly number[])[];
  readonly losses: readonly UnderLoss[];
  /** Per loss, its largest coefficient in the group before the move: what colours and bars are a share of. */
  readonly largest: Readonly<Record<EveryLoss, number>>;
}

/** The group that is looked at under every loss, after the move. */
export function useWeighed(batch: StepBatch): Weighed {
  const view = useRunView();
  const groupAt = placeIn(batch.groups, view.group, ({ answers }) => hasSignal(answers));
  const group = batch.groups[groupAt];
  const answerAt = placeIn(group.answers, view.answer, ({ advantage }) => advantage > 0);
  const answer = group.answers[answerAt];
  const tokenAt = Math.min(view.token ?? leastLikely(answer.old), answer.old.length - 1);
  const still = useMemo(() => weigh(batch, group, 0, 'update').losses, [batch, group]);
  const { by, amount } = view.move;
  const { logp, losses } = useMemo(
    () => weigh(batch, group, amount, by),
    [batch, group, amount, by],
  );
  const largest = useMemo(() => largestOf(still), [still]);
  return { groupAt, group, answerAt, answer, tokenAt, logp, losses, largest };
}

function weigh(
  { size, settings, trained }: StepBatch,
  { answers }: BatchGroup,
  amount: number,
  by: 'update' | 'sign' | 'alike',
) {
  const logp = answers.map((answer) => moved(answer, { by, amount }));
  const losses = underEveryLoss(answers, logp, size, (loss) =>
    settingsUnder(loss, settings, trained),
  );
  return { logp, losses };
}

function largestOf(losses: readonly UnderLoss[]): Readonly<Record<EveryLoss, number>> {
  const each = losses.map(({ loss, answers }) => {
    const sizes = answers.flatMap(({ coefficients }) => Array.from(coefficients, Math.abs));
    return [loss, sizes.reduce((a, b) => Math.max(a, b), 0)] as const;
  });
  return Object.fromEntries(each) as Record<EveryLoss, number>;
}

/** The wanted place, or the first that says something, or the first. */
function placeIn<T>(list: readonly T[], wanted: number | null, says: (one: T) => boolean): number {
  if (wanted !== null) return Math.min(wanted, list.length - 1);
  return Math.max(0, list.findIndex(says));
}

const hasSignal = (answers: readonly BatchAnswer[]) =>
  answers.some(({ advantage }) => advantage !== 0);

/** The token that says most: the most surprising one. */
function leastLikely(logp: readonly number[]): number {
  return logp.reduce((least, value, t) => (value < logp[least] ? t : least), 0);
}
