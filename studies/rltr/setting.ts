/** What the new parts of the RLTR study share: the task, one update a step, receivers, and how the model is questioned afterwards. */
import type { Differences } from '../../src/rl/experiment/presets/preset.ts';
import type { StudyEvaluation } from '../lib/design.ts';

/** Reads the public dialect and trains. */
export const PUBLIC = 'receivers/chain-public';
/** Reads the public dialect, of another seed and size: no arm trains with it. */
export const UNSEEN = 'receivers/chain-public-deep';
/** Reads both dialects. */
export const BILINGUAL = 'receivers/chain-bilingual';
/** Reads the public dialect, and errs more often. */
export const WEAK = 'receivers/chain-public-weak';

type Term = NonNullable<Differences['rewards']>[number];
type Transfer = Omit<Extract<Term, { readonly term: 'transfer' }>, 'term'>;

const ANSWER: Term = { term: 'answer', weight: 1 };

/** A form that asks for a step for each addition. */
export const EVERY_STEP: Term = { term: 'format', weight: 0.5 };

/** Paid for right answers, and for the terms beside them. */
export function paid(...terms: readonly Term[]): Differences {
  return { rewards: [ANSWER, ...terms] };
}

/** Right finishes by the receiver that trains; nothing is tried that only measures but its rate from scratch. */
export function transfer(change: Transfer): Term {
  return { term: 'transfer', receivers: PUBLIC, reliability_questions: 0, ...change };
}

export function base(policy: string, steps: number, learning_rate = 2e-4): Differences {
  return {
    steps,
    task: { id: 'chain', min_terms: 6, max_terms: 8, largest_term: 9, answer_apart: true },
    policy,
    method: {
      loss_type: 'dr_grpo',
      scale_rewards: 'none',
      beta: 0,
      num_generations: 8,
      prompts_per_step: 8,
      learning_rate,
      temperature: 1,
      max_completion_length: 80,
    },
    evaluation: { every: 10, prompts: 48, samples: 4 },
  };
}

export const METRICS = [
  'rewards/transfer/*',
  'rewards/answer/mean',
  'rewards/format/mean',
  'dialects/*',
];

/** Two answers to each question are handed over, at ten cuts each. */
export const EVALUATION: StudyEvaluation = {
  splits: ['test'],
  prompts: 100,
  samples: 16,
  receivers: [PUBLIC, UNSEEN],
  answersHandedOver: 2,
};

export const SEEDS = [1, 2, 3, 4, 5];
/** Of arms that decide no finding of the paper. */
export const FEW = [1, 2, 3];
