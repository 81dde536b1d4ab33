import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { drawSoon } from './draw-queue.ts';

let frames: (() => void)[] = [];

beforeEach(() => {
  frames = [];
  vi.stubGlobal('requestAnimationFrame', (frame: () => void) => frames.push(frame));
});
afterEach(() => vi.unstubAllGlobals());

/** Runs frames until none is asked for; answers how many there were. */
function runFrames(): number {
  let count = 0;
  for (let next = frames.shift(); next; next = frames.shift()) {
    next();
    count += 1;
  }
  return count;
}

describe('draw queue', () => {
  it('draws one a frame at most, in the order of asking, and asks for no frame when nothing waits', () => {
    const drawn: number[] = [];
    for (let i = 0; i < 3; i += 1) drawSoon(() => drawn.push(i));
    expect(frames).toHaveLength(1);
    frames.shift()?.();
    expect(drawn.length).toBeLessThanOrEqual(1);
    expect(runFrames()).toBeGreaterThanOrEqual(3);
    expect(drawn).toEqual([0, 1, 2]);
    expect(frames).toHaveLength(0);
  });

  it('forgets what was taken back, and goes on after a draw that failed', () => {
    const drawn: string[] = [];
    const cancel = drawSoon(() => drawn.push('gone'));
    drawSoon(() => {
      throw new Error('this one fails');
    });
    drawSoon(() => drawn.push('kept'));
    cancel();
    for (let next = frames.shift(); next; next = frames.shift()) {
      try {
        next();
      } catch {
        drawn.push('failed');
      }
    }
    expect(drawn).toEqual(['failed', 'kept']);
  });
});
