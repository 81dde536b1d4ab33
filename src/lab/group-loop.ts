/** The loop of a group's steps. Arms take turns step by step and halt at the same step. */
import { type ErrorKind, toReport } from '../errors.ts';
import type { Arm } from './arm.ts';
import type { Group, Survive } from './group.ts';

/** What the loop needs from the session. */
export interface LoopHost {
  /** Does pending work between two steps, while all arms are at the same step. */
  readonly betweenSteps: () => Promise<void>;
  /** Keeps a checkpoint; it takes a copy of all states, and does not wait until that is written. */
  readonly keep: (group: Group) => Promise<void>;
  readonly survive: Survive;
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

/** Steps between copies of the state to the host. Runs are brought back from the last copy when the device is lost. */
const COPY_STEPS = 10;
/** Failures of the device. The state on the host is whole, so the step can be tried again on another. */
const DEVICE: readonly ErrorKind[] = ['DeviceLost', 'GpuError'];

/** Does steps until all arms are finished, a halt is requested, or an arm fails. */
export async function loop(group: Group, host: LoopHost): Promise<LoopEnd> {
  const { signal } = group.abort;
  let [arm] = group.arms;
  try {
    for (arm of group.arms) await begin(group, arm, host);
    for (;;) {
      const turn = group.next;
      if (!turn) return { type: 'finished' };
      arm = turn;
      if (group.level) await host.betweenSteps();
      await group.takeTurn(() => step(group, turn, host));
      if (signal.aborted) return { type: 'aborted' };
      if (group.halt && group.level && group.next) return { type: 'halted' };
    }
  } catch (error) {
    if (signal.aborted) return { type: 'aborted' };
    const { kind } = toReport(error);
    const again = DEVICE.includes(kind) || (arm.whole && kind !== 'ShaderError');
    return { type: 'failed', at: arm, error, again };
  }
}

function begin(group: Group, arm: Arm, host: LoopHost): Promise<void> {
  const { signal } = group.abort;
  return group.takeTurn(async () => {
    await host.survive(group, () => arm.goBack());
    const row = await host.survive(group, () => arm.baseline(signal));
    if (!signal.aborted) await arm.report(row);
  });
}

async function step(group: Group, arm: Arm, { keep, survive }: LoopHost): Promise<void> {
  const { signal } = group.abort;
  const gate = arm === group.arms[0] ? group.gate : undefined;
  const result = await survive(group, () => arm.next(signal, gate));
  if (signal.aborted) return;
  await arm.report(result);
  if (arm.step % COPY_STEPS === 0) await survive(group, () => arm.keep());
  // What a halt or the end keeps is kept there.
  const goesOn = group.next !== undefined && !group.halt;
  if (goesOn && group.level && arm.step % group.keepEvery === 0) await keep(group);
}
