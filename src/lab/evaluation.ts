/** Evaluations ordered during runs: each is done in its turn, between two steps. */
import { BatonError, toReport } from '../errors.ts';
import type { Group, Survive } from './group.ts';
import type { LabCommand, LabEvent } from './protocol.ts';

/** What work that is ordered during a run needs from the session. */
export interface OrderHost {
  readonly post: (event: LabEvent, transfer?: ArrayBuffer[]) => void;
  readonly survive: Survive;
}

/** Carries out an order in its turn. If it fails, the run continues. */
export async function evaluate(
  group: Group,
  { runId, id, order }: Extract<LabCommand, { type: 'evaluate' }>,
  { post, survive }: OrderHost,
): Promise<void> {
  const arm = group.arm(runId);
  if (!arm) return;
  const about = { runId, id };
  const signal = group.evaluations;
  try {
    const work = async () => {
      throwIfAborted(signal);
      const { step } = arm;
      const { gpu } = group;
      const onProgress = (done: number, total: number) => {
        // What is left of an evaluation whose device was lost tells nothing about the one that is done in its place.
        if (!gpu.failure) post({ type: 'evaluating', ...about, done, total });
      };
      return { step, evaluation: await arm.evaluate(order, { signal, onProgress }) };
    };
    const { step, evaluation } = await group.takeTurn(() => survive(group, work));
    post({ type: 'evaluated', ...about, order, step, evaluation });
  } catch (error) {
    post({ type: 'not-evaluated', ...about, error: toReport(error) });
  }
}

function throwIfAborted(signal: AbortSignal): void {
  if (!signal.aborted) return;
  throw new BatonError({
    kind: 'Cancelled',
    message: 'The evaluation was cancelled',
    remedy: 'The run is not affected.',
  });
}
