/**
 * Transferability: can another model finish the policy's answers? Mean, over questions, answers and tau ~ U(0, 1], of a
 * receiver's success from y[:floor(tau |y|)]; prefix and continuation are judged together. The baseline is the same receiver
 * without any prefix.
 *
 * tau is drawn once in each of 10 equal buckets of (0, 1], for every answer: the mean over the buckets is the mean over U(0, 1],
 * with less variance than 10 free draws, and the buckets are those of `rewards/transfer/tau_0` to `tau_9`. Cuts and
 * continuations draw from streams of their own, the same ones at every step and for every receiver.
 * Source: RLTR; the buckets and the grid of intervals are ours.
 */
import type { SamplingSettings } from '../../kernels/sample/sample.ts';
import type { Receiver } from '../../model/receiver.ts';
import type { Tokenizer } from '../../model/tokenizer.ts';
import { dialectOf, dialectsOf } from '../manner.ts';
import { randomStream, streamKey } from '../random.ts';
import { cutAt, cutIndex } from '../rewards/transfer/cut.ts';
import { finish, leaks, type Unfinished } from '../rewards/transfer/finish.ts';
import { TAU_BUCKETS } from '../rewards/transfer/measure.ts';
import type { Split, VerifiedTask } from '../tasks/task.ts';
import type { Answered } from './answers.ts';
import { type Band, type Bootstrap, bandOf, type Interval } from './bootstrap.ts';

/** Which answers are handed over, and to whom. */
export interface TransferSettings {
  readonly receivers: readonly Receiver[];
  /** How many answers to each question are handed over: the first ones. */
  readonly answers: number;
  /** Tries of each receiver at each cut. */
  readonly continuations: number;
}

export interface TransferRequest extends TransferSettings {
  readonly task: VerifiedTask;
  readonly split: Split;
  readonly seed: number;
  readonly sampling: SamplingSettings;
  /** Most tokens of a whole answer, prefix and continuation. */
  readonly budget: number;
  /** The policy's: cuts fall between its tokens. */
  readonly tokenizer: Tokenizer;
  readonly bootstrap: Bootstrap;
  readonly signal?: AbortSignal;
  /** Called after every chunk with the number of new continuations. */
  readonly onAnswers?: (count: number) => void;
}

/** How well one receiver does. Intervals are 95 %, over clusters of questions. */
export interface ReceiverTransfer {
  /** Its id, such as `receivers/chain-nano-b`. */
  readonly receiver: string;
  /** Index b: success where tau is in (b / 10, (b + 1) / 10]. */
  readonly success: readonly number[];
  readonly success_interval: Band;
  /** Mean over the buckets. */
  readonly transferability: number;
  readonly transferability_interval: Interval;
  /** Success without any prefix. */
  readonly scratch: number;
  readonly scratch_interval: Interval;
  /** Transferability minus `scratch`, paired by question. */
  readonly gain: number;
  readonly gain_interval: Interval;
  /** Share of cuts after which the receiver's context has no room; they are left out. */
  readonly no_room: number;
  /** By the dialect of the answer that was handed over, `other` among them; absent for a task without dialects. */
  readonly by_dialect?: Readonly<Record<string, DialectTransfer>>;
}

/** How well a receiver finishes the answers in one dialect. */
export interface DialectTransfer {
  /** Answers that were handed over. */
  readonly answers: number;
  /** As over all dialects; both are null where none could be tried. */
  readonly transferability: number | null;
  readonly transferability_interval: Interval | null;
}

export interface Transferability {
  readonly answers: number;
  readonly continuations: number;
  /** Index b: share of prefixes that are already a right answer, so that nothing is left to finish. */
  readonly leakage: readonly number[];
  readonly leakage_mean: number;
  readonly receivers: readonly ReceiverTransfer[];
}

/** Continuations asked at once. Progress is reported between chunks. */
const CHUNK = 256;
/** Fewest tries from scratch on each question; more where each bucket has more. */
const SCRATCH_TRIES = 4;

/** Continuations that a request will ask for, for progress. */
export function transferWork(
  { receivers, answers, continuations }: TransferSettings,
  prompts: number,
  samples: number,
): number {
  const handed = Math.min(answers, samples) * continuations;
  return receivers.length * prompts * (handed * TAU_BUCKETS + scratchTries(handed));
}

/** Hands answers over. @throws what `finish` throws */
export async function transferability(
  answered: readonly Answered[],
  request: TransferRequest,
): Promise<Transferability> {
  const { task, receivers, answers, continuations, bootstrap } = request;
  const handed = cutAnswers(answered, request);
  const found: ReceiverTransfer[] = [];
  // One after the other, since receivers on one device would only wait for each other.
  for (const receiver of receivers) {
    found.push(await tryReceiver(receiver, handed, answered, request));
  }
  const leaked = handed.map((own) =>
    own.map((items) => items.map((item) => Number(leaks(task, item)))),
  );
  const perBucket = countByBucket(leaked);
  return {
    answers,
    continuations,
    leakage: perBucket.map(({ right, tries }) => bootstrap.ratio(right, tries).mean),
    leakage_mean: meanOfBuckets(bootstrap, perBucket).mean,
    receivers: found,
  };
}

/** [questions][answers][buckets]: prefixes to finish. */
type Handed = readonly (readonly (readonly Unfinished[])[])[];

function cutAnswers(
  answered: readonly Answered[],
  { answers, seed, split, budget, tokenizer }: TransferRequest,
): Handed {
  const decode = (ids: readonly number[]) => tokenizer.decode(ids);
  return answered.map(({ question, answers: given }, q) =>
    given.slice(0, answers).map((answer, a) => {
      const random = randomStream(seed, `evaluate/transfer/cut/${split}`, q, a);
      return Array.from({ length: TAU_BUCKETS }, (_, bucket) => {
        const tau = (bucket + 1 - random.uniform()) / TAU_BUCKETS;
        const at = cutIndex(tau, answer.completionIds.length);
        return { question, prefix: cutAt(answer, at, decode).prefix, budget: budget - at };
      });
    }),
  );
}

async function tryReceiver(
  receiver: Receiver,
  handed: Handed,
  answered: readonly Answered[],
  request: TransferRequest,
): Promise<ReceiverTransfer> {
  const { bootstrap, seed, split, continuations, budget } = request;
  const items = handed.flat(2);
  const key = streamKey(seed, `evaluate/transfer/${split}`);
  const rates = await tryAll(receiver, items, continuations, key, request);
  let next = 0;
  const outcomes = handed.map((own) => own.map((cuts) => cuts.map(() => rates[next++])));
  const perBucket = countByBucket(outcomes);
  const whole = handed.flatMap(([first]) =>
    first ? [{ question: first[0].question, prefix: '', budget }] : [],
  );
  const fresh = await tryAll(
    receiver,
    whole,
    scratchTries(continuations * (handed[0]?.length ?? 0)),
    streamKey(seed, `evaluate/transfer/scratch/${split}`),
    request,
  );
  const scratch = {
    right: fresh.map((rate) => rate ?? 0),
    tries: fresh.map((rate) => Number(rate !== null)),
  };
  const success = perBucket.map(({ right, tries }) => bootstrap.ratio(right, tries));
  const transfer = meanOfBuckets(bootstrap, perBucket);
  const alone = bootstrap.ratio(scratch.right, scratch.tries);
  const gain = bootstrap.statistic(
    [...columnsOf(perBucket), scratch.right, scratch.tries],
    (sums) => meanRate(sums.slice(0, -2)) - sums[sums.length - 2] / sums[sums.length - 1],
  );
  return {
    receiver: receiver.id,
    success: success.map(({ mean }) => mean),
    success_interval: bandOf(success),
    transferability: transfer.mean,
    transferability_interval: transfer,
    scratch: alone.mean,
    scratch_interval: alone,
    gain: gain.mean,
    gain_interval: gain,
    no_room: rates.filter((rate) => rate === null).length / rates.length,
    ...byDialect(outcomes, answered, request),
  };
}

/** The same outcomes, parted by the dialect of the answers. */
function byDialect(
  outcomes: Outcomes,
  answered: readonly Answered[],
  { task, bootstrap }: TransferRequest,
): Pick<ReceiverTransfer, 'by_dialect'> {
  const places = dialectsOf(task);
  if (places.length === 0) return {};
  const spoken = outcomes.map((own, q) => {
    const { question, answers } = answered[q];
    return own.map((_, a) => dialectOf(task, question, answers[a].text));
  });
  const parted = places.map(({ id }) => {
    const own = outcomes.map((cuts, q) => cuts.filter((_, a) => spoken[q][a] === id));
    const transfer = meanOfBuckets(bootstrap, countByBucket(own));
    const known = Number.isNaN(transfer.mean) ? null : transfer;
    const numbers = {
      answers: own.flat().length,
      transferability: known?.mean ?? null,
      transferability_interval: known,
    };
    return [id, numbers] as const;
  });
  return { by_dialect: Object.fromEntries(parted) };
}

/** Per item, the share of tries that are right; null where there was no room. */
async function tryAll(
  receiver: Receiver,
  items: readonly Unfinished[],
  copies: number,
  key: readonly [number, number],
  { task, sampling, signal, onAnswers }: TransferRequest,
): Promise<(number | null)[]> {
  const rates: (number | null)[] = [];
  const each = Math.max(1, Math.floor(CHUNK / copies));
  for (let first = 0; first < items.length; first += each) {
    const chunk = items.slice(first, first + each);
    const out = await finish(receiver, task, {
      items: chunk,
      copies,
      sampling,
      key,
      uid: first * copies,
      ...(signal && { signal }),
    });
    for (const tries of out) {
      rates.push(tries && tries.filter(({ correct }) => correct).length / tries.length);
    }
    onAnswers?.(chunk.length * copies);
  }
  return rates;
}

/** Of one bucket, per question: the sum of its answers' rates, and how many there are. */
interface BucketCounts {
  readonly right: readonly number[];
  readonly tries: readonly number[];
}

/** [questions][answers][buckets]: rates of success, null where nothing could be tried. */
type Outcomes = readonly (readonly (readonly (number | null)[])[])[];

function countByBucket(outcomes: Outcomes): BucketCounts[] {
  return Array.from({ length: TAU_BUCKETS }, (_, bucket) => {
    const rates = outcomes.map((own) =>
      own.map((cuts) => cuts[bucket]).filter((rate) => rate !== null),
    );
    return {
      right: rates.map((own) => own.reduce((sum, rate) => sum + rate, 0)),
      tries: rates.map((own) => own.length),
    };
  });
}

const columnsOf = (buckets: readonly BucketCounts[]) =>
  buckets.flatMap(({ right, tries }) => [right, tries]);

function meanOfBuckets(bootstrap: Bootstrap, buckets: readonly BucketCounts[]): Interval {
  return bootstrap.statistic(columnsOf(buckets), meanRate);
}

/** Mean of right / tries over buckets, from their sums side by side; buckets without any try are left out. */
function meanRate(sums: readonly number[]): number {
  let total = 0;
  let count = 0;
  for (let i = 0; i < sums.length; i += 2) {
    if (sums[i + 1] === 0) continue;
    total += sums[i] / sums[i + 1];
    count += 1;
  }
  return total / count;
}

function scratchTries(handed: number): number {
  return Math.max(SCRATCH_TRIES, handed);
}
