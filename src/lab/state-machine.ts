/**
 * The life of a run as one pure function. The page and the worker both use it, so neither can show or reach a state that the
 * other does not know. A transition that is not in the table cannot happen.
 */
import type { LabState } from './protocol.ts';

/**
 * What can happen to a run. The user asks for `run`, `step`, `pause`, `reset` and `recover` (continue from the last good step, once
 * the cause of a failure is removed). The trainer reports `ready` (compiled and loaded), `halted` (a step ended, and a pause or a
 * single step was requested), `done` (the last step ended) and `fail`.
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

/** `pause` in `running` stays in `running`: a step is always finished, and the state changes once the trainer has halted. */
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

/** Whether the user may ask for `input` now; buttons are disabled otherwise. */
export function accepts(state: LabState, input: LabInput): boolean {
  return TABLE[state][input] !== undefined;
}

/**
 * Whether the trainer can report `next` for a run last seen in `state`. Reports may skip a state that was passed quickly (`preparing`
 * to `paused` in a single step), so this is reachability. It leaves out what only the user can do, a reset or a recovery, because the
 * page shows that before the trainer knows of it.
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
