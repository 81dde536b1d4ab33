/** Evaluations ordered during runs: each is done in its turn, between two steps. */
import { BatonError, toReport } from '../errors.ts';
import type { Group } from './group.ts';
import type { LabCommand, LabEvent } from './protocol.ts';

/** Carries out an order in its turn. If it fails, the run continues. */
export async function evaluate(
  group: Group,
  { runId, id, order }: Extract<LabCommand, { type: 'evaluate' }>,
  post: (event: LabEvent) => void,
): Promise<void> {
  const arm = group.arm(runId);
  if (!arm) return;
  const about = { runId, id };
  const signal = group.evaluations;
  const onProgress = (done: number, total: number) =>
    post({ type: 'evaluating', ...about, done, total });
  try {
    const { step, evaluation } = await group.takeTurn(async () => {
      throwIfAborted(signal);
      const { step } = arm;
      return { step, evaluation: await arm.evaluate(order, { signal, onProgress }) };
    });
    post({ type: 'evaluated', ...about, step, evaluation });
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
