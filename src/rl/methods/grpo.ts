/**
 * GRPO and its relatives: an answer is judged by how much better it is than the other answers to its question.
 *
 * Source: DeepSeekMath (Shao et al. 2024, arXiv 2402.03300), section 4.1; `LossType` names the relatives. The loss and its
 * derivatives are in `objectives/objective.ts`.
 */
import { constant, type Example, exampleOf } from '../learn/example.ts';
import type { Scored } from '../learn/learn.ts';
import { columnOf, exampleOfLine, offlineGradient, tokensOf } from '../learn/offline.ts';
import { samplerGap } from '../learn/sampler-gap.ts';
import { groupAdvantages } from '../objectives/advantage.ts';
import { prepareAggregation } from '../objectives/aggregation.ts';
import { objectiveMetrics, type SequenceTotals } from '../objectives/metrics.ts';
import { tokenCoefficients } from '../objectives/objective.ts';
import { isMasked, type ObjectiveSettings } from '../objectives/settings.ts';
import type { Completion } from '../rewards/reward.ts';
import { grpoSettings } from './grpo-settings.ts';
import { defineMethod, type Step } from './method.ts';
import { givenAdvantages } from './offline-advantages.ts';
import { type Rollouts, reportRollouts } from './report.ts';
import { clippingContradictions, scheduleContradictions } from './settings.ts';

export const grpo = defineMethod({
  label: 'GRPO',
  description: 'Compares the answers to one question with each other.',
  options: grpoSettings,
  rewarded: true,
  needs: ({ beta }) => ({ policy: { reference: beta !== 0 } }),
  charts: (settings) => ({
    ratio: settings.num_iterations === 1 ? 'always-1' : 'moves',
    ...{ reference: settings.beta !== 0, values: false, groups: true },
    lossNote: lossNote(settings),
  }),
  completions: (settings) => settings.prompts_per_step * settings.num_generations,
  contradictions: (settings) => [
    ...clippingContradictions(settings),
    ...scheduleContradictions(settings),
  ],

  async step(step, settings) {
    const completions = await step.sample(settings.num_generations);
    const rewards = await step.reward(completions);
    const { advantages, metrics } = groupAdvantages(
      rewards.totals,
      settings.num_generations,
      settings.scale_rewards,
    );
    const rows = completions.map(({ completionIds: { length } }, i) =>
      constant(advantages[i], length),
    );
    const { perToken, after } = await learnFrom(step, completions, rows, settings);
    return reportRollouts(step, {
      ...{ completions, rewards, advantages, before: metrics, perToken, after },
    });
  },

  offline(lines, settings) {
    const { advantages, metrics } = givenAdvantages(lines, settings.scale_rewards);
    const examples = lines.map((line, i) => {
      if (settings.beta !== 0) columnOf(line, 'ref');
      if (settings.entropy_coef !== 0) columnOf(line, 'entropy');
      return exampleOfLine(line, { advantage: constant(advantages[i], tokensOf(line)) });
    });
    const loss = grpoLoss(settings);
    const gradient = offlineGradient(lines, examples, loss.of);
    return { ...gradient, metrics: { ...metrics, ...loss.metrics(1) } };
  },
});

/**
 * The policy's update on its own completions.
 * @param advantages one row per completion, one number per token
 * @returns the last part of the metrics row, and the reference's log-probs where there is one
 */
export async function learnFrom(
  step: Step,
  completions: readonly Completion[],
  advantages: readonly ArrayLike<number>[],
  settings: ObjectiveSettings & {
    readonly num_iterations: number;
    readonly learning_rate: number;
  },
): Promise<Pick<Rollouts, 'perToken' | 'after'>> {
  // Completions without signal teach nothing, unless other terms of the loss do.
  const { beta, entropy_coef, num_iterations: passes } = settings;
  const plain = completions.map((completion, i) => {
    const {
      truncated,
      completionIds: { length },
    } = completion;
    return {
      ...exampleOf(completion, { advantage: advantages[i] }),
      weightless:
        isMasked({ length, truncated }, settings) ||
        (beta === 0 && entropy_coef === 0 && Array.from(advantages[i]).every((a) => a === 0)),
    };
  });
  const examples = beta === 0 ? plain : await step.withReference(plain);
  const loss = grpoLoss(settings);
  // In the first pass the policy is the one that sampled: every ratio is exactly 1.
  const { updates, logprobs } = await step.learn(examples, loss.of, { passes, fill: 'old' });
  return {
    perToken: beta === 0 ? {} : { ref_logprob: examples.map((e) => e.columns.ref) },
    after: {
      ...loss.metrics(passes),
      grad_norm: updates.reduce((sum, u) => sum + u.gradNorm / passes, 0),
      learning_rate: step.rate(settings.learning_rate),
      ...samplerGap(
        completions.map((completion) => completion.logprobs),
        logprobs,
      ),
    },
  };
}

/**
 * What the value of the loss says. While every ratio is 1, a token's share of it is its weight times minus the advantage of its
 * answer, and the advantages of a group add up to 0; so the weights decide.
 */
function lossNote(settings: ObjectiveSettings & { readonly num_iterations: number }): string {
  const { loss_type, num_iterations: passes, beta, entropy_coef } = settings;
  const alone = loss_type === 'grpo' || loss_type === 'gspo';
  const exact = alone && passes === 1 && !settings.mask_truncated_completions;
  if (exact && beta === 0 && entropy_coef === 0) return '0 by construction; its gradient is not.';
  if (exact) return 'KL and entropy terms alone: the rest is 0, its gradient is not.';
  return ODD_LOSSES[loss_type];
}

const ODD_LOSSES: Readonly<Record<ObjectiveSettings['loss_type'], string>> = {
  grpo: 'Starts near 0 by construction; its gradient does not.',
  gspo: 'Starts near 0 by construction; its gradient does not.',
  bnpo: 'Not 0: a longer answer counts with more tokens. Watch the reward.',
  dapo: 'Not 0: a longer answer counts with more tokens. Watch the reward.',
  dr_grpo: 'Not 0: the divisor is fixed, so a longer answer counts more. Watch the reward.',
  cispo: 'Log-probs times advantages: not 0, and no measure of success.',
};

/** The loss of `tokenCoefficients` in the form of the training loop, with metrics over every call. */
export function grpoLoss(settings: ObjectiveSettings) {
  const totals: SequenceTotals[] = [];
  const of = (update: readonly Example[]) => {
    const lengths = update.map((e) => ({ length: e.completion.length, truncated: e.truncated }));
    const { weights, activeTokens } = prepareAggregation(lengths, settings);
    const weightOf = new Map(update.map((example, i) => [example, weights[i]]));
    return ({ examples, spans, logp, entropy, column }: Scored) => {
      const [old, ref, advantages] = [column('old'), column('ref'), column('advantage')];
      const result = tokenCoefficients(
        {
          sequences: spans.map((span, i) => ({
            ...{ ...span, advantage: 0, truncated: examples[i].truncated },
          })),
          ...{ logp, entropy, advantages: advantages ?? [] },
          ...(old && { old }),
          ...(ref && { ref }),
        },
        settings,
        { weights: examples.map((example) => weightOf.get(example) ?? 0), activeTokens },
      );
      for (const one of result.totals) totals.push(one);
      return result;
    };
  };
  return { of, metrics: (passes: number) => objectiveMetrics(totals, settings, passes) };
}
