/** The client and its worker's host, joined without a worker: what is opened answers, what fails is told, nothing waits for ever. */
import { describe, expect, it, vi } from 'vitest';
import type { ReceiverRequest } from '../model/receiver.ts';
import { ReceiverHost } from './host.ts';
import { openNodeRuntime } from './node-runtime.ts';
import { exportOnnx } from './onnx/export-onnx.ts';
import { OnnxReceiver } from './onnx-receiver.ts';
import type { ReceiverEvent } from './protocol.ts';
import { filesOf, ReceiverClient, type ReceiverWorkerLike } from './receiver-client.ts';
import { bundledModel, bundledReader } from './testing/models.ts';

const runtime = await openNodeRuntime();
const id = 'policies/chain-nano';
const model = await bundledModel(id);
const read = bundledReader(id);
const [tokenizer, settings, weights, config] = await Promise.all(
  ['tokenizer.json', 'tokenizer_config.json', 'model.safetensors', 'config.json'].map(
    async (name) => (await read(name)) ?? undefined,
  ),
);

/** A worker that is a host in this thread; messages are copied as between threads. */
function fakeWorkers(answers = true) {
  const log = { spawned: 0, ended: 0, runtimes: 0 };
  const workers: ReceiverWorkerLike[] = [];
  const spawn = (): ReceiverWorkerLike => {
    log.spawned += 1;
    const worker: ReceiverWorkerLike = {
      onmessage: null,
      onerror: null,
      terminate: () => {
        log.ended += 1;
        worker.onmessage = null;
      },
      postMessage: (command) => {
        if (answers) setTimeout(() => void host.handle(structuredClone(command)), 0);
      },
    };
    const host = new ReceiverHost({
      runtime: async () => {
        log.runtimes += 1;
        return runtime;
      },
      post: (event) =>
        worker.onmessage?.({ data: structuredClone(event) } as MessageEvent<ReceiverEvent>),
    });
    workers.push(worker);
    return worker;
  };
  return { log, workers, spawn };
}

function client(fake: ReturnType<typeof fakeWorkers>, patience?: { open: number; stop: number }) {
  return new ReceiverClient({
    spawn: fake.spawn,
    read: bundledReader,
    ...(patience && { patience }),
  });
}

const sampling = { temperature: 1, topK: 0, topP: 1, minP: 0, greedy: false };
const request = (more: Partial<ReceiverRequest> = {}): ReceiverRequest => ({
  prompts: ['12+95+7:', '3+4:'].map(
    (text) => model.tokenizer?.encode(text, { addSpecial: true }) ?? [],
  ),
  budgets: [20, 9],
  copies: 3,
  sampling,
  key: [5, 6],
  uid: 2,
  ...more,
});

describe('ReceiverClient', () => {
  it('opens a bundled model, weights and a decoder of somebody’s own, which write the same tokens', async () => {
    const direct = await OnnxReceiver.fromModel(runtime, id, model);
    const wanted = await direct.complete(request());
    direct.close();
    const fake = fakeWorkers();
    const receivers = client(fake);
    const small = filesOf({ 'tokenizer.json': tokenizer, 'tokenizer_config.json': settings });
    const opened = await Promise.all([
      receivers.open({ kind: 'bundled', id }),
      receivers.open({
        kind: 'weights',
        id: 'mine',
        files: new Map([
          ...small,
          ...filesOf({ 'config.json': config, 'model.safetensors': weights }),
        ]),
      }),
      receivers.open({ kind: 'onnx', id: 'theirs', file: exportOnnx(model), files: small }),
    ]);
    expect(opened.map((r) => r.id)).toEqual([id, 'mine', 'theirs']);
    expect(opened.map((r) => r.positions)).toEqual([96, 96, 96]);
    for (const receiver of opened) {
      expect(await receiver.complete(request())).toEqual(wanted);
      expect(receiver.tokenizer.decode(wanted[0].ids)).toBe(model.tokenizer?.decode(wanted[0].ids));
    }
    expect(fake.log).toEqual({ spawned: 1, ended: 0, runtimes: 1 });
    opened[0].close();
    await expect(opened[0].complete(request())).rejects.toThrow(/closed/);
    opened[1].close();
    expect(fake.log.ended).toBe(0);
    opened[2].close();
    expect(fake.log.ended).toBe(1);
  });

  it('refuses a file that is no decoder before a runtime is started, and opens the next', async () => {
    const fake = fakeWorkers();
    const receivers = client(fake);
    const file = exportOnnx(model);
    const files = filesOf({ 'tokenizer.json': tokenizer });
    const cut = file.slice(0, 5000);
    await expect(
      receivers.open({ kind: 'onnx', id: 'cut', file: cut, files }),
    ).rejects.toMatchObject({
      kind: 'BadFile',
    });
    await expect(
      receivers.open({ kind: 'onnx', id: 'mute', file, files: new Map() }),
    ).rejects.toMatchObject({ kind: 'BadFile', field: 'tokenizer.json' });
    expect(fake.log.runtimes).toBe(0);
    const opened = await receivers.open({ kind: 'onnx', id: 'whole', file, files });
    expect(await opened.complete(request())).toHaveLength(6);
    receivers.terminate();
  });

  it('passes on what the runtime says of operators that it does not have', async () => {
    const receivers = client(fakeWorkers());
    const file = exportOnnx(model);
    // "Sigmoid" becomes "Sigmoib": the file stays whole, and nobody has that operator.
    const bytes = file.slice();
    const word = new TextEncoder().encode('Sigmoid');
    for (let at = 0; at < 200_000; at++) {
      if (word.every((byte, i) => bytes[at + i] === byte)) bytes[at + 6] = 98;
    }
    const files = filesOf({ 'tokenizer.json': tokenizer });
    await expect(
      receivers.open({ kind: 'onnx', id: 'odd', file: bytes, files }),
    ).rejects.toMatchObject({ kind: 'BadFile', message: expect.stringMatching(/Sigmoib/) });
  });

  it('stops a call without harming others', async () => {
    const receivers = client(fakeWorkers());
    const receiver = await receivers.open({ kind: 'bundled', id });
    const stop = new AbortController();
    const long = request({
      copies: 60,
      sampling: { ...sampling, temperature: 9 },
      signal: stop.signal,
    });
    const stopped = receiver.complete(long);
    const other = receiver.complete(request());
    setTimeout(() => stop.abort(), 10);
    await expect(stopped).rejects.toMatchObject({ kind: 'Cancelled' });
    expect(await other).toHaveLength(6);
    await expect(receiver.complete(request({ signal: AbortSignal.abort() }))).rejects.toMatchObject(
      { kind: 'Cancelled' },
    );
    receivers.terminate();
    await expect(receiver.complete(request())).rejects.toThrow(/closed/);
  });

  it('opens a reward model, whose last close ends the worker too', async () => {
    const fake = fakeWorkers();
    const receivers = client(fake);
    const reward = await receivers.openReward({ kind: 'bundled', id: 'reward-models/chain-carry' });
    expect(reward.config).toMatchObject({ reward: { granularity: 'dense' } });
    const { tokenizer } = reward;
    const prompts = [tokenizer.encode('7+8+5+9:', { addSpecial: true })];
    const completions = [tokenizer.encode('7+8=15')];
    const [row] = await reward.values({ prompts, completions });
    expect(row).toHaveLength(6);
    const stop = AbortSignal.abort();
    await expect(reward.values({ prompts, completions, signal: stop })).rejects.toMatchObject({
      kind: 'Cancelled',
    });
    reward.close();
    expect(fake.log).toMatchObject({ spawned: 1, ended: 1 });
    const files = new Map<string, Uint8Array>();
    for (const name of [
      'config.json',
      'model.safetensors',
      'tokenizer.json',
      'tokenizer_config.json',
    ])
      files.set(name, (await bundledReader('reward-models/chain-carry')(name)) ?? new Uint8Array());
    const own = await receivers.openReward({ kind: 'weights', id: 'own/reward', files });
    expect(await own.values({ prompts, completions })).toEqual([row]);
    own.close();
    expect(fake.log).toMatchObject({ spawned: 2, ended: 2 });
    await expect(reward.values({ prompts, completions })).rejects.toThrow(/closed/);
    await expect(receivers.openReward({ kind: 'bundled', id })).rejects.toMatchObject({
      kind: 'BadFile',
    });
  });

  it('tells everybody who waits when its worker dies, and starts another for the next', async () => {
    const fake = fakeWorkers();
    const receivers = client(fake);
    const receiver = await receivers.open({ kind: 'bundled', id });
    const waiting = receiver.complete(request());
    fake.workers[0].onerror?.({ message: 'out of memory' } as ErrorEvent);
    await expect(waiting).rejects.toMatchObject({ kind: 'Internal', detail: 'out of memory' });
    await receivers.open({ kind: 'bundled', id });
    expect(fake.log.spawned).toBe(2);
    receivers.terminate();
  });

  it('ends a worker that does not answer in time', async () => {
    vi.useFakeTimers();
    try {
      const fake = fakeWorkers(false);
      const receivers = client(fake, { open: 3000, stop: 100 });
      const opening = receivers.open({ kind: 'weights', id: 'slow', files: new Map() });
      const refused = expect(opening).rejects.toThrow(/3 s/);
      await vi.advanceTimersByTimeAsync(3001);
      await refused;
      expect(fake.log).toMatchObject({ spawned: 1, ended: 1 });
    } finally {
      vi.useRealTimers();
    }
  });
});
