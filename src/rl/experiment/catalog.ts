/** The tasks, reward terms and policies that an experiment may name, each with its own settings. */
import { number, type Option } from './field.ts';

const weight = number({
  label: 'Weight',
  help: 'What the term is multiplied with before the terms are added up. 0 only watches it.',
  min: -100,
  max: 100,
  step: 0.05,
  default: 1,
  live: true,
  source: 'trl',
});

/** Tasks by id. */
export const TASKS = {
  countdown: { label: 'Countdown', options: {} },
  chain: { label: 'Chain', options: {} },
};

/** Reward terms by name; each has a weight besides its own settings. */
export const TERMS = {
  answer: { label: 'Answer', options: { weight } },
  format: { label: 'Format', options: { weight } },
};

/** The bundled policies, by their folder under the models' root. */
export const POLICIES: readonly Option[] = [
  { value: 'policies/countdown-nano', label: 'Countdown nano (4 x 64, about 0.2 M)' },
  { value: 'policies/countdown-micro', label: 'Countdown micro (4 x 128, about 0.8 M)' },
  { value: 'policies/chain-nano', label: 'Chain nano' },
];
