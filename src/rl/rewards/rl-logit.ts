/**
 * Term `rl_logit`: how likely the policy finds the expert's answer after its own reasoning. Who learns from it needs neither a verifier nor a critic;
 * it is a baseline of RARO, with the updates of GRPO.
 *
 * The policy's own answer is cut off, the expert's and the end token put in its place, and scored by the policy that sampled, at the sampling temperature and
 * without gradient: the sum of the log-probabilities of these tokens, or e to that power. A completion that met its budget, has no place for an answer or
 * leaves no room for it is not scored. Source: the baselines of Escaping the Verifier (RARO), in both variants.
 */
import { choice } from '../experiment/field.ts';
import { afterReasoning } from '../learn/after-reasoning.ts';
import { logitReward } from '../objectives/rl-logit.ts';
import { meanOf } from './combine.ts';
import { requirePolicy, requireTokens } from './needs.ts';
import { type Completion, defineReward, type PolicyService, weight } from './reward.ts';

const options = {
  weight: weight(1, { source: 'paper' }),
  form: choice({
    label: 'Form',
    help: 'The logarithm tells answers apart that are all unlikely; the probability pays only those that are not.',
    options: [
      { value: 'log_probability', label: 'Log-probability' },
      { value: 'probability', label: 'Probability' },
    ],
    default: 'log_probability',
    source: 'paper',
  }),
};

export const rlLogit = defineReward({
  label: 'RL-Logit',
  description: 'How likely the policy finds the expert’s answer after its own reasoning.',
  formula: 'log p(expert’s answer | question, reasoning), or p',
  options,
  objection: (task) =>
    task.reasoning ? undefined : 'which must tell an answer from what leads to it',
  create: ({ form }) => ({
    score: async (batch, context) => {
      const policy = requirePolicy('rl_logit', context);
      requireTokens('rl_logit', batch);
      const asked = batch.map((completion) => askedOf(completion, context.task, policy));
      const pairs = asked.filter((pair) => pair !== null);
      const rows = pairs.length === 0 ? [] : await policy.logprobs(pairs);
      let next = 0;
      const logs = asked.map((pair) =>
        pair === null ? null : logitReward(rows[next++], 'log_probability'),
      );
      const records = logs.map((log, i) => ({
        expert: context.task.expertAnswer(batch[i].question),
        log_probability: log,
        probability: log === null ? null : Math.exp(log),
      }));
      const known = logs.filter((log) => log !== null);
      return {
        values: records.map((record) => record[form]),
        used: records.map((record, i) => ({
          ...record,
          ...(asked[i] && {
            prompt_ids: asked[i].promptIds,
            completion_ids: asked[i].completionIds,
          }),
        })),
        shown: records,
        metrics: {
          log_probability: meanOf(known) ?? Number.NaN,
          probability: meanOf(known.map((log) => Math.exp(log))) ?? Number.NaN,
          unscored: 1 - known.length / logs.length,
        },
      };
    },
  }),
});

/** The expert's answer after the completion's reasoning; null where it has no place or no room. */
function askedOf(
  completion: Completion,
  task: Parameters<typeof afterReasoning>[0],
  policy: PolicyService,
) {
  const after = afterReasoning(task, policy, completion);
  if (after === null) return null;
  const { promptIds, expertIds: completionIds } = after;
  const room = policy.positions ?? Number.POSITIVE_INFINITY;
  return promptIds.length + completionIds.length > room ? null : { promptIds, completionIds };
}
