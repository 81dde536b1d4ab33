import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { KernelLabClient, type KernelWorkerLike } from './client.ts';
import type { Asked } from './protocol.ts';

class FakeWorker implements KernelWorkerLike {
  readonly asked: Asked[] = [];
  ended = false;
  onmessage: KernelWorkerLike['onmessage'] = null;
  onerror: KernelWorkerLike['onerror'] = null;
  postMessage(message: Asked): void {
    this.asked.push(message);
  }
  terminate(): void {
    this.ended = true;
  }
  advance(index: number, done: number): void {
    const data = { id: this.asked[index].id, advance: { done, total: 3 } };
    this.onmessage?.({ data } as MessageEvent);
  }
  answer(index: number, error?: 'DeviceLost' | 'BadConfig'): void {
    const { id } = this.asked[index];
    const data = error
      ? { id, ok: false as const, error: { kind: error, message: error, remedy: '' } }
      : { id, ok: true as const, answer: [] };
    this.onmessage?.({ data } as MessageEvent);
  }
}

let workers: FakeWorker[];
let client: KernelLabClient;
const check = { type: 'check', kernel: 'rope', variant: 'plain', cases: [0] } as const;

beforeEach(() => {
  vi.useFakeTimers();
  workers = [];
  client = new KernelLabClient(() => {
    const worker = new FakeWorker();
    workers.push(worker);
    return worker;
  });
});
afterEach(() => vi.useRealTimers());

describe('KernelLabClient', () => {
  it('ends a worker that does not answer in time, and asks a fresh one next', async () => {
    const late = expect(client.ask<'check'>(check, 5000)).rejects.toMatchObject({
      kind: 'Cancelled',
      message: 'It was ended after 5 s without a sign of life',
    });
    vi.advanceTimersByTime(5000);
    await late;
    expect(workers[0].ended).toBe(true);
    const next = client.ask<'check'>(check, 5000);
    workers[1].answer(0);
    await expect(next).resolves.toEqual([]);
    vi.advanceTimersByTime(10_000);
    expect(workers[1].ended).toBe(false);
  });

  it('waits longer for a worker that says how far it is', async () => {
    const seen: unknown[] = [];
    const answer = client.ask<'check'>(check, 5000, (advance) => seen.push(advance));
    for (let done = 1; done <= 3; done++) {
      vi.advanceTimersByTime(4000);
      workers[0].advance(0, done);
    }
    workers[0].answer(0);
    await expect(answer).resolves.toEqual([]);
    expect(seen).toEqual([1, 2, 3].map((done) => ({ done, total: 3 })));
    const silent = expect(client.ask<'check'>(check, 5000)).rejects.toThrow('sign of life');
    workers[0].advance(1, 1);
    vi.advanceTimersByTime(5000);
    await silent;
  });

  it('drops a device that was lost, and keeps one that only refused a question', async () => {
    const refused = expect(client.ask<'check'>(check, 5000)).rejects.toThrow('BadConfig');
    workers[0].answer(0, 'BadConfig');
    await refused;
    expect(workers[0].ended).toBe(false);
    const lost = expect(client.ask<'check'>(check, 5000)).rejects.toThrow('DeviceLost');
    workers[0].answer(1, 'DeviceLost');
    await lost;
    expect(workers[0].ended).toBe(true);
  });

  it('fails whatever was asked when a person stops it', async () => {
    const both = Promise.allSettled([
      client.ask<'check'>(check, 5000),
      client.ask<'check'>(check, 5000),
    ]);
    client.stop();
    expect((await both).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  });
});
