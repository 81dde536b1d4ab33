import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { makeLab } from '../testing/made-lab.ts';
import { STILL, whenStill } from './when-still.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function watched() {
  const made = makeLab();
  made.lab.open();
  const still = vi.fn();
  void whenStill(made.lab).then(still);
  return { ...made, still };
}

test('a page on which nothing runs is still after a while', async () => {
  const { still } = watched();
  await vi.advanceTimersByTimeAsync(STILL - 1);
  expect(still).not.toHaveBeenCalled();
  await vi.advanceTimersByTimeAsync(1);
  expect(still).toHaveBeenCalledOnce();
});

test('a run is waited for until its first step is done, however long it takes', async () => {
  const { lab, worker, still } = watched();
  await vi.advanceTimersByTimeAsync(STILL - 1);
  lab.run();
  await vi.advanceTimersByTimeAsync(10 * STILL);
  expect(still).not.toHaveBeenCalled();
  worker.tick();
  await vi.advanceTimersByTimeAsync(0);
  expect(still).toHaveBeenCalledOnce();
});

test('a run that is taken back before its first step is followed by another wait', async () => {
  const { lab, still } = watched();
  lab.run();
  await vi.advanceTimersByTimeAsync(STILL);
  lab.reset();
  await vi.advanceTimersByTimeAsync(STILL - 1);
  expect(still).not.toHaveBeenCalled();
  await vi.advanceTimersByTimeAsync(1);
  expect(still).toHaveBeenCalledOnce();
});
