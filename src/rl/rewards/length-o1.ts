/**
 * Term `length_o1`: a length penalty after O1-Pruner (arXiv 2501.12570), in the form of the self-aligned reward's official
 * code: how much shorter a completion is than the mean of its question's completions, right or wrong.
 */
import { byGroup, requireTokens } from './needs.ts';
import { defineReward, weight } from './reward.ts';

/** mean / length - 1 within -1 to 1. A completion without tokens is as short as can be, unless all are. */
function shorter(mean: number, length: number): number {
  if (length === 0) return mean === 0 ? 0 : 1;
  return Math.min(1, Math.max(-1, mean / length - 1));
}

export const lengthO1 = defineReward({
  label: 'Length (O1)',
  description: 'How much shorter than the mean of its question’s completions, right or wrong.',
  formula: 'mean length / length − 1, between −1 and 1',
  options: { weight: weight(0.2, { source: 'ours' }) },
  create: () => ({
    score: async (batch) => {
      requireTokens('length_o1', batch);
      const means = new Map(
        [...byGroup(batch)].map(([group, members]) => [
          group,
          members.reduce((sum, c) => sum + c.completionIds.length, 0) / members.length,
        ]),
      );
      const used = batch.map(({ group, completionIds }) => ({
        length: completionIds.length,
        mean_length: means.get(group) ?? 0,
      }));
      return { values: used.map(({ length, mean_length }) => shorter(mean_length, length)), used };
    },
  }),
});
