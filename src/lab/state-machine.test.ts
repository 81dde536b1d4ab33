import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { LabState } from './protocol.ts';
import { accepts, canFollow, LAB_INPUTS, LAB_STATES, transition } from './state-machine.ts';

/** Written out by hand from the design, so that a wrong table entry has something to disagree with. */
const POSSIBLE: Readonly<Record<LabState, readonly LabState[]>> = {
  idle: ['idle', 'preparing', 'failed'],
  preparing: ['preparing', 'running', 'idle', 'failed'],
  running: ['running', 'paused', 'finished', 'idle', 'failed'],
  paused: ['running', 'idle', 'failed'],
  finished: ['idle'],
  failed: ['idle', 'running'],
};

describe('the state machine of a run', () => {
  test('no sequence of inputs leaves the possible transitions', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...LAB_INPUTS), { maxLength: 60 }), (inputs) => {
        let state: LabState = 'idle';
        for (const input of inputs) {
          const next = transition(state, input);
          if (next === undefined) continue;
          expect(POSSIBLE[state]).toContain(next);
          state = next;
        }
      }),
    );
  });

  test('every state can be reached from idle, and idle from every state', () => {
    for (const state of LAB_STATES) {
      expect(canFollow('idle', state)).toBe(true);
      expect(transition(state, 'reset')).toBe('idle');
    }
  });

  test('a finished run only goes on through a reset, a failed one also through a recovery', () => {
    for (const input of LAB_INPUTS.filter((input) => input !== 'reset')) {
      expect(accepts('finished', input)).toBe(false);
      expect(accepts('failed', input)).toBe(input === 'recover');
    }
  });

  test('pausing never tears a step: the state changes only when the trainer has halted', () => {
    expect(transition('running', 'pause')).toBe('running');
    expect(transition('running', 'halted')).toBe('paused');
  });

  test('a late report cannot revive a run that has ended or unprepare one that runs', () => {
    for (const next of ['preparing', 'running', 'paused'] as const) {
      expect(canFollow('finished', next)).toBe(false);
      expect(canFollow('failed', next)).toBe(false);
    }
    expect(canFollow('running', 'preparing')).toBe(false);
    expect(canFollow('preparing', 'paused')).toBe(true);
  });
});
