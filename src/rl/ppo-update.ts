/** The second half of a step with PPO: from completions and their rewards to advantages, and to new parameters of policy and value. */
import type { Policy, UpdateResult } from '../model/policy.ts';
import type { Experiment, PpoObjective } from './experiment/schema.ts';
import { objectiveMetrics, type SequenceTotals } from './objectives/metrics.ts';
import { ppoCoefficients, type ValueTotals } from './objectives/ppo/loss.ts';
import { learningRate } from './objectives/schedule.ts';
import {
  type BatchPlan,
  byCompletion,
  NotFinite,
  packParts,
  referenceLogprobs,
  SamplerGap,
  type UpdateOutcome,
} from './parts.ts';
import { type Estimates, estimate, type RolloutScores, takesPart } from './ppo-estimates.ts';
import { randomStream } from './random.ts';
import type { CombinedRewards } from './rewards/combine.ts';
import type { Completion } from './rewards/reward.ts';

/** True where the step has to score its completions under the frozen reference. */
export function needsReference({ objective }: Experiment): boolean {
  return objective.beta !== 0 || (objective.algorithm === 'ppo' && objective.kl_coef !== 0);
}

/**
 * Scores the completions as they were sampled, makes token rewards and advantages of that once, and goes through them
 * `num_ppo_epochs` times in `num_mini_batches` shuffled parts, an update each. The shuffles follow from the seed, the step and the
 * epoch. Completions without a reward, and truncated ones where those are masked, have no part in it.
 * @param step number of the training step, from 0
 * @param onSnapshot called when the policy's state before this step's first update has been copied, to roll back to
 * @throws NotFinite
 */
export async function updateByPpo(
  policy: Policy,
  experiment: Experiment & { readonly objective: PpoObjective },
  completions: readonly Completion[],
  rewards: Pick<CombinedRewards, 'totals' | 'tokenTotals'>,
  step: number,
  plan: BatchPlan,
  onSnapshot: () => void,
): Promise<UpdateOutcome> {
  const { objective, seed } = experiment;
  const { scores, gap } = await scoreRollout(policy, experiment, completions, plan);
  const estimates = estimate(completions, rewards, scores, objective);
  const active = [...completions.keys()].filter((i) =>
    takesPart(completions[i], rewards.totals[i], objective),
  );
  const rates = {
    policy: learningRate(step, { ...objective, max_steps: experiment.steps }),
    value: learningRate(step, {
      ...objective,
      learning_rate: objective.value_learning_rate,
      max_steps: experiment.steps,
    }),
  };
  const sums = new StepSums();
  for (let epoch = 0; epoch < objective.num_ppo_epochs; epoch++) {
    const random = randomStream(seed, 'ppo/minibatches', step, epoch);
    const batches = split(random.shuffle(active), objective.num_mini_batches);
    for (const [b, indices] of batches.entries()) {
      await accumulate(policy, objective, completions, { indices, scores, estimates, plan }, sums);
      if (sums.updates === 0) {
        policy.snapshot();
        onSnapshot();
      }
      const update = await policy.update(
        {
          learningRate: rates.policy,
          beta1: objective.adam_beta1,
          beta2: objective.adam_beta2,
          epsilon: objective.adam_epsilon,
          weightDecay: objective.weight_decay,
          maxGradNorm: objective.max_grad_norm,
          // Counts as if every minibatch were there, so that it follows from the step alone.
          step: (step * objective.num_ppo_epochs + epoch) * objective.num_mini_batches + b + 1,
        },
        rates.value,
      );
      if (!update.finite) throw new NotFinite();
      sums.updated(update);
    }
  }
  return {
    metrics: {
      ...sums.metrics(objective),
      ...estimates.metrics,
      learning_rate: rates.policy,
      value_learning_rate: rates.value,
      ...gap.metrics(),
    },
    refLogprobs: scores.ref?.map((row) => Array.from(row)) ?? null,
    perToken: { value: scores.values, advantage: estimates.advantages },
    advantages: estimates.meanAdvantages,
  };
}

/** Log-probs and values of the policy that sampled, computed as later passes compute theirs. */
async function scoreRollout(
  policy: Policy,
  experiment: Experiment,
  completions: readonly Completion[],
  plan: BatchPlan,
): Promise<{ scores: RolloutScores; gap: SamplerGap }> {
  const gap = new SamplerGap();
  const parts = packParts(completions, [...completions.keys()], plan);
  const found: Record<'old' | 'values' | 'ref', Parameters<typeof byCompletion>[0][number][]> = {
    old: [],
    values: [],
    ref: [],
  };
  for (const part of parts) {
    if (needsReference(experiment))
      found.ref.push({ part, values: await referenceLogprobs(policy, part) });
    const { logprobs, values } = await policy.forward(part.batch);
    if (!values) throw new RangeError('PPO needs a policy with a value head');
    if (![logprobs, values].every((list) => list.every(Number.isFinite))) throw new NotFinite();
    gap.compare(part, completions, logprobs);
    found.old.push({ part, values: logprobs });
    found.values.push({ part, values });
  }
  const rows = (name: keyof typeof found) => byCompletion(found[name], completions.length);
  const scores: RolloutScores = {
    old: rows('old'),
    values: rows('values'),
    ref: needsReference(experiment) ? rows('ref') : null,
  };
  return { scores, gap };
}

/** Cuts a list into at most `count` runs, none empty, whose lengths differ by one at most. */
function split(indices: readonly number[], count: number): number[][] {
  const cuts = Math.min(count, indices.length);
  return Array.from({ length: cuts }, (_, i) =>
    indices.slice(
      Math.floor((i * indices.length) / cuts),
      Math.floor(((i + 1) * indices.length) / cuts),
    ),
  );
}

interface Minibatch {
  readonly indices: readonly number[];
  readonly scores: RolloutScores;
  readonly estimates: Estimates;
  readonly plan: BatchPlan;
}

/** Adds the gradient of one minibatch's loss, which is a mean over its tokens. */
async function accumulate(
  policy: Policy,
  objective: PpoObjective,
  completions: readonly Completion[],
  { indices, scores, estimates, plan }: Minibatch,
  sums: StepSums,
): Promise<void> {
  const tokens = indices.reduce((sum, i) => sum + completions[i].completionIds.length, 0);
  for (const part of packParts(completions, indices, plan)) {
    const { logprobs, entropies, values = new Float32Array() } = await policy.forward(part.batch);
    if (!logprobs.every(Number.isFinite)) throw new NotFinite();
    const flat = (rows: readonly ArrayLike<number>[]) =>
      Float64Array.from(part.items.flatMap(({ index }) => Array.from(rows[index])));
    const result = ppoCoefficients(
      {
        sequences: part.batch.completions,
        logp: logprobs,
        entropy: entropies,
        values,
        old: flat(scores.old),
        oldValues: flat(scores.values),
        advantages: flat(estimates.advantages),
        returns: flat(estimates.returns),
        ...(scores.ref && { ref: flat(scores.ref) }),
      },
      objective,
      1 / tokens,
    );
    if (!Number.isFinite(result.loss)) throw new NotFinite();
    sums.add(result.totals, result.valueTotals);
    await policy.backward(
      result.coefficients,
      result.entropyCoefficients,
      result.valueCoefficients,
    );
  }
}

/** What the updates of a step add up to. */
class StepSums {
  readonly #policy: SequenceTotals[] = [];
  readonly #values: ValueTotals[] = [];
  #gradNorm = 0;
  #valueGradNorm = 0;
  updates = 0;

  add(policy: readonly SequenceTotals[], values: readonly ValueTotals[]): void {
    this.#policy.push(...policy);
    this.#values.push(...values);
  }

  updated({ gradNorm, valueGradNorm = 0 }: UpdateResult): void {
    this.updates += 1;
    this.#gradNorm += gradNorm;
    this.#valueGradNorm += valueGradNorm;
  }

  /** Means over the step's updates, by GRPO's names and by those of TRL's PPOTrainer. */
  metrics(objective: PpoObjective): Record<string, number> {
    const updates = Math.max(1, this.updates);
    const common = objectiveMetrics(
      this.#policy,
      { ...objective, loss_type: 'dapo', importance_sampling_level: 'token' },
      updates,
    );
    const sum = (of: (row: ValueTotals) => number) =>
      this.#values.reduce((total, row) => total + of(row), 0);
    const tokens = Math.max(
      1,
      sum((row) => row.tokens),
    );
    const valueLoss = sum((row) => row.loss) / updates;
    return {
      ...common,
      loss: common.loss + objective.vf_coef * valueLoss,
      grad_norm: this.#gradNorm / updates,
      'loss/policy_avg': common.policy_loss,
      'loss/value_avg': valueLoss,
      'val/clipfrac_avg': sum((row) => row.clipped) / tokens,
      'policy/clipfrac_avg': common['clip_ratio/region_mean'] ?? 0,
      'policy/approxkl_avg': sum((row) => row.approxKl) / tokens,
      'policy/entropy_avg': common.entropy ?? 0,
      'value/grad_norm': this.#valueGradNorm / updates,
    };
  }
}
