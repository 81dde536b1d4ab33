/**
 * Evaluations that a person ordered while a run went on, as lines of a bundle. They are no part of what a run computes, so nothing verifies
 * them; the page draws them, so each is checked before it is believed.
 */
import * as z from 'zod/mini';
import { TAU_BUCKETS } from '../../rl/rewards/transfer/measure.ts';
import { SPLITS } from '../../rl/tasks/task.ts';
import type { Evaluated } from '../run-store/run-record.ts';

/** Most evaluations of a bundle; of more the newest go along. */
export const MOST_EVALUATIONS = 200;
/** Most answers to a question, and so places of a curve. */
const MOST_ANSWERS = 4096;
const MOST_RECEIVERS = 64;
const MOST_DIALECTS = 32;

const count = z.int().check(z.nonnegative());
const text = z.string().check(z.maxLength(1000));
/** JSON has no NaN: what could not be measured is null there. */
const number = z.pipe(
  z.nullable(z.number()),
  z.transform((value) => value ?? Number.NaN),
);
const interval = z.object({ mean: number, low: number, high: number });

/** A curve with so many places at most. */
const curve = (most: number) => z.array(number).check(z.maxLength(most));
const bandOf = (most: number) => z.object({ low: curve(most), high: curve(most) });

/** A record with few enough entries. */
function named<T extends z.ZodMiniType>(value: T) {
  return z
    .record(text, value)
    .check(z.refine((record) => Object.keys(record).length <= MOST_DIALECTS));
}

const order = z.object({
  split: z.enum(SPLITS),
  policy: z.enum(['now', 'before']),
  prompts: count,
  samples: z.int().check(z.positive(), z.maximum(MOST_ANSWERS)),
  receivers: text,
  receiver_backend: z.enum(['kernels', 'onnx', 'onnx-webgpu']),
  transfer_answers: count,
  tournament: z.optional(count),
});

const receiver = z
  .object({
    receiver: text,
    success: curve(TAU_BUCKETS),
    success_interval: bandOf(TAU_BUCKETS),
    transferability: number,
    transferability_interval: interval,
    scratch: number,
    scratch_interval: interval,
    gain: number,
    gain_interval: interval,
    no_room: number,
    by_dialect: z.optional(
      named(
        z.object({
          answers: count,
          transferability: z.nullable(z.number()),
          transferability_interval: z.nullable(interval),
        }),
      ),
    ),
  })
  .check(z.refine(({ success, success_interval }) => isAlong(success, success_interval)));

const chosen = z.object({
  n: count,
  ...{ tournament: number, tournament_interval: interval },
  ...{ majority: number, majority_interval: interval },
  ...{ best_of: number, best_of_interval: interval },
  ...{ one_sample: number, one_sample_interval: interval },
  ...{ gain: number, gain_interval: interval },
  drawn: z.nullable(z.number()),
});

const plain = {
  ...{ prompts: count, distinct: count, clusters: count, samples: count },
  familiar: z.optional(
    z.object({
      ...{ within: count, trained: count },
      tasks: z.array(text).check(z.maxLength(MOST_DIALECTS)),
    }),
  ),
  ...{ mean_length: number, mean_length_interval: interval, truncated: number },
  dialects: z.optional(
    named(z.object({ share: number, share_interval: interval, accuracy: z.nullable(z.number()) })),
  ),
  ...{ chatter: z.optional(number), chatter_interval: z.optional(interval) },
  hidden: z.optional(
    z.object({
      ...{ win_rate: number, win_rate_interval: interval },
      ...{ rhyme: number, metre: number, topic: number, fresh: number },
    }),
  ),
  transfer: z.optional(
    z.object({
      ...{ answers: count, continuations: count },
      ...{ leakage: curve(TAU_BUCKETS), leakage_mean: number },
      receivers: z.array(receiver).check(z.maxLength(MOST_RECEIVERS)),
    }),
  ),
  tournament: z.optional(
    z.object({
      by_answers: z.array(chosen).check(z.maxLength(MOST_RECEIVERS)),
      ...{ verdicts: count, unreadable: z.nullable(z.number()) },
    }),
  ),
};

const judged = z
  .object({
    ...plain,
    ...{ accuracy: z.number(), accuracy_interval: interval, well_formed: number },
    ...{ maj_at_k: curve(MOST_ANSWERS), maj_at_k_interval: bandOf(MOST_ANSWERS) },
    ...{ pass_at_k: curve(MOST_ANSWERS), pass_at_k_interval: bandOf(MOST_ANSWERS) },
    ...{ mean_length_right: number, mean_length_right_interval: interval },
  })
  .check(
    z.refine(
      ({ maj_at_k, maj_at_k_interval, pass_at_k, pass_at_k_interval }) =>
        isAlong(maj_at_k, maj_at_k_interval) && isAlong(pass_at_k, pass_at_k_interval),
    ),
  );

const notJudged = z.object({
  ...plain,
  ...{ accuracy: z.null(), accuracy_interval: z.null(), well_formed: z.null() },
  ...{ maj_at_k: z.null(), maj_at_k_interval: z.null() },
  ...{ pass_at_k: z.null(), pass_at_k_interval: z.null() },
  ...{ mean_length_right: z.null(), mean_length_right_interval: z.null() },
});

/** What a line may be. What it has beyond that is left out. */
const schema = z.object({ order, step: count, evaluation: z.union([judged, notJudged]) });

/** A line of the file as an evaluation; null where it is none. */
export function readEvaluation(line: unknown): Evaluated | null {
  const parsed = schema.safeParse(line);
  return parsed.success ? parsed.data : null;
}

/** The file of some evaluations, in their order. */
export function evaluationLines(evaluations: readonly Evaluated[]): string {
  return evaluations
    .slice(-MOST_EVALUATIONS)
    .map(({ order, step, evaluation }) => `${JSON.stringify({ order, step, evaluation })}\n`)
    .join('');
}

/** Whether an interval has as many places as its curve. */
function isAlong(
  { length }: readonly number[],
  { low, high }: { readonly low: readonly number[]; readonly high: readonly number[] },
): boolean {
  return low.length === length && high.length === length;
}
