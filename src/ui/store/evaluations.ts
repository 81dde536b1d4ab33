/** The evaluations that were asked for on the page: what is under way and what came of it. Pure data. */
import type { ErrorReport } from '../../errors.ts';
import type { LabEvent } from '../../lab/protocol.ts';
import type { Evaluation } from '../../rl/evaluate/evaluate.ts';
import type { EvaluationOrder } from '../../rl/evaluate/order.ts';

export interface PendingEvaluation {
  readonly id: number;
  readonly order: EvaluationOrder;
  /** Answers and continuations there are; both 0 before its turn has come. */
  readonly done: number;
  readonly total: number;
}

export interface EvaluationResult {
  readonly id: number;
  readonly order: EvaluationOrder;
  /** Of the run when it was carried out. */
  readonly step: number;
  readonly evaluation: Evaluation;
}

export interface Evaluations {
  readonly pending: readonly PendingEvaluation[];
  /** In the order in which they came. */
  readonly results: readonly EvaluationResult[];
  /** Why the last one was not carried out; null also where it was given up. */
  readonly problem: ErrorReport | null;
}

export const NO_EVALUATIONS: Evaluations = { pending: [], results: [], problem: null };

type EvaluationEvent = Extract<LabEvent, { type: 'evaluating' | 'evaluated' | 'not-evaluated' }>;

export function withOrders(
  evaluations: Evaluations,
  asked: readonly (readonly [number, EvaluationOrder])[],
): Evaluations {
  const added = asked.map(([id, order]) => ({ id, order, done: 0, total: 0 }));
  return { ...evaluations, pending: [...evaluations.pending, ...added], problem: null };
}

/** The orders that answer a wish: the policy now, and before training where that was not asked on the same questions. */
export function ordersFor(
  { pending, results }: Evaluations,
  asked: Omit<EvaluationOrder, 'policy'>,
): readonly EvaluationOrder[] {
  const before = { ...asked, policy: 'before' } as const;
  const known = [...results, ...pending].some(
    ({ order }) => order.policy === 'before' && comparable(order, before),
  );
  const now = { ...asked, policy: 'now' } as const;
  return known ? [now] : [before, now];
}

/** Applies what the worker says; an answer to what nobody waits for changes nothing. */
export function reduceEvaluations(evaluations: Evaluations, event: EvaluationEvent): Evaluations {
  const { pending, results } = evaluations;
  const asked = pending.find(({ id }) => id === event.id);
  if (!asked) return evaluations;
  if (event.type === 'evaluating') {
    const { done, total } = event;
    const moved = pending.map((one) => (one === asked ? { ...one, done, total } : one));
    return { ...evaluations, pending: moved };
  }
  const left = pending.filter((one) => one !== asked);
  if (event.type === 'evaluated') {
    const { id, step, evaluation } = event;
    return {
      ...evaluations,
      pending: left,
      results: [...results, { id, order: asked.order, step, evaluation }],
    };
  }
  const problem = event.error.kind === 'Cancelled' ? evaluations.problem : event.error;
  return { ...evaluations, pending: left, problem };
}

/** Whether two orders ask the same of possibly different policies, so that their results can be compared. */
export function comparable(a: EvaluationOrder, b: EvaluationOrder): boolean {
  return (
    a.split === b.split &&
    a.prompts === b.prompts &&
    a.samples === b.samples &&
    a.receivers === b.receivers &&
    a.receiver_backend === b.receiver_backend &&
    a.transfer_answers === b.transfer_answers &&
    (a.tournament ?? 0) === (b.tournament ?? 0)
  );
}

/** The results that can be compared with the last one: before training, then by step, the newest of each step. */
export function comparisons(results: readonly EvaluationResult[]): readonly EvaluationResult[] {
  const last = results.at(-1);
  if (!last) return [];
  const same = results.filter(({ order }) => comparable(order, last.order));
  const byStep = new Map(
    same.map((result) => [result.order.policy === 'before' ? -1 : result.step, result]),
  );
  return [...byStep].sort(([a], [b]) => a - b).map(([, result]) => result);
}
