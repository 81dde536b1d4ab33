import { describe, expect, test } from 'vitest';
import type { LabEvent } from '../lab/protocol.ts';
import { defaultExperiment } from '../rl/experiment/schema.ts';
import { LabClient } from './lab-client.ts';
import { FakeLab } from './testing/fake-lab.ts';

const group = (groupId: string) => ({
  groupId,
  runs: [{ id: `${groupId}/1`, experiment: defaultExperiment() }],
});

function connect() {
  const workers: FakeLab[] = [];
  const events: LabEvent[] = [];
  const client = new LabClient({
    spawn: () => {
      const worker = new FakeLab();
      workers.push(worker);
      return worker;
    },
    onEvent: (event) => events.push(event),
  });
  return { client, workers, events };
}

const settled = () => new Promise<void>((resolve) => setTimeout(resolve, 0));

describe('the worker client', () => {
  test('what arrives late from a run that was reset is dropped', async () => {
    const { client, workers, events } = connect();
    client.start(group('first'), 'run');
    await settled();
    client.stop();
    const seen = events.length;
    workers[0].emit({ type: 'state', groupId: 'first', state: 'running', steps: {} });
    expect(events).toHaveLength(seen);
    client.start(group('second'), 'run');
    workers[0].emit({ type: 'state', groupId: 'first', state: 'paused', steps: {} });
    const changed = { type: 'changed', step: 1, path: 'steps', value: 9 } as const;
    workers[0].emit({ ...changed, runId: 'first/1' });
    expect(events).toHaveLength(seen);
    workers[0].emit({ ...changed, runId: 'second/1' });
    expect(events).toHaveLength(seen + 1);
  });

  test('a worker that ends without a word is noticed, and one that was closed is not', async () => {
    const gone = new Map<string, () => void>();
    const events: LabEvent[] = [];
    const workers: FakeLab[] = [];
    const client = new LabClient({
      spawn: () => {
        const worker = new FakeLab();
        workers.push(worker);
        return worker;
      },
      endOf: (lock) => new Promise((resolve) => gone.set(lock, resolve)),
      onEvent: (event) => events.push(event),
    });
    const failures = () => events.filter(({ type }) => type === 'failed');
    client.start(group('first'), 'run');
    workers[0].emit({ type: 'alive', lock: 'a' });
    client.close();
    gone.get('a')?.();
    await settled();
    expect(failures()).toEqual([]);
    client.start(group('second'), 'run');
    workers[1].emit({ type: 'alive', lock: 'b' });
    gone.get('b')?.();
    await settled();
    expect(failures()).toMatchObject([
      { groupId: 'second', error: { message: 'The trainer ended without a word' } },
    ]);
    client.start(group('third'), 'run');
    expect(workers).toHaveLength(3);
  });

  test('no command of a run is sent where there is no run', () => {
    const { client, workers } = connect();
    client.pause();
    client.resume();
    client.set('run', 'method.learning_rate', 1e-4);
    expect(workers).toHaveLength(0);
  });

  test('an event of an unknown type is ignored', async () => {
    const { client, workers, events } = connect();
    client.open();
    await settled();
    const seen = events.length;
    workers[0].emit({ type: 'surprise' } as unknown as LabEvent);
    workers[0].emit(null as unknown as LabEvent);
    expect(events).toHaveLength(seen);
  });

  test('a new worker is told of the decoders that were brought, and of none that was refused', async () => {
    const { client, workers } = connect();
    const bring = (id: string) =>
      client.bring({ type: 'bring', id, model: new File([], 'a.onnx'), beside: [] });
    await bring('own/a');
    const refused = bring('own/b');
    const error = { kind: 'BadFile', message: 'cut off', remedy: '' } as const;
    workers[0].emit({ type: 'brought', id: 'own/b', error });
    await expect(refused).rejects.toMatchObject(error);
    const waiting = bring('own/c');
    workers[0].onerror?.(new Event('error') as ErrorEvent);
    await expect(waiting).rejects.toMatchObject({ kind: 'Internal' });
    client.open();
    const told = workers[1].commands.flatMap((one) => (one.type === 'bring' ? [one.id] : []));
    expect(told).toEqual(['own/a', 'own/c']);
  });

  test('a worker that dies fails its run, and the next command starts a fresh one', async () => {
    const { client, workers, events } = connect();
    client.start(group('a'), 'run');
    await settled();
    workers[0].onerror?.({ message: 'boom', filename: 'worker.ts', lineno: 7 } as ErrorEvent);
    expect(events.at(-1)).toMatchObject({
      type: 'failed',
      groupId: 'a',
      runId: null,
      error: { kind: 'Internal' },
    });
    expect(workers[0].terminated).toBe(true);
    client.open();
    await settled();
    expect(workers).toHaveLength(2);
    expect(events.at(-1)).toMatchObject({ type: 'opened' });
  });

  test('a worker that cannot even be made is a failure, not an exception', () => {
    const events: LabEvent[] = [];
    const client = new LabClient({
      spawn: () => {
        throw new Error('no workers here');
      },
      onEvent: (event) => events.push(event),
    });
    client.open();
    expect(events).toMatchObject([{ type: 'failed', error: { message: 'no workers here' } }]);
  });

  test('a model that was asked for is answered, and refused where the run ends first', async () => {
    const { client, workers } = connect();
    client.start(group('a'), 'run');
    await expect(client.exportModel('a/1')).resolves.toBeInstanceOf(ArrayBuffer);
    const error = {
      kind: 'DeviceLost',
      message: 'The GPU was lost',
      remedy: 'Try again.',
    } as const;
    const lost = client.exportModel('a/1');
    workers[0].emit({ type: 'not-exported', runId: 'a/1', error });
    await expect(lost).rejects.toMatchObject(error);
    const refused = client.exportModel('a/1');
    client.stop();
    await expect(refused).rejects.toMatchObject({ kind: 'Cancelled' });
    await expect(client.exportModel('a/1')).rejects.toMatchObject({ kind: 'Cancelled' });
  });
});
