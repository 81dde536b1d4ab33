/**
 * Term `length_er`: a length penalty after "Training Language Models to Reason Efficiently" (arXiv 2502.04463), in the form of
 * the self-aligned reward's official code: among a question's right completions the shorter ones gain and the longer ones
 * lose. Mean and deviation (divisor n) are over the right ones. Wrong ones get 0, and so does the only right one of a question.
 */
import { byGroup, requireTokens, requireVerifier } from './needs.ts';
import { type Completion, defineReward, weight } from './reward.ts';

/** Keeps the quotient finite where all right completions are equally long. */
const EPSILON = 1e-5;

/** Mean and standard deviation of the lengths of right completions. */
function lengthsOf(right: readonly Completion[]): { mean: number; std: number } {
  const lengths = right.map((c) => c.completionIds.length);
  const mean = lengths.reduce((a, b) => a + b, 0) / lengths.length;
  const squares = lengths.reduce((sum, length) => sum + (length - mean) ** 2, 0);
  return { mean, std: Math.sqrt(squares / lengths.length) };
}

export const lengthEr = defineReward({
  label: 'Length (ER)',
  description: 'Among a question’s right completions, whether this one is among the shorter ones.',
  formula: '1 − 2 sigmoid((length − mean) / std) if right, else 0',
  options: { weight: weight(0.2, { source: 'ours' }) },
  needsVerifier: () => true,
  create: () => ({
    score: async (batch, context) => {
      const task = requireVerifier('length_er', context);
      requireTokens('length_er', batch);
      const correct = new Set(batch.filter((c) => task.verify(c.question, c.text).correct));
      const groups = new Map(
        [...byGroup(batch)].map(([group, members]) => {
          const right = members.filter((c) => correct.has(c));
          return [group, right.length > 1 ? { right: right.length, ...lengthsOf(right) } : null];
        }),
      );
      const used = batch.map((completion) => {
        const length = completion.completionIds.length;
        const isRight = correct.has(completion);
        const among = groups.get(completion.group);
        if (!isRight || !among) return { length, correct: isRight, value: 0 };
        const { right, mean, std } = among;
        const value = 1 - 2 / (1 + Math.exp((mean - length) / (std + EPSILON)));
        return { length, correct: isRight, right, mean_length: mean, std_length: std, value };
      });
      return {
        values: used.map(({ value }) => value),
        used: used.map(({ value: _, ...rest }) => rest),
      };
    },
  }),
});
