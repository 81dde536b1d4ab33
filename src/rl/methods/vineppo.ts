/**
 * VinePPO: PPO without a learned critic. After every step of the reasoning the policy continues the answer several times, and the mean
 * reward of these continuations is the value of that state. A step is judged by how much it raises the value.
 *
 * Source: VinePPO (Kazemnejad et al. 2024, arXiv 2410.01679), section 4, eq. 5 and 6, with gamma = lambda = 1; the loss is PPO's, a mean
 * over tokens (`grpoLoss` with `dapo`).
 */
import { flag, number } from '../experiment/field.ts';
import { headed } from '../experiment/structure.ts';
import { constant, exampleOf } from '../learn/example.ts';
import { columnOf, exampleOfLine, offlineGradient, tokensOf } from '../learn/offline.ts';
import { samplerGap } from '../learn/sampler-gap.ts';
import { groupAdvantages } from '../objectives/advantage.ts';
import { momentsOf, whiten } from '../objectives/ppo/moments.ts';
import { stepCuts } from '../rewards/transfer/cut.ts';
import { grpoLoss } from './grpo.ts';
import { type Begun, defineMethod, type Step } from './method.ts';
import { givenAdvantages } from './offline-advantages.ts';
import { epochs } from './ppo-settings.ts';
import { reportRollouts } from './report.ts';
import { clipping, clippingContradictions, common, scheduleContradictions } from './settings.ts';

const vineSettings = {
  ...headed('Batch', {
    num_generations: number({
      label: 'Completions per question',
      help: 'How many completions each question gets. Their mean reward is the value of the question itself, so at least 2.',
      unit: 'completions',
      min: 2,
      max: 128,
      integer: true,
      default: 8,
    }),
  }),
  ...headed('VinePPO', {
    num_mc_samples: number({
      label: 'Continuations per step',
      help: 'How often the policy goes on from each step of each answer, to learn what that state is worth. The paper takes 9; each costs a generation.',
      unit: 'continuations',
      min: 1,
      max: 32,
      integer: true,
      default: 4,
      source: 'paper',
      original: 9,
    }),
  }),
  ...epochs,
  ...headed('VinePPO', {
    whiten_advantages: flag({
      label: 'Whiten advantages',
      help: 'Brings the token advantages of a step to mean 0 and deviation 1.',
      default: true,
    }),
  }),
  ...clipping,
  ...common,
};

export const vineppo = defineMethod({
  label: 'VinePPO',
  description: 'Values every step by going on from it, and compares with that. No critic.',
  options: vineSettings,
  rewarded: true,
  needs: ({ beta }) => ({ policy: { reference: beta !== 0 }, continues: true }),
  charts: (settings) => ({
    ratio: settings.num_ppo_epochs * settings.num_mini_batches === 1 ? 'always-1' : 'moves',
    ...{ reference: settings.beta !== 0, values: false, groups: false },
    lossNote: settings.whiten_advantages
      ? 'Starts near 0: whitened advantages have mean 0. Its gradient does not.'
      : 'Starts at minus the mean advantage, and is no measure of success.',
    own: [{ column: 'value/mean', title: 'Value of steps', unit: 'mean reward' }],
  }),
  completions: (settings) => settings.prompts_per_step * settings.num_generations,
  contradictions: (settings) => {
    const { num_mc_samples: tries, prompts_per_step, num_generations } = settings;
    const room = prompts_per_step * num_generations;
    const many = `is ${tries}; a step has room for ${room} completions at once`;
    return [
      ...(tries > room ? [{ key: 'num_mc_samples', message: many }] : []),
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

    const states = statesOf(step, completions);
    const tries = settings.num_mc_samples;
    const continued = await step.goOn(states, tries);
    const { totals } = await step.reward(continued, { learn: false });
    const found = states.map((_, s) => meanOf(totals.slice(s * tries, (s + 1) * tries)));
    const rows = completions.map((completion, i) => {
      const own = states.flatMap(({ completion: of, at }, s) =>
        of === completion ? [{ at, value: found[s] }] : [],
      );
      const group = completions.flatMap((c, k) =>
        c.group === completion.group ? [rewards.totals[k]] : [],
      );
      const start = { at: 0, value: meanOf(group) };
      return stepAdvantages([start, ...own], rewards.totals[i], completion.completionIds.length);
    });
    const advantages = settings.whiten_advantages ? whiten(rows) : rows;

    const plain = completions.map((c, i) => exampleOf(c, { advantage: advantages[i] }));
    const examples = settings.beta === 0 ? plain : await step.withReference(plain);
    const old = await step.score(examples);
    const loss = vineLoss(settings);
    const { updates } = await step.learn(
      examples.map((example, i) => ({
        ...example,
        columns: { ...example.columns, old: old.logprobs[i] },
      })),
      loss.of,
      {
        passes: settings.num_ppo_epochs,
        shuffle: { stream: 'vineppo/minibatches', minibatches: settings.num_mini_batches },
      },
    );
    return reportRollouts(step, {
      ...{ completions, rewards, before: { reward, reward_std } },
      advantages: advantages.map((row) => momentsOf([row]).mean),
      perToken: {
        ...(settings.beta !== 0 && { ref_logprob: examples.map((e) => e.columns.ref) }),
        advantage: advantages,
      },
      after: {
        ...loss.metrics(Math.max(1, updates.length)),
        grad_norm: updates.reduce((sum, u) => sum + u.gradNorm, 0) / Math.max(1, updates.length),
        'value/mean': momentsOf([found]).mean,
        'value/states': states.length,
        'advantages/std': Math.sqrt(momentsOf(rows).variance),
        learning_rate: step.rate(settings.learning_rate),
        ...samplerGap(
          completions.map((completion) => completion.logprobs),
          old.logprobs,
        ),
      },
    });
  },

  offline(lines, settings) {
    // Rewards alone say nothing of steps: then an answer is one step, compared with the mean of its group.
    const said = lines.every(({ columns }) => columns.advantages);
    const { advantages } = said ? { advantages: [] } : givenAdvantages(lines, 'none');
    const examples = lines.map((line, i) => {
      if (settings.beta !== 0) columnOf(line, 'ref');
      if (settings.entropy_coef !== 0) columnOf(line, 'entropy');
      const each = line.columns.advantages ?? constant(advantages[i], tokensOf(line));
      return exampleOfLine(line, { advantage: each });
    });
    const loss = vineLoss(settings);
    return { ...offlineGradient(lines, examples, loss.of), metrics: { ...loss.metrics(1) } };
  },
});

const vineLoss = (
  settings: Omit<Parameters<typeof grpoLoss>[0], 'loss_type' | 'importance_sampling_level'>,
) => grpoLoss({ ...settings, loss_type: 'dapo', importance_sampling_level: 'token' });

/** The states to continue from: the ends of all steps of the answers but the last ones. */
function statesOf(step: Step, completions: readonly Begun['completion'][]): Begun[] {
  const decode = (ids: readonly number[]) => step.tokenizer.decode([...ids]);
  return completions.flatMap((completion) =>
    stepCuts(completion, step.task.stepBoundaries(completion.text), decode)
      .filter((at) => at > 0)
      .map((at) => ({ completion, at })),
  );
}

/** Mean over what could be scored; 0 where nothing could. */
function meanOf(totals: readonly (number | null)[]): number {
  const known = totals.filter((total) => total !== null);
  return known.length === 0 ? 0 : known.reduce((sum, total) => sum + total, 0) / known.length;
}

/**
 * A_t = V(next state) - V(own state) for every token of a step. The state after the last step is worth the answer's own reward.
 * @param states where each step begins (in tokens, ascending from 0), with the value there
 * @param total the answer's reward; null where it could not be scored: nothing is then learned from it
 * @returns one per token
 */
export function stepAdvantages(
  states: readonly { readonly at: number; readonly value: number }[],
  total: number | null,
  tokens: number,
): Float64Array<ArrayBuffer> {
  const advantages = new Float64Array(tokens);
  if (total === null) return advantages;
  states.forEach(({ at, value }, s) => {
    const next = states[s + 1];
    advantages.fill((next?.value ?? total) - value, at, next?.at ?? tokens);
  });
  return advantages;
}
