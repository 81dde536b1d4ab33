/**
 * The life of a run as one pure function. The page and the worker both use it, so neither can show or reach a state that the
 * other does not know: what is not in the table cannot happen.
 */
import type { LabState } from './protocol.ts';

/**
 * What can happen to a run. `run`, `step`, `pause`, `reset` and `recover` (go on from the last good step before a failure whose cause was
 * taken away) are asked for by a person; `ready` (compiled and loaded), `halted` (a step ended and a pause or a single step was asked
 * for), `done` (the last step ended) and `fail` come from the trainer.
 */
export type LabInput =
  | 'run'
  | 'step'
  | 'pause'
  | 'reset'
  | 'recover'
  | 'ready'
  | 'halted'
  | 'done'
  | 'fail';

type Row = Readonly<Partial<Record<LabInput, LabState>>>;

/** `pause` while running stays `running`: a step is never torn, the state changes when the trainer has halted. */
const TABLE: Readonly<Record<LabState, Row>> = {
  idle: { run: 'preparing', step: 'preparing', reset: 'idle', fail: 'failed' },
  preparing: { pause: 'preparing', ready: 'running', reset: 'idle', fail: 'failed' },
  running: {
    pause: 'running',
    step: 'running',
    halted: 'paused',
    done: 'finished',
    reset: 'idle',
    fail: 'failed',
  },
  paused: { run: 'running', step: 'running', reset: 'idle', fail: 'failed' },
  finished: { reset: 'idle' },
  failed: { reset: 'idle', recover: 'running' },
};

export const LAB_STATES = Object.keys(TABLE) as readonly LabState[];
export const LAB_INPUTS: readonly LabInput[] = [
  'run',
  'step',
  'pause',
  'reset',
  'recover',
  'ready',
  'halted',
  'done',
  'fail',
];

/** The state after `input`, or undefined where `input` is not possible in `state`. */
export function transition(state: LabState, input: LabInput): LabState | undefined {
  return TABLE[state][input];
}

/** Whether a person may ask for `input` now; what a button's `disabled` shows. */
export function accepts(state: LabState, input: LabInput): boolean {
  return TABLE[state][input] !== undefined;
}

/**
 * Whether a report that the trainer is in `next` can be true of a run last seen in `state`. Reports may skip a state that
 * was passed quickly (`preparing` to `paused` in a single step), so this is reachability without what only a person does: a reset or
 * a recovery, which the page shows before the trainer knows of it.
 */
export function canFollow(state: LabState, next: LabState): boolean {
  if (next === 'idle' || next === state) return true;
  const seen = new Set<LabState>([state]);
  const queue: LabState[] = [state];
  for (let from = queue.pop(); from !== undefined; from = queue.pop()) {
    for (const [input, to] of Object.entries(TABLE[from])) {
      if (input === 'reset' || input === 'recover' || seen.has(to)) continue;
      if (to === next) return true;
      seen.add(to);
      queue.push(to);
    }
  }
  return false;
}

/** True while the trainer holds the GPU for a run. */
export function isBusy(state: LabState): boolean {
  return state === 'preparing' || state === 'running';
}
