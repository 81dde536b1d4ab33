/**
 * PPO: a critic learns the value of the state before every token. A token is judged by how much better the rest of the answer turns out
 * than that value.
 *
 * Source: Schulman et al. 2017 (arXiv 1707.06347); settings and metrics are named as in the PPOTrainer of TRL 1.10. Token rewards, advantages and
 * returns are in `objectives/ppo/estimates.ts`, the loss and its derivatives in `objectives/ppo/loss.ts`.
 */
import { constant, type Example, exampleOf, withColumns } from '../learn/example.ts';
import type { Scored } from '../learn/learn.ts';
import {
  columnOf,
  exampleOfLine,
  type OfflineLine,
  offlineGradient,
  rewardOf,
  tokensOf,
} from '../learn/offline.ts';
import { samplerGap } from '../learn/sampler-gap.ts';
import { groupAdvantages } from '../objectives/advantage.ts';
import { objectiveMetrics, type SequenceTotals } from '../objectives/metrics.ts';
import { estimate, takesPart } from '../objectives/ppo/estimates.ts';
import { ppoCoefficients, type ValueTotals } from '../objectives/ppo/loss.ts';
import { defineMethod } from './method.ts';
import { ppoSettings } from './ppo-settings.ts';
import { reportRollouts } from './report.ts';
import { clippingContradictions, scheduleContradictions } from './settings.ts';

export const ppo = defineMethod({
  label: 'PPO',
  description: 'Learns a value of every token’s state, and compares with that.',
  options: ppoSettings,
  rewarded: true,
  needs: (settings) => ({
    policy: {
      reference: needsReference(settings),
      scalar: { rows: 'before', trunk: settings.value_detach ? 'detached' : 'shared' },
    },
  }),
  charts: (settings) => {
    const updates = settings.num_ppo_epochs * settings.num_mini_batches;
    const ratio = updates === 1 ? 'always-1' : 'moves';
    const value = `${settings.vf_coef} × the value loss`;
    const lossNote = settings.whiten_advantages
      ? `Starts near ${value}: whitened advantages have mean 0.`
      : `Starts at ${value} less the mean advantage.`;
    return { ratio, reference: needsReference(settings), values: true, groups: false, lossNote };
  },
  completions: (settings) => settings.prompts_per_step * settings.num_generations,
  contradictions: (settings) => {
    const { num_mini_batches: parts } = settings;
    const all = settings.prompts_per_step * settings.num_generations;
    const few = `is ${parts}; a step has only ${all} completions to share among them`;
    return [
      ...(parts > all ? [{ key: 'num_mini_batches', message: few }] : []),
      ...clippingContradictions(settings),
      ...scheduleContradictions(settings),
    ];
  },

  async step(step, settings) {
    const completions = await step.sample(settings.num_generations);
    const rewards = await step.reward(completions);
    const { reward, reward_std } = groupAdvantages(
      rewards.totals,
      settings.num_generations,
      'batch',
    ).metrics;

    // Log-probs and values of the policy that sampled, computed in the same way as in later passes.
    const sampled = completions.map((completion) => exampleOf(completion));
    const withRef = needsReference(settings) ? await step.withReference(sampled) : sampled;
    const ref = needsReference(settings) ? withRef.map(({ columns }) => columns.ref) : null;
    const { logprobs: old, values = [] } = await step.score(withRef);
    const sizes = completions.map((c) => ({
      length: c.completionIds.length,
      truncated: c.truncated,
    }));
    const estimates = estimate(sizes, rewards, { old, values, ref }, settings);

    const examples = withRef
      .map((example, i) =>
        withColumns(example, {
          ...{ old: old[i], old_values: values[i] },
          ...{ advantages: estimates.advantages[i], returns: estimates.returns[i] },
        }),
      )
      .filter((_, i) => takesPart(sizes[i], rewards.totals[i], settings));
    const loss = ppoLoss(settings);
    const { updates } = await step.learn(examples, loss.of, {
      passes: settings.num_ppo_epochs,
      shuffle: { stream: 'ppo/minibatches', minibatches: settings.num_mini_batches },
      scalarRate: settings.value_learning_rate,
    });
    return reportRollouts(step, {
      ...{ completions, rewards, advantages: estimates.meanAdvantages },
      perToken: {
        ...(ref && { ref_logprob: ref }),
        ...{ advantage: estimates.advantages, value: values },
      },
      before: { reward, reward_std },
      after: {
        ...loss.metrics(updates),
        ...estimates.metrics,
        learning_rate: step.rate(settings.learning_rate),
        value_learning_rate: step.rate(settings.value_learning_rate),
        ...samplerGap(
          completions.map((completion) => completion.logprobs),
          old,
        ),
      },
    });
  },

  offline(given, settings) {
    const lines = given.map(asSampled);
    const known = lines.every(({ columns }) => columns.advantages && columns.returns);
    const totals = lines.map((line) => (known ? 0 : rewardOf(line)));
    const { columns, metrics } = known
      ? { columns: [], metrics: {} }
      : estimateLines(lines, totals, settings);
    const active = lines.flatMap((line, i) =>
      takesPart(sizeOf(line), totals[i], settings) ? [i] : [],
    );
    const own = active.map((i) => lines[i]);
    const examples = active.map((i) => {
      if (settings.beta !== 0) columnOf(lines[i], 'ref');
      if (settings.entropy_coef !== 0) columnOf(lines[i], 'entropy');
      return exampleOfLine(lines[i], columns[i]);
    });
    const loss = ppoLoss(settings);
    const gradient = offlineGradient(own, examples, loss.of);
    const placeOf = new Map(active.map((i, place) => [i, place]));
    const place = (rows: readonly (readonly number[])[] = []) =>
      lines.map(
        (line, i) => rows[placeOf.get(i) ?? -1] ?? new Array<number>(tokensOf(line)).fill(0),
      );
    return {
      loss: gradient.loss,
      coefficients: place(gradient.coefficients),
      entropyCoefficients: place(gradient.entropyCoefficients),
      valueCoefficients: place(gradient.valueCoefficients),
      metrics: { ...metrics, ...loss.metrics([{ gradNorm: 0 }], false) },
    };
  },
});

/** True where a step has to score its completions under the frozen reference. */
function needsReference(settings: { readonly beta: number; readonly kl_coef: number }): boolean {
  return settings.beta !== 0 || settings.kl_coef !== 0;
}

/** A line with what it leaves out: the policy and its values are those that sampled, and an advantage is every token's. */
function asSampled(line: OfflineLine): OfflineLine {
  const values = columnOf(line, 'values');
  const each = line.advantage !== undefined && constant(line.advantage, tokensOf(line));
  const { logp } = line.columns;
  const columns = { old: logp, old_values: values, ...(each && { advantages: each }) };
  return { ...line, columns: { ...columns, ...line.columns } };
}

const sizeOf = (line: OfflineLine) => ({ length: tokensOf(line), truncated: line.truncated });

/** Advantages and returns of the given lines, computed from their rewards. */
function estimateLines(
  lines: readonly OfflineLine[],
  totals: readonly (number | null)[],
  settings: Parameters<typeof estimate>[3] & { readonly beta: number; readonly kl_coef: number },
) {
  const estimates = estimate(
    lines.map(sizeOf),
    { totals },
    {
      old: lines.map((line) => columnOf(line, 'old')),
      values: lines.map((line) => columnOf(line, 'old_values')),
      ref: needsReference(settings) ? lines.map((line) => columnOf(line, 'ref')) : null,
    },
    settings,
  );
  const columns = lines.map((_, i) => ({
    advantages: estimates.advantages[i],
    returns: estimates.returns[i],
  }));
  return { columns, metrics: estimates.metrics };
}

/** The loss of `ppoCoefficients` in the form of the training loop: a mean over the tokens of a minibatch. */
export function ppoLoss(settings: PpoLossSettings) {
  const policy: SequenceTotals[] = [];
  const values: ValueTotals[] = [];
  const of = (update: readonly Example[]) => {
    const tokens = update.reduce((sum, { completion }) => sum + completion.length, 0);
    return (part: Scored) => {
      const need = (name: string) => part.column(name) ?? new Float64Array(part.logp.length);
      const ref = part.column('ref');
      const result = ppoCoefficients(
        {
          ...{ sequences: part.spans, logp: part.logp, entropy: part.entropy },
          ...{ values: part.values ?? [], old: need('old'), oldValues: need('old_values') },
          ...{ advantages: need('advantages'), returns: need('returns') },
          ...(ref && { ref }),
        },
        settings,
        tokens,
      );
      for (const one of result.totals) policy.push(one);
      for (const one of result.valueTotals) values.push(one);
      return result;
    };
  };
  return {
    of,
    metrics: (updates: readonly Norms[], norms = true) =>
      ppoMetrics(policy, values, updates, settings, norms),
  };
}

type PpoLossSettings = Parameters<typeof ppoCoefficients>[1];

interface Norms {
  readonly gradNorm: number;
  readonly valueGradNorm?: number;
}

/** Means over the step's updates, under GRPO's names and under those of the PPOTrainer of TRL 1.10. */
function ppoMetrics(
  policy: readonly SequenceTotals[],
  values: readonly ValueTotals[],
  updates: readonly Norms[],
  settings: PpoLossSettings,
  norms: boolean,
): Record<string, number> {
  const count = Math.max(1, updates.length);
  const common = objectiveMetrics(
    policy,
    { ...settings, loss_type: 'dapo', importance_sampling_level: 'token' },
    count,
  );
  const sum = (of: (row: ValueTotals) => number) =>
    values.reduce((total, row) => total + of(row), 0);
  const tokens = Math.max(
    1,
    sum((row) => row.tokens),
  );
  const mean = (of: (update: Norms) => number) =>
    updates.reduce((total, update) => total + of(update), 0) / count;
  const valueLoss = sum((row) => row.loss) / count;
  return {
    ...common,
    loss: common.loss + settings.vf_coef * valueLoss,
    ...(norms && { grad_norm: mean(({ gradNorm }) => gradNorm) }),
    'loss/policy_avg': common.policy_loss,
    'loss/value_avg': valueLoss,
    'val/clipfrac_avg': sum((row) => row.clipped) / tokens,
    'policy/clipfrac_avg': common['clip_ratio/region_mean'] ?? 0,
    'policy/approxkl_avg': sum((row) => row.approxKl) / tokens,
    'policy/entropy_avg': common.entropy ?? 0,
    ...(norms && { 'value/grad_norm': mean(({ valueGradNorm = 0 }) => valueGradNorm) }),
  };
}
