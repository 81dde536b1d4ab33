/**
 * The loop of a group's steps. Arms take turns step by step and halt at the same step. A lost device is opened again, and every arm
 * continues from its last copy on the host.
 */
import { BatonError, type ErrorKind, toReport } from '../errors.ts';
import type { StepResult } from '../rl/run/runner.ts';
import type { Arm } from './arm.ts';
import type { Group } from './group.ts';

/** What the loop needs from the session. */
export interface LoopHost {
  /** Does pending work between two steps, while all arms are at the same step. */
  readonly betweenSteps: () => Promise<void>;
  /** Opens a device to replace a lost one, for every arm. */
  readonly reopen: (group: Group) => Promise<void>;
}

/** Why a loop ended. `at` is the arm that failed; `again` says that the failed step can be tried again. */
export type LoopEnd =
  | { readonly type: 'finished' | 'halted' | 'aborted' }
  | {
      readonly type: 'failed';
      readonly at: Arm;
      readonly error: unknown;
      readonly again: boolean;
    };

/** Steps between copies of the state to the host. Runs return to the last copy when the device is lost. */
const CHECKPOINT_STEPS = 10;
/** If the device is lost more often than this during one group, it is not opened again. */
const MAX_RECOVERIES = 2;
/** Failures of the device or its shaders. Trying the step again would not help, or recovery works differently. */
const DEVICE: readonly ErrorKind[] = ['DeviceLost', 'GpuError', 'ShaderError', 'NoWebGpu'];

/** Does steps until all arms are finished, a halt is requested, or an arm fails. */
export async function loop(group: Group, host: LoopHost): Promise<LoopEnd> {
  const { signal } = group.abort;
  let [arm] = group.arms;
  try {
    for (arm of group.arms) await begin(group, arm);
    for (;;) {
      const turn = group.next;
      if (!turn) return { type: 'finished' };
      arm = turn;
      if (group.level) await host.betweenSteps();
      const result = await group.takeTurn(() => stepOrRecover(group, turn, host));
      if (signal.aborted) return { type: 'aborted' };
      if (result) {
        await turn.report(result);
        if (turn.step % CHECKPOINT_STEPS === 0) await turn.keep();
      }
      if (group.halt && group.level && group.next) return { type: 'halted' };
    }
  } catch (error) {
    if (signal.aborted) return { type: 'aborted' };
    const again = arm.whole && !DEVICE.includes(toReport(error).kind);
    return { type: 'failed', at: arm, error, again };
  }
}

async function begin(group: Group, arm: Arm): Promise<void> {
  await group.takeTurn(() => arm.goBack());
  await arm.report(await group.takeTurn(() => arm.baseline(group.abort.signal)));
}

/** One step of an arm; null if the device was lost, opened again, and every arm returned to its last copy on the host. */
async function stepOrRecover(group: Group, arm: Arm, host: LoopHost): Promise<StepResult | null> {
  try {
    return await arm.next(group.abort.signal);
  } catch (error) {
    const lost = error instanceof BatonError && error.kind === 'DeviceLost';
    if (!lost || group.recoveries >= MAX_RECOVERIES) throw error;
    group.recoveries += 1;
    await host.reopen(group);
    return null;
  }
}
