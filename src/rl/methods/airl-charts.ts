/** What AIRL's charts show: the learned reward, and how the discriminator tells the policy from the expert. */
import type { Values } from '../experiment/field.ts';
import type { airlSettings } from './airl-settings.ts';
import { type MethodCharts, WATCHED } from './method.ts';

const REWARD_HELP =
  'The mean over the step’s completions of the discriminator’s clipped logit. Above 0 they look like the expert’s. The discriminator learns on, so the curve ' +
  'does not show how good the policy is. Where it rises while accuracy falls, the policy has found what the discriminator pays by mistake.';

const ACCURACY_HELP =
  'The share of traces that the discriminator tells rightly, experts and all others weighing the same, before it learns from them. One half is a guess: the reward ' +
  'then says nothing. Near 1 it has won.';

const LOSS_HELP =
  'The cross-entropy of its labels, over the places where it reads a trace, experts and all others weighing the same, before it learns from them. A guess ' +
  'costs ln 2, 0.69 nats.';

const PAIR_LOSS_HELP =
  'How little the expert’s logit lies above the policy’s in each pair, before it learns from them. A guess costs ln 2, 0.69 nats.';

const GAP_HELP =
  'The mean logit of experts less that of the step’s completions. At 0 it finds no difference. A gap that closes is either a policy that writes as the expert does, ' +
  'or a discriminator that no longer sees.';

const CALIBRATION_HELP =
  'How far its probability that a trace is the expert’s lies from the share that is, over ten bins of the step’s traces, experts and all others weighing the same, ' +
  'before it learns from them. The probability is the sigmoid of the mean logit. A guess at one half is off by nothing, so read it beside the accuracy.';

const PAIR_CALIBRATION_HELP =
  'How far the sigmoid of the expert’s lead in each pair lies from the share of pairs in which it is ahead, over ten bins, each pair seen from both sides, before it ' +
  'learns from them. A guess is off by nothing, so read it beside the accuracy.';

const LOGITS_HELP =
  'What the discriminator says of experts, of the step’s completions, and of perturbed experts, which are experts’ traces with a mistake put in. All are means over the ' +
  'places where it reads, before it learns from them. Above 0 it takes a trace for the expert’s.';

const aloneText = (steps: number) =>
  steps === 1
    ? 'The reward learns alone in the first step.'
    : `The reward learns alone for the first ${steps} steps.`;

export function airlCharts(settings: Values<typeof airlSettings>): MethodCharts {
  const { reward_clip: clip, num_iterations: passes, beta, reward_warmup_steps: alone } = settings;
  const pairs = settings.reward_loss === 'pairwise';
  return {
    ...{ ratio: passes === 1 ? 'always-1' : 'moves', reference: beta !== 0, values: false },
    groups: settings.center_rewards,
    lossNote: 'Of the policy alone: no measure of success. Watch the reward and the accuracy.',
    watched: settings.label_switching
      ? 'labels traces for the discriminator: label switching is on'
      : WATCHED,
    ...(alone > 0 && { alone: { steps: alone, why: aloneText(alone) } }),
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
      {
        ...{ column: 'discriminator/calibration_error', title: 'Calibration error', share: true },
        ...{ unit: 'of its probability', help: pairs ? PAIR_CALIBRATION_HELP : CALIBRATION_HELP },
      },
      {
        ...{ column: 'discriminator/loss', title: 'Discriminator’s loss', unit: 'nats' },
        levels: [{ value: Math.LN2, name: 'guesses' }],
        help: pairs ? PAIR_LOSS_HELP : LOSS_HELP,
      },
      {
        ...{ column: 'discriminator/gap', title: 'Gap', unit: 'expert less policy' },
        ...{ levels: [{ value: 0, name: 'no difference' }], help: GAP_HELP },
      },
      {
        ...{ column: 'discriminator/expert', name: 'expert', title: 'Logits', unit: 'mean' },
        beside: [
          { column: 'discriminator/policy', name: 'policy' },
          ...(settings.perturbed_share === 0
            ? []
            : [{ column: 'discriminator/perturbed', name: 'perturbed' }]),
        ],
        ...{ levels: [{ value: 0, name: 'undecided' }], help: LOGITS_HELP },
      },
      {
        ...{ column: 'discriminator/clipped', title: 'Rewards at the clip', share: true },
        unit: 'of tokens',
        note: `At ${clip} or −${clip}: there the reward no longer tells completions apart.`,
      },
    ],
  };
}
