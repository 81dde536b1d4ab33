/**
 * AIRL: the policy learns from a reward that is itself learned. A discriminator (by default a copy of the policy, with one linear unit) tells experts' traces from the
 * policy's; its logit at a token, clipped, is the reward there, and the policy learns to be taken for the expert. Both learn in turns. No verifier pays
 * anybody, unless label switching is on, which is a control.
 *
 * Source: AIRL for reasoning; the order of the updates, the clip, the smoothing and both forms of advantage are those of its code. The update of
 * the policy is GRPO's. The loss in pairs is that of GAD.
 */
import { parseModelConfig } from '../../model/config.ts';
import { discriminatorLoss } from '../airl/discriminator-learning.ts';
import { discountedAdvantages, meanAdvantages, meanRewards } from '../airl/returns.ts';
import { placesOf, tokenRewards } from '../airl/token-rewards.ts';
import type { Values } from '../experiment/field.ts';
import { exampleOf } from '../learn/example.ts';
import { type CombinedRewards, meanOf, stdOf } from '../rewards/combine.ts';
import type { Completion } from '../rewards/reward.ts';
import { airlCharts } from './airl-charts.ts';
import { kept, type Lessons, lessonsOf, lessonsOfStep, ROLLOUTS } from './airl-lessons.ts';
import { airlOffline } from './airl-offline.ts';
import { airlSettings } from './airl-settings.ts';
import { expertTraces, flawless, traceObjections } from './expert-traces.ts';
import { grpo, learnFrom } from './grpo.ts';
import { type Contradiction, defineMethod, type Metrics, type Step } from './method.ts';
import { reportRollouts } from './report.ts';

type Settings = Values<typeof airlSettings>;

const DISCRIMINATOR = 'discriminator';

/** A discriminator that is no copy of the policy. It reads what the bundled policies read. */
const OWN_TRUNK = parseModelConfig({
  ...{ model_type: 'llama', vocab_size: 64, hidden_size: 32, num_hidden_layers: 2 },
  ...{ num_attention_heads: 2, intermediate_size: 88, max_position_embeddings: 256 },
  ...{ pad_token_id: 0, bos_token_id: 1, eos_token_id: 2 },
});

export const airl = defineMethod({
  label: 'AIRL',
  description: 'Learns a reward from experts’ traces, and the policy from that reward.',
  options: airlSettings,
  rewarded: false,
  needs: (settings) => ({
    ...grpo.needs(settings),
    learners: {
      [DISCRIMINATOR]: {
        rate: 'reward_learning_rate',
        tokenHead: false,
        reward: { reading: settings, experts: expertTraces(flawless(settings)) },
        scalar: {
          rows: 'at',
          trunk: settings.reward_trunk === 'frozen' ? 'detached' : 'shared',
        },
        ...(settings.reward_trunk === 'own' && { from: { model: OWN_TRUNK, seed: 0 } }),
      },
    },
    stores: { [ROLLOUTS]: settings.replay_capacity },
    examples: lessonsOfStep(settings),
    pairs: settings.reward_loss === 'pairwise',
  }),
  tokenRewards: ({ gamma, center_rewards }) => ({ gamma, center_rewards }),
  charts: airlCharts,
  completions: (settings) => settings.prompts_per_step * settings.num_generations,
  contradictions: (settings) => [
    ...(grpo.contradictions?.(settings) ?? []),
    ...airlContradictions(settings),
  ],
  objections: (task, settings) => [
    ...(settings.label_switching && !task.verify
      ? [{ key: 'label_switching', message: `is true; the task ${task.id} has no verifier` }]
      : []),
    ...traceObjections(task, flawless(settings)),
  ],
  remarks: ({ reward_warmup_steps: alone }, steps) =>
    steps <= alone
      ? [
          {
            title: 'The policy will not be trained',
            text: `In the first ${alone} steps the discriminator learns alone, and the run has ${steps}. What comes of it is a reward model; more steps would train the policy too.`,
          },
        ]
      : [],

  async step(step, settings) {
    const completions = await step.sample(settings.num_generations);
    const lessons = lessonsOf(step, completions, settings);
    const alone = step.index < settings.reward_warmup_steps;
    const learns = alone || !settings.freeze_reward;
    const teach = () => (learns ? teachDiscriminator(step, lessons, settings) : {});
    const before =
      settings.reward_order === 'score_first' ? await judge(step, completions, settings) : null;
    const taught = await teach();
    const judged = before ?? (await judge(step, completions, settings));
    step.store(ROLLOUTS).add(step.index, kept(step, completions, settings));

    const grouping = { groupSize: settings.num_generations, centred: settings.center_rewards };
    const advantages =
      settings.advantage_form === 'mean'
        ? meanAdvantages(judged.rewards, settings.scale_rewards, grouping)
        : discountedAdvantages(judged.rewards, settings.gamma, grouping);
    const update = alone
      ? { perToken: {}, after: { learning_rate: 0 } }
      : await learnFrom(step, completions, advantages.rows, settings);
    return reportRollouts(step, {
      ...{ completions, rewards: judged.combined, advantages: advantages.means },
      perToken: {
        ...update.perToken,
        ...(settings.advantage_form === 'token' && { advantage: advantages.rows }),
        learned_logit: judged.logits,
        learned_reward: judged.rewards,
      },
      before: advantages.metrics,
      after: { ...judged.metrics, ...taught, ...update.after },
    });
  },

  offline: airlOffline,
});

function airlContradictions(settings: Settings): Contradiction[] {
  const contradictions: Contradiction[] = [];
  const refuse = (key: string, message: string) => contradictions.push({ key, message });
  const shared = settings.loss_type === 'gspo' || settings.importance_sampling_level === 'sequence';
  if (settings.advantage_form === 'token' && shared)
    refuse(
      'advantage_form',
      'is token; a ratio of the whole completion has one advantage: allowed is mean',
    );
  if (settings.reward_loss === 'pairwise' && settings.granularity !== 'sparse')
    refuse(
      'granularity',
      `is ${settings.granularity}; pairs are compared at the last token: allowed is sparse`,
    );
  if (settings.reward_loss === 'pairwise' && settings.label_switching)
    refuse('label_switching', 'is true; pairs have no labels to switch: allowed is false');
  if (settings.freeze_reward && settings.reward_warmup_steps === 0)
    refuse(
      'freeze_reward',
      'is true, but the discriminator has no steps of its own: allowed is false',
    );
  if (settings.reward_trunk === 'frozen' && settings.weight_decay > 0)
    refuse(
      'weight_decay',
      `is ${settings.weight_decay}; it would shrink the frozen trunk: allowed is 0`,
    );
  return contradictions;
}

/** The discriminator's updates. Where a class is missing there is nothing to learn, and it stays as it is. */
async function teachDiscriminator(
  step: Step,
  { examples, metrics }: Lessons,
  settings: Settings,
): Promise<Metrics> {
  if (examples.length === 0) return metrics;
  const loss = discriminatorLoss(settings);
  const { updates } = await step.learn(
    examples,
    loss.of,
    { passes: settings.reward_updates, scalarRate: settings.reward_learning_rate },
    DISCRIMINATOR,
  );
  const norm = (of: (update: (typeof updates)[number]) => number) =>
    updates.reduce((sum, update) => sum + of(update), 0) / updates.length;
  return {
    ...loss.metrics(),
    ...metrics,
    'discriminator/grad_norm': norm(({ gradNorm }) => gradNorm),
    'discriminator/head_grad_norm': norm(({ valueGradNorm = 0 }) => valueGradNorm),
  };
}

interface Judged {
  /** One row per completion: the logit at each token; null without tokens. */
  readonly logits: readonly (Float32Array | null)[];
  /** The reward of each token: clipped where it is read, and filled back. */
  readonly rewards: readonly (Float64Array | null)[];
  readonly combined: CombinedRewards;
  readonly metrics: Metrics;
}

/** What the discriminator as it is now pays for each token. */
async function judge(
  step: Step,
  completions: readonly Completion[],
  settings: Settings,
): Promise<Judged> {
  const clip = settings.reward_clip;
  const own = completions.filter(({ completionIds }) => completionIds.length > 0);
  const { values = [] } = await step.score(
    own.map((completion) => exampleOf(completion)),
    DISCRIMINATOR,
  );
  const logitsOf = new Map(own.map((completion, i) => [completion, values[i]]));
  const logits = completions.map((completion) => logitsOf.get(completion) ?? null);
  let read = 0;
  let clipped = 0;
  const rewards = completions.map((completion, i) => {
    const row = logits[i];
    if (row === null) return null;
    const places = placesOf(step, completion, settings);
    read += places.length;
    clipped += places.filter((place) => Math.abs(row[place]) >= clip).length;
    return tokenRewards(row, places, clip);
  });
  const totals = meanRewards(rewards);
  const known = totals.filter((total) => total !== null);
  return {
    ...{ logits, rewards },
    combined: {
      totals,
      terms: new Map([['learned', { values: totals, used: totals.map(() => ({})) }]]),
      metrics: { 'rewards/learned/mean': meanOf(known), 'rewards/learned/std': stdOf(known) },
    },
    metrics: { 'discriminator/clipped': read === 0 ? null : clipped / read },
  };
}
