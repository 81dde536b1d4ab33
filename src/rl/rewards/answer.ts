/** Term `answer`: 1 where the task's verifier finds the completion right, 0 where it does not. The reward of RLVR. */
import { requireVerifier } from './needs.ts';
import { defineReward, weight } from './reward.ts';

export const answer = defineReward({
  label: 'Answer',
  description: 'Whether the answer is right, by the task’s exact verifier.',
  formula: '1 if the answer is right, else 0',
  options: { weight: weight(1) },
  needsVerifier: () => true,
  create: () => ({
    score: async (batch, context) => {
      const task = requireVerifier('answer', context);
      const verdicts = batch.map((completion) => task.verify(completion.question, completion.text));
      return {
        values: verdicts.map((verdict) => (verdict.correct ? 1 : 0)),
        used: verdicts.map(({ answer, note }) => ({ answer, ...(note !== undefined && { note }) })),
      };
    },
  }),
});
