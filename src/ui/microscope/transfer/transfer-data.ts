/** What the transfer microscope shows, and the pure functions that change it. No DOM, no worker. */
import type { ErrorReport } from '../../../errors.ts';
import type { Finished } from '../../../rl/rewards/transfer/finish.ts';
import type { Question } from '../../../rl/tasks/task.ts';
import { FIRST_RECEIVERS, type ModelChoice, policiesOf, receiversOf } from '../models.ts';
import { type GivenAnswer, writtenAnswer } from '../policy-answer.ts';
import { scopeTask } from '../scope-tasks.ts';
import type { SubjectData } from '../subject.ts';
import type { Answer } from './answer.ts';
import { shareOf } from './answer.ts';
import type { Share } from './interval.ts';

/** One policy, its answer and the cut in it. Two of them stand one above the other. */
export interface Lane {
  readonly policy: ModelChoice;
  /** Which of the policy's answers to this question, from 0; null where a person wrote it. */
  readonly number: number | null;
  /** What `answer` was read from. */
  readonly given: GivenAnswer | null;
  readonly status: 'waiting' | 'answering' | 'ready' | 'failed';
  readonly answer: Answer | null;
  readonly problem: ErrorReport | null;
  /** Tokens left of the cut. */
  readonly cut: number;
  /** Where a link wants the cut, until the answer is there; null leaves it to the microscope. */
  readonly wantedCut: number | null;
}

/** The tries of a receiver at one place; null where its context has no room. */
export type Pool = readonly Finished[] | null;

export interface ReceiverState {
  readonly model: ModelChoice;
  readonly status: 'waiting' | 'loading' | 'working' | 'done' | 'failed';
  readonly problem: ErrorReport | null;
  /** By `placeKey`. Answers that begin alike share what was finished there. */
  readonly pools: ReadonlyMap<string, Pool>;
}

export interface TransferData {
  readonly task: string;
  readonly question: Question | null;
  /** Tries of each receiver at each cut. */
  readonly tries: number;
  /** One, or two to compare. */
  readonly lanes: readonly Lane[];
  /** The lane whose tries are listed and whose cut the keys move. */
  readonly active: number;
  readonly receivers: readonly ReceiverState[];
  /** The receiver whose band and base rate are drawn, by its model's key. */
  readonly lifted: string;
}

export const TRIES = { first: 24, least: 1, most: 200 } as const;

export function freshLane(policy: ModelChoice): Lane {
  return {
    policy,
    number: 0,
    given: null,
    status: 'waiting',
    answer: null,
    problem: null,
    cut: 0,
    wantedCut: null,
  };
}

export function freshReceiver(model: ModelChoice): ReceiverState {
  return { model, status: 'waiting', problem: null, pools: new Map() };
}

/** A task as it is opened: its first policy answers, its first receivers finish, and no question is asked yet. */
export function freshData(task: string, tries: number = TRIES.first): TransferData {
  const [policy] = policiesOf(task);
  const others = receiversOf(task).filter(({ ref }) => ref.key !== policy.ref.key);
  // A model finishing its own answers is the last choice, taken where there are not two others.
  const candidates = others.length >= 2 ? others : [...others, policy];
  const { receivers: first = [] } = scopeTask(task);
  const chosen = candidates.filter(({ ref }) => first.includes(ref.key));
  const receivers = (chosen.length > 0 ? chosen : candidates.slice(0, FIRST_RECEIVERS)).map(
    freshReceiver,
  );
  return {
    task,
    question: null,
    tries,
    lanes: [freshLane(policy)],
    active: 0,
    receivers,
    lifted: receivers[0].model.ref.key,
  };
}

/** What tells one unfinished answer to the question from another. */
export function placeKey(cut: number, prefix: string): string {
  return `${cut} ${prefix}`;
}

export function poolAt(receiver: ReceiverState, answer: Answer, cut: number): Pool | undefined {
  return receiver.pools.get(placeKey(cut, answer.prefixes[cut]));
}

/** Right and tried at a cut; undefined where nothing is known yet, or the receiver has no room. */
export function shareAt(receiver: ReceiverState, answer: Answer, cut: number): Share | undefined {
  const pool = poolAt(receiver, answer, cut);
  return pool && pool.length > 0 ? shareOf(pool) : undefined;
}

export interface CurvePoint extends Share {
  readonly cut: number;
}

/** The cuts that are known, from left to right. */
export function curveOf(receiver: ReceiverState, answer: Answer): CurvePoint[] {
  return [...answer.prefixes.keys()].flatMap((cut) => {
    const share = shareAt(receiver, answer, cut);
    return share ? [{ cut, ...share }] : [];
  });
}

export function withLane(data: TransferData, index: number, change: Partial<Lane>): TransferData {
  const lanes = data.lanes.map((lane, i) => (i === index ? { ...lane, ...change } : lane));
  return { ...data, lanes };
}

export function withReceiver(
  data: TransferData,
  key: string,
  change: (receiver: ReceiverState) => Partial<ReceiverState>,
): TransferData {
  const receivers = data.receivers.map((receiver) =>
    receiver.model.ref.key === key ? { ...receiver, ...change(receiver) } : receiver,
  );
  return { ...data, receivers };
}

/** There is more to do: who was done no longer is. */
export function withMoreToDo(data: TransferData): TransferData {
  const receivers = data.receivers.map(
    (receiver): ReceiverState =>
      receiver.status === 'done' ? { ...receiver, status: 'waiting' } : receiver,
  );
  return { ...data, receivers };
}

/** Follows what is looked at: the first lane is the subject's. @returns the same data where nothing is new */
export function withSubject(data: TransferData, subject: SubjectData): TransferData {
  const { task, question, policy, answer, next, beside } = subject;
  let followed = data.task === task ? data : freshData(task, data.tries);
  const asked = followed.question !== question;
  if (asked) followed = withQuestion(followed, question);
  if (followed.lanes[0].policy.ref.key !== policy.ref.key) {
    followed = withLane(followed, 0, freshLane(policy));
  }
  if (asked && beside !== null) followed = withBeside(followed, writtenAnswer(beside));
  const number = answer ? answer.number : next;
  const [{ given, number: before }] = followed.lanes;
  if (answer === given && (answer || number === before)) return followed;
  return withLane(followed, 0, { given: null, number, status: 'waiting', problem: null });
}

/** Sets an answer that was written below the first; the same policy reads it. */
export function withBeside(
  data: TransferData,
  given: GivenAnswer,
  wantedCut: number | null = null,
): TransferData {
  const [first] = data.lanes;
  const second: Lane = { ...freshLane(first.policy), number: null, given, wantedCut };
  return { ...data, lanes: [first, second] };
}

/** Whether the second lane holds an answer that was written, and not one of another policy. */
export function isBeside({ lanes: [, second] }: Pick<TransferData, 'lanes'>): boolean {
  return second !== undefined && second.number === null;
}

/** Asks another question: every answer and all tries belong to the one before and go. */
export function withQuestion(data: TransferData, question: Question | null): TransferData {
  return {
    ...data,
    question,
    active: Math.min(data.active, data.lanes.length - 1),
    lanes: data.lanes.map(({ policy }) => freshLane(policy)),
    receivers: data.receivers.map((receiver) => ({
      ...freshReceiver(receiver.model),
      // What could not be opened for one question cannot be for the next, until a person asks again.
      ...(receiver.status === 'failed' && { status: 'failed', problem: receiver.problem }),
    })),
  };
}

/** Chooses the receivers; those that stay keep what they have finished. */
export function withReceivers(data: TransferData, models: readonly ModelChoice[]): TransferData {
  const receivers = models.map(
    (model) =>
      data.receivers.find((known) => known.model.ref.key === model.ref.key) ?? freshReceiver(model),
  );
  const lifted = receivers.some(({ model }) => model.ref.key === data.lifted)
    ? data.lifted
    : (receivers[0]?.model.ref.key ?? '');
  return { ...data, receivers, lifted };
}

/** A place at which a receiver has tries to do. */
export interface Place {
  readonly lane: number;
  readonly cut: number;
  readonly prefix: string;
  /** Tries that are there already. */
  readonly have: number;
}

/**
 * The place that a receiver should do next: where somebody looks, from scratch, and then cut after cut from coarse to fine.
 * @param order gives the cuts of an answer from coarse to fine
 */
export function nextPlace(
  data: TransferData,
  receiver: ReceiverState,
  order: (answer: Answer) => readonly number[],
): Place | undefined {
  const lanes = data.lanes.flatMap(({ answer, cut, status }, lane) =>
    answer && status === 'ready' ? [{ lane, answer, cut, order: order(answer) }] : [],
  );
  const seen = lanes.toSorted(
    (a, b) => Number(b.lane === data.active) - Number(a.lane === data.active),
  );
  const candidates: { lane: (typeof lanes)[number]; cut: number }[] = [
    ...seen.map((lane) => ({ lane, cut: lane.cut })),
    ...seen.slice(0, 1).map((lane) => ({ lane, cut: 0 })),
  ];
  const longest = Math.max(0, ...seen.map((lane) => lane.order.length));
  for (let i = 0; i < longest; i++) {
    for (const lane of seen)
      if (i < lane.order.length) candidates.push({ lane, cut: lane.order[i] });
  }
  for (const { lane, cut } of candidates) {
    const pool = poolAt(receiver, lane.answer, cut);
    const have = pool?.length ?? 0;
    if (pool === null || have >= data.tries) continue;
    return { lane: lane.lane, cut, prefix: lane.answer.prefixes[cut], have };
  }
  return undefined;
}

/** Adds tries at a place behind those that are there; null says that there is no room for any. */
export function withTries(
  data: TransferData,
  key: string,
  { cut, prefix, have }: Omit<Place, 'lane'>,
  tries: Pool,
): TransferData {
  return withReceiver(data, key, ({ pools }) => {
    const place = placeKey(cut, prefix);
    const before = pools.get(place) ?? [];
    const pool = tries && [...before.slice(0, have), ...tries];
    return { pools: new Map(pools).set(place, pool) };
  });
}
