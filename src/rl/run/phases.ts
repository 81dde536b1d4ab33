/**
 * A step in phases: what is known of its answers after each, told to somebody who may let it wait. A method does not notice: it calls the
 * same step, whose answers come later. Nothing that is told changes a bit.
 */
import type { Example } from '../learn/example.ts';
import type { Learned } from '../learn/learn.ts';
import type { Step } from '../methods/method.ts';
import type { CompletionRecord, SampleGroup } from '../records.ts';
import type { CombinedRewards } from '../rewards/combine.ts';
import type { Completion } from '../rewards/reward.ts';
import { sampleGroups } from '../samples.ts';
import { lengthMetrics } from '../step-metrics.ts';
import { type Heard, listening } from './passes.ts';

/** In their order. */
export const PHASES = ['sample', 'score', 'advantage', 'update'] as const;
export type Phase = (typeof PHASES)[number];

/** What is known once a phase is over. */
export interface PhaseReport {
  readonly phase: Phase;
  /** The step under way, from 1. */
  readonly step: number;
  /**
   * The groups that the step keeps for people to read, with what is known by now: no rewards before `score`, no advantages before
   * `advantage`. After `update` the tokens have `before` and `after`, log-probs under the policy before and after the update; where it made
   * several passes, also `pass_1`, `pass_2` and so on: as their update in that pass began.
   */
  readonly samples: readonly SampleGroup[];
  /** Of all answers of the step, as in its row: lengths in tokens. */
  readonly lengths: Readonly<Record<string, number>>;
}

export interface PhaseWatch {
  /** Whether the next phase is to be told. */
  readonly wanted: () => boolean;
  /** The step goes on when this resolves. */
  readonly tell: (report: PhaseReport) => Promise<void>;
}

const NO_REWARDS: CombinedRewards = { totals: [], terms: new Map(), metrics: {} };

/**
 * The same step, which tells the first answers of the policy, their first rewards, and the policy's first update.
 * @param waited is called when a wait is over
 */
export function inPhases(step: Step, watch: PhaseWatch, waited: () => void): Step {
  let completions: readonly Completion[] = [];
  let rewards = NO_REWARDS;
  const told = new Set<Phase>();
  /** Whether a phase is told now: each once, and in their order. */
  const due = (phase: Phase) => PHASES[told.size] === phase && watch.wanted();
  const tell = async (phase: Phase, more: Known = {}) => {
    told.add(phase);
    const lengths = lengthMetrics(completions);
    await watch.tell({ phase, step: step.index + 1, lengths, samples: known(phase, more) });
    waited();
  };
  const known = (phase: Phase, { advantages = [], perToken = {} }: Known) => {
    const judged = phase === 'sample' ? completions.map(() => null) : step.verdicts(completions);
    const groups = sampleGroups(step.index + 1, step.sampleGroups, step.tokenizer, {
      ...{ completions, rewards, advantages, perToken, verdicts: judged },
      manners: completions.map(() => null),
    });
    return groups.map((group) => ({
      ...group,
      completions: group.completions.map((record) => withoutUnknown(record, phase)),
    }));
  };
  return {
    ...{ index: step.index, steps: step.steps, seed: step.seed, task: step.task },
    ...{ tokenizer: step.tokenizer, sampleGroups: step.sampleGroups, positions: step.positions },
    async sample(copies, learner) {
      const sampled = await step.sample(copies, learner);
      if ((learner ?? 'policy') === 'policy' && due('sample')) {
        completions = sampled;
        await tell('sample');
      }
      return sampled;
    },
    async reward(scored, more) {
      const combined = await step.reward(scored, more);
      if (scored === completions && due('score')) {
        rewards = combined;
        await tell('score');
      }
      return combined;
    },
    async learn(examples, loss, passes, learner) {
      const policy = (learner ?? 'policy') === 'policy';
      const own = ownExamples(completions, examples);
      const estimates = advantagesOf(examples, own);
      if (policy && due('advantage')) await tell('advantage', estimates);
      const heard = listening(loss);
      const learned = await step.learn(examples, heard.loss, passes, learner);
      if (policy && due('update')) {
        const moved = await movedBy(step, examples, { learned, heard }, own);
        await tell('update', { ...estimates, perToken: { ...estimates.perToken, ...moved } });
      }
      return learned;
    },
    goOn: (begun, copies) => step.goOn(begun, copies),
    write: (request) => step.write(request),
    store: (name) => step.store(name),
    verdicts: (answers) => step.verdicts(answers),
    score: (examples, learner) => step.score(examples, learner),
    withReference: (examples, learner) => step.withReference(examples, learner),
    renew: (learner) => step.renew(learner),
    rate: (peak) => step.rate(peak),
  };
}

type Rows = readonly (ArrayLike<number> | null)[];

interface Known {
  /** Per completion, the mean over its tokens. */
  readonly advantages?: ArrayLike<number>;
  readonly perToken?: Readonly<Record<string, Rows>>;
}

/** Where each completion is among the examples, which hold the same list of tokens; -1 where it has no part in the update. */
function ownExamples(
  completions: readonly Completion[],
  examples: readonly Example[],
): readonly number[] {
  const places = new Map(examples.map(({ completion }, i) => [completion, i]));
  return completions.map(({ completionIds }) => places.get(completionIds) ?? -1);
}

/** The advantages that the examples carry, under either of the names that methods give them. */
function advantagesOf(examples: readonly Example[], own: readonly number[]): Known {
  const rows = own.map((place): ArrayLike<number> | null => {
    const { columns = {} } = examples[place] ?? {};
    return columns.advantage ?? columns.advantages ?? null;
  });
  const mean = (row: ArrayLike<number> | null) =>
    row && row.length > 0 ? Array.from(row).reduce((a, b) => a + b, 0) / row.length : 0;
  const alike = (row: ArrayLike<number> | null) =>
    row === null || Array.from(row).every((one) => one === row[0]);
  return {
    // Equal numbers are their mean, and summing would round them.
    advantages: rows.map((row) => (row && row.length > 0 && alike(row) ? row[0] : mean(row))),
    ...(!rows.every(alike) && { perToken: { advantage: rows } }),
  };
}

async function movedBy(
  step: Step,
  examples: readonly Example[],
  { learned, heard }: { readonly learned: Learned; readonly heard: Heard },
  own: readonly number[],
): Promise<Readonly<Record<string, Rows>>> {
  const after = await step.score(examples);
  const row = (rows: readonly (ArrayLike<number> | undefined)[]) =>
    own.map((place) => (place < 0 ? null : (rows[place] ?? null)));
  const passes = examples.map(({ completion }) => heard.passesOf(completion));
  const count = Math.max(0, ...passes.map(({ length }) => length));
  const each = Array.from({ length: count > 1 ? count : 0 }, (_, i) => {
    const rows = passes.map((ofOne) => ofOne[i]);
    return [passName(i + 1), row(rows)] as const;
  });
  return {
    // What ratios are taken from, where a method gives it.
    before: row(examples.map(({ columns }, i) => columns.old ?? learned.logprobs[i])),
    ...Object.fromEntries(each),
    after: row(after.logprobs),
  };
}

/** What a pass is called among a token's numbers. @param pass from 1 */
export function passName(pass: number): string {
  return `pass_${pass}`;
}

/** The record without what the phase does not know yet. */
function withoutUnknown(record: CompletionRecord, phase: Phase): CompletionRecord {
  const { reward, advantage, ...sampled } = record;
  if (phase === 'sample') return sampled;
  const scored = { ...sampled, ...(reward !== undefined && { reward }) };
  if (phase === 'score') return scored;
  return { ...scored, ...(advantage !== undefined && { advantage }) };
}
