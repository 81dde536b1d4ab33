/** Term `format`: 1 where the whole completion has the task's form, right or wrong, and 0 where it does not. */
import { requireVerifier } from './needs.ts';
import { defineReward, weight } from './reward.ts';

export const format = defineReward({
  label: 'Format',
  description: 'Whether the whole completion can be read, right or wrong.',
  formula: '1 if well formed, else 0',
  options: { weight: weight(0.1) },
  needsVerifier: () => true,
  create: () => ({
    score: async (batch, context) => {
      const task = requireVerifier('format', context);
      const formed = batch.map(({ question, text }) => task.verify(question, text).wellFormed);
      return {
        values: formed.map((wellFormed) => (wellFormed ? 1 : 0)),
        used: formed.map((wellFormed) => ({ well_formed: wellFormed })),
      };
    },
  }),
});
