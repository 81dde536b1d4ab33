import { beforeEach, describe, expect, it } from 'vitest';
import { scrub, useCursor } from './cursor-store.ts';

beforeEach(() => useCursor.getState().release());

describe('cursor', () => {
  it('follows the run exactly while no step is pinned', () => {
    useCursor.getState().pin(7);
    expect(useCursor.getState()).toMatchObject({ pinnedStep: 7, followLive: false });
    useCursor.getState().unpin();
    expect(useCursor.getState()).toMatchObject({ pinnedStep: null, followLive: true });
  });

  it('scrubs over logged steps from the last one, and stops at the ends', () => {
    const steps = [0, 5, 10, 15];
    scrub(steps, -1);
    expect(useCursor.getState().pinnedStep).toBe(10);
    scrub(steps, Number.NEGATIVE_INFINITY);
    expect(useCursor.getState().pinnedStep).toBe(0);
    scrub(steps, 10);
    expect(useCursor.getState().pinnedStep).toBe(15);
    scrub([], -1);
    expect(useCursor.getState().pinnedStep).toBe(15);
  });

  it('goes from between two logged steps to the nearer neighbour on that side', () => {
    useCursor.getState().pin(7);
    scrub([0, 5, 10, 15], -1);
    expect(useCursor.getState().pinnedStep).toBe(5);
    useCursor.getState().pin(7);
    scrub([0, 5, 10, 15], 1);
    expect(useCursor.getState().pinnedStep).toBe(10);
  });
});
