/** A run under way: its arms, whose step is next, and whose turn it is on the device. */
import type { Arm } from './arm.ts';

/** What goes on: one run, or two that take turns step by step. */
export interface Run {
  readonly id: string;
  readonly abort: AbortController;
  readonly arms: readonly Arm[];
  recoveries: number;
  /** Its device is gone for good: nothing can be read or computed any more. */
  dead: boolean;
  /** True while the loop of steps runs. */
  busy: boolean;
  /** Steps and evaluations take turns: they share one device, and those of a run one generator. */
  turn: Promise<unknown>;
  /** Ends the evaluations that were asked for. */
  evaluations: AbortController;
  halt: boolean;
}

/** Whose step is next: of the arms that are not finished the one with the fewest steps, the first of equals. */
export function nextArm({ arms }: Run): Arm | undefined {
  const going = arms.filter((arm) => !arm.trainer.finished);
  const least = Math.min(...going.map(({ step }) => step));
  return going.find(({ step }) => step === least);
}

/** Whether all arms stand at one step and none is still behind what it has told: where a run may halt. */
export function isLevel({ arms }: Run): boolean {
  const going = arms.filter((arm) => !arm.trainer.finished);
  return (
    arms.every((arm) => arm.step >= arm.reported) &&
    going.every(({ step }) => step === going[0].step)
  );
}

/** Does work once all that was begun before is done, whatever became of it. */
export function takeTurn<T>(run: Run, work: () => Promise<T>): Promise<T> {
  const mine = run.turn.then(work);
  run.turn = mine.catch(() => undefined);
  return mine;
}
