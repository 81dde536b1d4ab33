/** What AIRL's charts show: the learned reward, and how the discriminator tells the policy from the expert. */
import type { Values } from '../experiment/field.ts';
import type { airlSettings } from './airl-settings.ts';
import type { MethodCharts } from './method.ts';

const REWARD_HELP =
  'The mean over the step’s completions of the discriminator’s clipped logit. Above 0 they look like the expert’s. The discriminator learns on, so the curve ' +
  'does not show how good the policy is. Where it rises while accuracy falls, the policy has found what the discriminator pays by mistake.';

const ACCURACY_HELP =
  'The share of traces that the discriminator tells rightly, experts and all others weighing the same, before it learns from them. One half is a guess: the reward ' +
  'then says nothing. Near 1 it has won.';

export function airlCharts(settings: Values<typeof airlSettings>): MethodCharts {
  const { reward_clip: clip, num_iterations: passes, beta } = settings;
  const pairs = settings.reward_loss === 'pairwise';
  return {
    ...{ ratio: passes === 1 ? 'always-1' : 'moves', reference: beta !== 0, values: false },
    groups: settings.center_rewards,
    lossNote: 'Of the policy alone: no measure of success. Watch the reward and the accuracy.',
    watched: settings.label_switching
      ? 'The verifier labels traces for the discriminator here: label switching is on.'
      : 'The verifier is watched here and pays nobody.',
    main: {
      ...{ column: 'rewards/learned/mean', title: 'Learned reward', unit: 'per completion' },
      levels: [{ value: 0, name: 'as likely the expert’s' }],
      help: REWARD_HELP,
    },
    own: [
      {
        ...{ column: 'discriminator/accuracy', title: 'Told from the expert', share: true },
        ...{ unit: pairs ? 'of pairs' : 'of traces', help: ACCURACY_HELP },
        levels: [{ value: 0.5, name: 'guesses' }],
      },
      { column: 'discriminator/loss', title: 'Discriminator’s loss' },
      {
        ...{ column: 'discriminator/expert', name: 'expert', title: 'Logits', unit: 'mean' },
        beside: [
          { column: 'discriminator/policy', name: 'policy' },
          ...(settings.perturbed_share === 0
            ? []
            : [{ column: 'discriminator/perturbed', name: 'perturbed' }]),
        ],
        help: 'What the discriminator says of experts, of the step’s completions and of perturbed experts, before it learns from them.',
      },
      {
        ...{ column: 'discriminator/clipped', title: 'Rewards at the clip', share: true },
        unit: 'of tokens',
        note: `At ${clip} or -${clip}: there the reward no longer tells completions apart.`,
      },
    ],
  };
}
