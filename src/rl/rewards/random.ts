/**
 * Term `random`: 1 with a given probability, else 0, whatever the answer is. A control: what changes under it is not learned from a
 * reward. Drawn anew for every completion of every step.
 */
import { number } from '../experiment/field.ts';
import { defineReward, weight } from './reward.ts';

export const random = defineReward({
  label: 'Random',
  description: 'Control: a coin is tossed for each answer. It knows nothing of it.',
  formula: '1 with probability p, else 0',
  options: {
    weight: weight(1, { source: 'ours' }),
    probability: number({
      label: 'Probability (p)',
      help: 'How often the value is 1. At 0 and at 1 all answers get the same.',
      min: 0,
      max: 1,
      step: 0.05,
      default: 0.5,
    }),
  },
  control: true,
  create: ({ probability }) => ({
    score: async (batch, context) => ({
      // A uniform draw is below 1, so that 1 is always and 0 is never.
      values: batch.map((_, i) => Number(context.random(i).uniform() < probability)),
      used: batch.map(() => ({ probability })),
    }),
  }),
});
