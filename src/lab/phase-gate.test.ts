import { describe, expect, test } from 'vitest';
import { PhaseGate } from './phase-gate.ts';

/** Whether a wait is over. */
function watched(wait: Promise<void>) {
  const seen = { over: false };
  void wait.then(() => {
    seen.over = true;
  });
  return async () => {
    await new Promise((resolve) => setTimeout(resolve, 0));
    return seen.over;
  };
}

const never = new AbortController().signal;

describe('a gate between phases', () => {
  test('lets pass what nobody holds', async () => {
    const over = watched(new PhaseGate().wait(never));
    expect(await over()).toBe(true);
  });

  test('holds until asked for the next phase, and then again', async () => {
    const gate = new PhaseGate();
    gate.hold();
    const first = watched(gate.wait(never));
    expect([await first(), gate.waiting]).toEqual([false, true]);
    gate.next();
    expect([await first(), gate.waiting]).toEqual([true, false]);
    const second = watched(gate.wait(never));
    expect(await second()).toBe(false);
    gate.open();
    expect(await second()).toBe(true);
    expect(await watched(gate.wait(never))()).toBe(true);
  });

  test('does not hold what is ended', async () => {
    const gate = new PhaseGate();
    gate.hold();
    const end = new AbortController();
    const over = watched(gate.wait(end.signal));
    end.abort();
    expect(await over()).toBe(true);
    expect(await watched(gate.wait(end.signal))()).toBe(true);
  });
});
