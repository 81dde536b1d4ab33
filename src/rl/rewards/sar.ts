/**
 * Term `sar`: the self-aligned reward. It is high where the question makes the answer much more likely than it is alone, which
 * favours answers that are short and to the point. It does not need to know whether they are right.
 *
 * R_SA = (ppl(a) - ppl(a|q)) / (ppl(a) + 1e-9), not below the floor. Both perplexities are those of the policy that sampled, at
 * the sampling temperature and without gradient, over the same response tokens, the end token among them. ppl(a|q) comes from
 * the log-probs of sampling; ppl(a) costs one scoring pass after the task's `emptyPrompt`. Alpha is the term's weight.
 * Source: arXiv 2509.05489 and its official code, whose defaults these are; gate and choosable floor are ours.
 */

import { choice, flag, number, type Values } from '../experiment/field.ts';
import { hasVerifier } from '../tasks/task.ts';
import { meanOf, stdOf } from './combine.ts';
import { requirePolicy, requireTokens, requireVerifier } from './needs.ts';
import { perplexity, surprise, takenAway } from './perplexity.ts';
import { type Completion, defineReward, type PolicyService, type Used, weight } from './reward.ts';

/** This many consecutive tokens that also occur in the question count as copied. Shorter runs are chance where tokens are characters. */
const COPIED_RUN = 4;
/** Above this the ratio hardly tells answers apart any more. */
const NEAR_TOP = 0.95;

const options = {
  weight: weight(0.2, {
    label: 'Weight (alpha)',
    help: 'What R_SA is multiplied with before all terms are added. 0 only watches it.',
    source: 'code',
  }),
  floor: number({
    label: 'Floor',
    help: 'The least that R_SA can be, so that one answer that the question makes unlikely does not rule its group.',
    min: -100,
    max: 0,
    default: -1,
    source: 'code',
  }),
  gate: flag({
    label: 'Right answers only',
    help: 'Gives wrong answers 0 instead of their R_SA. Off, groups that are all right or all wrong still have something to learn.',
    default: false,
  }),
  form: choice({
    label: 'Form',
    help: 'What is compared. The logarithms tell apart answers that the ratio puts close to 1.',
    options: [
      { value: 'ratio', label: 'Perplexities' },
      { value: 'log', label: 'Their logarithms' },
    ],
    default: 'ratio',
    source: 'code',
  }),
};

/** R_SA of one completion, and how much the question raises each token's log-prob (nats); null where it could not be computed. */
interface Scored {
  readonly r: number | null;
  readonly v: readonly number[] | null;
  readonly used: Used;
}

/** Log-probs of every completion with the question emptied; null for one that is longer than the policy can read. */
async function scoreAlone(
  batch: readonly Completion[],
  emptyIds: readonly number[],
  policy: PolicyService,
): Promise<readonly (readonly number[] | null)[]> {
  const positions = policy.positions ?? Number.POSITIVE_INFINITY;
  const fits = ({ completionIds }: Completion) =>
    emptyIds.length + completionIds.length <= positions;
  const asked = batch.filter((c) => c.completionIds.length > 0 && fits(c));
  const rows =
    asked.length === 0
      ? []
      : await policy.logprobs(
          asked.map(({ completionIds }) => ({ promptIds: emptyIds, completionIds })),
        );
  const answers = new Map(asked.map((completion, i) => [completion, rows[i]]));
  return batch.map((c) => answers.get(c) ?? (fits(c) ? [] : null));
}

function scoreOne(
  { promptIds, completionIds, logprobs }: Completion,
  emptyIds: readonly number[],
  alone: readonly number[] | null,
  { form, floor }: Values<typeof options>,
): Scored {
  const ids = {
    ids_with_question: [...promptIds, ...completionIds],
    ids_without_question: [...emptyIds, ...completionIds],
  };
  const given = surprise(logprobs);
  if (alone === null) {
    return {
      r: null,
      v: null,
      used: {
        ...ids,
        perplexity_with_question: perplexity(given),
        r_sa: null,
        note: 'longer than the context',
      },
    };
  }
  const without = surprise(alone);
  const raw = takenAway(given, without, form);
  const r = Math.max(floor, raw);
  // In the ratio form R_SA is 1 - exp(-mean) of these.
  const v = logprobs.map((logprob, t) => logprob - alone[t]);
  return {
    r,
    v,
    used: {
      ...ids,
      mean_logprob_with_question: 0 - given,
      mean_logprob_without_question: 0 - without,
      perplexity_with_question: perplexity(given),
      perplexity_without_question: perplexity(without),
      raw: Number.isFinite(raw) ? raw : null,
      r_sa: r,
      v,
    },
  };
}

/** What the sample browser writes beside an answer. Ids and token numbers are left out: it shows them as words and colours. */
function shownOf({ ids_with_question: _, ids_without_question: __, v: ___, ...rest }: Used): Used {
  return rest;
}

/** How many of a completion's tokens lie in a run of tokens that also occurs in the prompt. */
export function copiedTokens(prompt: readonly number[], completion: readonly number[]): number {
  const runsOf = (ids: readonly number[]) =>
    Array.from({ length: Math.max(0, ids.length - COPIED_RUN + 1) }, (_, i) =>
      ids.slice(i, i + COPIED_RUN).join(),
    );
  const known = new Set(runsOf(prompt));
  let copied = 0;
  let counted = 0;
  for (const [i, run] of runsOf(completion).entries()) {
    if (!known.has(run)) continue;
    // Runs overlap; a token is counted once.
    copied += i + COPIED_RUN - Math.max(i, counted);
    counted = i + COPIED_RUN;
  }
  return copied;
}

/** Numbers for the metrics row; NaN where there was nothing to measure. @param correct null where nothing is judged */
function measure(
  batch: readonly Completion[],
  scored: readonly Scored[],
  correct: readonly boolean[] | null,
  floor: number,
): Record<string, number> {
  const values = scored.map(({ r }) => r).filter((r) => r !== null);
  const share = (holds: (r: number) => boolean) => values.filter(holds).length / values.length;
  const tokens = batch.reduce((sum, c) => sum + c.completionIds.length, 0);
  const copied = batch.reduce((sum, c) => sum + copiedTokens(c.promptIds, c.completionIds), 0);
  return {
    ...(correct && rightAndWrong(scored, correct)),
    at_floor: share((r) => r <= floor),
    near_top: share((r) => r > NEAR_TOP),
    copied: copied / tokens,
  };
}

/** R_SA of right and of wrong completions apart. */
function rightAndWrong(
  scored: readonly Scored[],
  correct: readonly boolean[],
): Record<string, number> {
  const those = (right: boolean) =>
    scored.flatMap(({ r }, i) => (r !== null && correct[i] === right ? [r] : []));
  return {
    mean_right: meanOf(those(true)) ?? Number.NaN,
    std_right: stdOf(those(true)) ?? Number.NaN,
    mean_wrong: meanOf(those(false)) ?? Number.NaN,
    std_wrong: stdOf(those(false)) ?? Number.NaN,
  };
}

export const sar = defineReward({
  label: 'Self-aligned',
  description:
    'How much more likely the question makes the answer: favours what is short and to the point.',
  formula: '(ppl(a) − ppl(a|q)) / ppl(a), at least −1',
  options,
  needsVerifier: ({ gate }) => gate,
  create: (settings) => ({
    score: async (batch, context) => {
      const { task } = context;
      if (settings.gate) requireVerifier('sar', context);
      const policy = requirePolicy('sar', context);
      requireTokens('sar', batch);
      const emptyIds = policy.encode(task.emptyPrompt, { addSpecial: true });
      const alone = await scoreAlone(batch, emptyIds, policy);
      const scored = batch.map((c, i) => scoreOne(c, emptyIds, alone[i], settings));
      const correct = hasVerifier(task)
        ? batch.map((c) => task.verify(c.question, c.text).correct)
        : null;
      return {
        values: scored.map(({ r }, i) => (settings.gate && r !== null && !correct?.[i] ? 0 : r)),
        used: scored.map(({ used }) => used),
        shown: scored.map(({ used }) => shownOf(used)),
        tokens: { v: scored.map(({ v }) => v) },
        metrics: measure(batch, scored, correct, settings.floor),
      };
    },
  }),
});
