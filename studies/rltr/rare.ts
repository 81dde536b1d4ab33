/** Right answers so rare that the answer's reward often says nothing. */
import type { StudyPart } from '../lib/study.ts';
import { base, EVALUATION, EVERY_STEP, METRICS, paid, SEEDS, transfer } from './setting.ts';

/** The transfer reward where it has most to say: two cuts, and a receiver that hardly errs by itself. */
export const STRONG = { weight: 1, cuts: 2, receiver_temperature: 0.3 } as const;

export const rare: StudyPart = {
  id: 'rare',
  title: 'Rare answers',
  question:
    'One dialect, chains so long and slips so many that one answer in ten is right. In half of the groups all answers are wrong, and a reward for right answers says nothing there; a receiver that finishes from the right half of an answer does. Every arm is tried at the same learning rates first, and run at the one that its own trials chose.',
  base: {
    ...base('policies/chain-rare', 300),
    evaluation: { every: 20, prompts: 64, samples: 8 },
  },
  arms: [
    // Not watched here: the time of a step is compared.
    { id: 'rlvr', label: 'RLVR', change: paid() },
    { id: 'form', label: 'RLVR and the form', change: paid(EVERY_STEP) },
    { id: 'rltr', label: 'RLTR and the form', change: paid(EVERY_STEP, transfer(STRONG)) },
  ],
  seeds: SEEDS,
  tuning: { learning_rates: [5e-5, 1e-4, 2e-4], seed: 11 },
  metrics: METRICS,
  evaluation: EVALUATION,
  report: () => [],
};
