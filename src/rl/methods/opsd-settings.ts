/** The settings of OPSD: who teaches, what it is shown, and how far a token looks ahead. The rest is GRPO's. */
import { choice, number } from '../experiment/field.ts';
import { headed } from '../experiment/structure.ts';
import { flawlessTraceFields } from './expert-traces.ts';
import { grpoSettings } from './grpo-settings.ts';
import { clipping, common } from './settings.ts';

const teaching = headed('Teacher', {
  teacher: choice({
    label: 'Teacher',
    help: 'Which policy reads the expert’s trace: as it was before the run, frozen, as in the paper, or as it is now.',
    options: [
      { value: 'start', label: 'As it was before the run' },
      { value: 'current', label: 'As it is now' },
    ],
    default: 'start',
    source: 'paper',
  }),
  shown: choice({
    label: 'Shown to the teacher',
    help: 'The expert’s trace, as in the paper, or its answer alone, which policies that know the annotator’s prompt have learned to read.',
    options: [
      { value: 'trace', label: 'Trace' },
      { value: 'answer', label: 'Answer' },
    ],
    default: 'trace',
    source: 'paper',
  }),
  gamma: number({
    label: 'Discount',
    help: 'What the reward of the next token is worth to this one. At 0 each token answers for itself, as in the paper; at 1 for all that it leads to.',
    min: 0,
    max: 1,
    step: 0.01,
    default: 0,
    source: 'paper',
  }),
});

const batch = headed('Batch', {
  num_generations: number({
    label: 'Completions per question',
    help: 'How many completions each question gets. They are not compared with each other, so 1 will do.',
    unit: 'completions',
    min: 1,
    max: 128,
    integer: true,
    default: 8,
  }),
});

const { loss_type, num_iterations } = grpoSettings;

/** What other methods have too stands in their order. */
export const opsdSettings = {
  loss_type,
  ...batch,
  num_iterations,
  ...teaching,
  ...clipping,
  ...flawlessTraceFields,
  ...common,
};
