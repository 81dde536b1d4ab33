/** The report of a step that samples completions: its metrics row in one fixed order, and samples for people to read. */
import { mean } from '../evaluate/statistics.ts';
import { mannerMetrics, mannerRecord, readManner } from '../manner.ts';
import type { CombinedRewards } from '../rewards/combine.ts';
import type { Completion } from '../rewards/reward.ts';
import { sampleGroups } from '../samples.ts';
import { lengthMetrics } from '../step-metrics.ts';
import type { TokenRows } from '../token-numbers.ts';
import type { Metrics, Step, StepReport } from './method.ts';

/** A step's completions, and what a method made of them. */
export interface Rollouts {
  readonly completions: readonly Completion[];
  readonly rewards: CombinedRewards;
  /** One per completion: its advantage, or the mean over its tokens. */
  readonly advantages: ArrayLike<number>;
  /** Numbers of single tokens: `ref_logprob`, `advantage`, `value`. token-numbers.ts says what the names mean. */
  readonly perToken: TokenRows;
  /** The first and the last part of the row: of the rewards, and of the update. */
  readonly before: Metrics;
  readonly after: Metrics;
}

/** The row under the names of TRL 1.13, and the first groups of the step with everything that the sample browser shows. */
export function reportRollouts(step: Step, rollouts: Rollouts): StepReport {
  const { completions, rewards, advantages, perToken, before, after } = rollouts;
  const verdicts = step.verdicts(completions);
  const judged = verdicts.filter((verdict) => verdict !== null);
  const manners = completions.map((c) => readManner(step.task, c.question, c, step.tokenizer));
  return {
    metrics: {
      ...before,
      ...rewards.metrics,
      ...(judged.length > 0 && { accuracy: mean(judged.map((v) => Number(v.correct))) }),
      ...mannerMetrics(step.task, manners, verdicts),
      ...lengthMetrics(completions),
      ...after,
    },
    samples: sampleGroups(step.index + 1, step.sampleGroups, step.tokenizer, {
      completions,
      verdicts,
      manners: manners.map((manner) => mannerRecord(step.task, manner)),
      rewards,
      advantages,
      perToken,
    }),
    tokens: tokensOf(completions),
  };
}

/** Tokens of prompts and completions. */
export function tokensOf(completions: readonly Completion[]): number {
  return completions.reduce((sum, c) => sum + c.promptIds.length + c.completionIds.length, 0);
}
