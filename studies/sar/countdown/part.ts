/** The first task of the SAR study: Countdown, where answers differ in R_SA by little. */
import type { Differences } from '../../../src/rl/experiment/presets/preset.ts';
import type { Arm, Change } from '../../lib/design.ts';
import type { StudyPart } from '../../lib/study.ts';
import { answerKindsProbe } from '../kinds.ts';
import { countdownReport } from './report.ts';

type Term = NonNullable<Differences['rewards']>[number];

function beside(...terms: readonly Term[]): Differences {
  return { rewards: [{ term: 'answer', weight: 1 }, ...terms] };
}

/** The authors' range, and a weight equal to that of being right, since R_SA differs less between answers here than in the paper. */
const alphas = [0.05, 0.1, 0.2, 0.3, 1];
const penalties = [0.05, 0.2];
/** At the study's learning rate nothing collapsed within eighty steps. */
const FAST = 1e-3;
const name = (weight: number) => `${Math.round(weight * 100)}`.padStart(3, '0');

/** The authors' PPO: gamma and lambda 1, no KL, two updates per batch. Settings that only GRPO has are removed. */
const ppo: Change['method'] = {
  scale_rewards: undefined,
  loss_type: undefined,
  beta: 0,
  name: 'ppo',
  gamma: 1,
  lam: 1,
  num_ppo_epochs: 1,
  num_mini_batches: 2,
  cliprange_value: 0.5,
};

const arms: readonly Arm[] = [
  { id: 'grpo', label: 'GRPO', change: beside() },
  ...alphas.map((weight) => ({
    id: `sar-${name(weight)}`,
    label: `SA-GRPO, α = ${weight}`,
    change: beside({ term: 'sar', weight }),
  })),
  ...penalties.map((weight) => ({
    id: `o1-${name(weight)}`,
    label: `O1 penalty, ${weight}`,
    change: beside({ term: 'length_o1', weight }),
  })),
  ...penalties.map((weight) => ({
    id: `er-${name(weight)}`,
    label: `ER penalty, ${weight}`,
    change: beside({ term: 'length_er', weight }),
  })),
  {
    id: 'confidence',
    label: 'Confidence, 0.2',
    change: beside({ term: 'confidence', weight: 0.2 }),
  },
  { id: 'alone', label: 'R_SA alone', change: { rewards: [{ term: 'sar', weight: 1 }] } },
  // What destroys a policy, and how much of it comes from R_SA: the preset "SAR collapse", the same without dividing, the same without R_SA.
  {
    id: 'fast-std',
    label: 'α = 0.3, divided by std, rate 1e-3',
    change: {
      ...beside({ term: 'sar', weight: 0.3 }),
      method: { scale_rewards: 'group', learning_rate: FAST },
    },
  },
  {
    id: 'fast',
    label: 'α = 0.3, rate 1e-3',
    change: { ...beside({ term: 'sar', weight: 0.3 }), method: { learning_rate: FAST } },
  },
  {
    id: 'fast-std-grpo',
    label: 'GRPO, divided by std, rate 1e-3',
    change: { ...beside(), method: { scale_rewards: 'group', learning_rate: FAST } },
  },
  { id: 'ppo', label: 'PPO', change: { ...beside(), method: ppo } },
  {
    id: 'ppo-sar-020',
    label: 'SA-PPO, α = 0.2',
    change: { ...beside({ term: 'sar', weight: 0.2 }), method: ppo },
  },
];

export const countdown: StudyPart = {
  id: 'countdown',
  title: 'Where nothing was to be found: Countdown',
  question:
    'Countdown, from a warm start that searches by failed tries. R_SA differs by 0.12 between the answers of a step, so at the weights of its authors it pays a twentieth of what being right pays. This part was run first. Its runs stand as they are.',
  folder: '.',
  past: true,
  base: {
    steps: 60,
    task: { id: 'countdown' },
    policy: 'policies/countdown-nano',
    method: {
      loss_type: 'dr_grpo',
      scale_rewards: 'none',
      beta: 0.001,
      num_generations: 8,
      prompts_per_step: 8,
      learning_rate: 4e-4,
    },
    evaluation: { every: 10, prompts: 64, samples: 4 },
  },
  arms,
  seeds: [1, 2, 3, 4, 5],
  metrics: ['rewards/sar/*', 'rewards/answer/mean', 'kl'],
  evaluation: { splits: ['test'], prompts: 128, samples: 16 },
  probe: answerKindsProbe,
  report: countdownReport,
};
