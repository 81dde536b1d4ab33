import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { OneJob } from './one-job.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test('another job ends the one before', () => {
  const job = new OneJob();
  const first = job.begin();
  const second = job.begin();
  expect([first.aborted, second.aborted]).toEqual([true, false]);
  job.cancel();
  expect(second.aborted).toBe(true);
});

test('what waits is put off by whatever comes, and then done once', () => {
  const job = new OneJob();
  const done: string[] = [];
  job.after(100, () => done.push('first'));
  vi.advanceTimersByTime(99);
  job.after(100, () => done.push('second'));
  vi.advanceTimersByTime(99);
  expect(done).toEqual([]);
  vi.advanceTimersByTime(200);
  expect(done).toEqual(['second']);
  job.after(100, () => done.push('third'));
  job.begin();
  vi.advanceTimersByTime(200);
  expect(done).toEqual(['second']);
});
