/** The first task of the RLTR study: one way to write steps, in which a transfer reward has nothing to prefer. */
import type { Differences } from '../../../src/rl/experiment/presets/preset.ts';
import type { Arm } from '../../lib/design.ts';
import type { StudyPart } from '../../lib/study.ts';
import { BARE, UNSEEN } from './measures.ts';
import { stepsReport } from './report.ts';

const START = 'policies/chain-steps';

/** Who finishes the answers. `policy` is the policy as it was before the run: as strong as the one that learns. */
const EQUAL = 'policy';
const WEAKER = 'receivers/chain-pico';
const STRONGER = 'receivers/chain-exact';
/** A receiver for evaluation only: no arm trains with it. */
const OTHER_STYLE = 'receivers/chain-larger-first';

type Transfer = Extract<NonNullable<Differences['rewards']>[number], { readonly term: 'transfer' }>;

function rewards(change: Omit<Transfer, 'term'>): Differences {
  return {
    rewards: [
      { term: 'answer', weight: 1 },
      { term: 'format', weight: 0.1 },
      // Half of a step's questions are tried twice, to measure in every arm how much of the reward is luck.
      { term: 'transfer', receivers: EQUAL, reliability_questions: 4, ...change },
    ],
  };
}

const arms: readonly Arm[] = [
  // The term has weight 0, so that transferability is measured here too.
  { id: 'rlvr', label: 'RLVR (b = 0)', change: rewards({ weight: 0 }) },
  { id: 'rltr', label: 'RLTR, b = 0.5', change: rewards({ weight: 0.5 }) },
  { id: 'b025', label: 'RLTR, b = 0.25', change: rewards({ weight: 0.25 }) },
  { id: 'b100', label: 'RLTR, b = 1', change: rewards({ weight: 1 }) },
  {
    id: 'strong',
    label: 'Stronger receiver',
    change: rewards({ weight: 0.5, receivers: STRONGER }),
  },
  { id: 'weak', label: 'Weaker receiver', change: rewards({ weight: 0.5, receivers: WEAKER }) },
  {
    id: 'tries4',
    label: 'Four continuations',
    change: rewards({ weight: 0.5, continuations: 4 }),
  },
  {
    id: 'shared-tau',
    label: 'One cut for a group',
    change: rewards({ weight: 0.5, shared_tau: true }),
  },
  {
    id: 'cool',
    label: 'Cooler receiver',
    change: rewards({ weight: 0.5, receiver_temperature: 0.3 }),
  },
  // Learns bit for bit what b = 0.5 learns. It has no tries that only measure, so its time is that of the reward alone.
  {
    id: BARE,
    label: 'RLTR, nothing measured',
    change: rewards({ weight: 0.5, reliability_questions: 0, scratch_samples: 0 }),
  },
];

/** Arms beside the main ones were run with these. */
const FEW = [1, 2, 3];

export const steps: StudyPart = {
  id: 'steps',
  title: 'Where nothing was to be found: one way to write steps',
  question:
    'Sums of four to six numbers, one addition a step. All traces of the warm start are written in the same way, so a transfer reward has nothing to prefer between two answers but where the receiver was lucky. This part was run first. Its runs stand as they are.',
  folder: '.',
  past: true,
  base: {
    steps: 120,
    task: { id: 'chain', min_terms: 4, max_terms: 6 },
    policy: START,
    method: {
      loss_type: 'dr_grpo',
      scale_rewards: 'none',
      num_generations: 8,
      prompts_per_step: 8,
      learning_rate: 2e-4,
      max_completion_length: 64,
    },
    evaluation: { every: 15, prompts: 64, samples: 8, receivers: EQUAL },
    logging: { sample_groups: 2 },
  },
  arms: arms.map((arm) => (['rlvr', 'rltr'].includes(arm.id) ? arm : { ...arm, seeds: FEW })),
  seeds: [1, 2, 3, 4, 5],
  metrics: ['rewards/transfer/*', 'rewards/answer/mean', 'rewards/format/mean'],
  evaluation: {
    splits: ['test', 'ood'],
    prompts: 96,
    samples: 64,
    receivers: [START, UNSEEN, STRONGER, OTHER_STYLE],
    arms: arms.map(({ id }) => id).filter((id) => id !== BARE),
  },
  report: stepsReport,
};
