/** What runs side by side promise: they take turns, halt level, and none changes a byte of another. */
import { afterAll, describe, expect, it } from 'vitest';
import type { Receiver } from '../model/receiver.ts';
import type { LabEvent } from './protocol.ts';
import {
  alone,
  closeDevices,
  experiment,
  failed,
  groupOf,
  loseDevice,
  start,
} from './testing/start-session.ts';

afterAll(closeDevices);

const STEPS = 12;
const primary = () =>
  experiment({ steps: STEPS, rewards: [{ term: 'answer' }, { term: 'format', weight: 0.5 }] });
const other = () =>
  experiment({ steps: STEPS, rewards: [{ term: 'answer' }, { term: 'format', weight: 0 }] });
const [FIRST, OTHER] = ['pair/0', 'pair/1'];

/** What each of the two gives when it runs alone; made once. */
let single: Promise<{ readonly rows: unknown[]; readonly hashes: unknown[] }> | undefined;
function runsAlone() {
  single ??= (async () => {
    const lab = start();
    lab.session.handle({ type: 'run', ...alone('first', primary()) });
    await lab.state('first', 'finished');
    lab.session.handle({ type: 'run', ...alone('second', other()) });
    await lab.state('second', 'finished');
    const ids = ['first', 'second'];
    return { rows: ids.map(lab.rows), hashes: ids.map(lab.hash) };
  })();
  return single;
}

type Step = Extract<LabEvent, { type: 'step' }>;
const stepsOf = (events: readonly LabEvent[]) =>
  events.flatMap((e) => (e.type === 'step' ? [[e.runId, e.metrics.step]] : []));

describe('two runs side by side', () => {
  it('take turns step by step, each with the bytes it has alone', async () => {
    const { rows, hashes } = await runsAlone();
    const lab = start();
    lab.session.handle({ type: 'run', ...groupOf('pair', [primary(), other()]) });
    await lab.state('pair', 'finished');
    expect(lab.events.filter(failed)).toEqual([]);
    expect(stepsOf(lab.events)).toEqual(
      Array.from({ length: STEPS }, (_, i) => [
        [FIRST, i + 1],
        [OTHER, i + 1],
      ]).flat(),
    );
    expect([lab.rows(FIRST), lab.rows(OTHER)]).toEqual(rows);
    expect([lab.hash(FIRST), lab.hash(OTHER)]).toEqual(hashes);
    expect(lab.hash(OTHER)).not.toBe(lab.hash(FIRST));
    const manifests = lab.events.flatMap((e) =>
      e.type === 'manifest' ? [[e.runId, e.manifest.experiment]] : [],
    );
    expect(manifests).toEqual([
      [FIRST, primary()],
      [OTHER, other()],
    ]);
  });

  it('halt level, and give the same bytes in pieces, through a lost device and after a reset', async () => {
    const lab = start();
    const pair = [primary(), other()];
    lab.session.handle({ type: 'step', ...groupOf('pair', pair) });
    await lab.state('pair', 'paused');
    expect(stepsOf(lab.events)).toEqual([
      [FIRST, 1],
      [OTHER, 1],
    ]);

    let from = lab.events.length;
    lab.session.handle({ type: 'resume', groupId: 'pair' });
    await lab.until((e): e is Step => e.type === 'step' && e.runId === FIRST, from);
    lab.session.handle({ type: 'pause', groupId: 'pair' });
    await lab.state('pair', 'paused', from);
    expect(lab.rows(FIRST).length).toBeGreaterThan(1);
    expect(lab.rows(OTHER)).toHaveLength(lab.rows(FIRST).length);

    from = lab.events.length;
    lab.session.handle({ type: 'resume', groupId: 'pair' });
    await lab.until((e): e is Step => e.type === 'step' && e.metrics.step === 11, from);
    loseDevice();
    await lab.state('pair', 'finished', from);
    expect(lab.events.filter(failed)).toEqual([]);
    expect(lab.events.some((e) => e.type === 'progress' && /lost/.test(e.progress.label))).toBe(
      true,
    );
    const { rows, hashes } = await runsAlone();
    expect([lab.rows(FIRST), lab.rows(OTHER)]).toEqual(rows);
    expect([lab.hash(FIRST), lab.hash(OTHER)]).toEqual(hashes);

    lab.session.handle({ type: 'stop', groupId: 'pair' });
    lab.session.handle({ type: 'step', ...groupOf('again', pair) });
    await lab.state('again', 'paused');
    expect(lab.rows('again/0')).toEqual(lab.rows(FIRST).slice(0, 1));
    expect(lab.rows('again/1')).toEqual(lab.rows(OTHER).slice(0, 1));
  }, 300_000);

  it('halt together when a receiver of one fails, and say which', async () => {
    const lab = start({ openReceiver: async () => failingReceiver(2) });
    const transfer = { term: 'transfer', backend: 'onnx', continuations: 2, scratch_samples: 0 };
    const asked = experiment({ steps: STEPS, rewards: [{ term: 'answer' }, transfer] });
    lab.session.handle({ type: 'run', ...groupOf('pair', [primary(), asked]) });
    expect(await lab.until(failed)).toMatchObject({
      runId: OTHER,
      step: 1,
      paused: true,
      error: { message: 'the receiver is gone' },
    });
    expect(stepsOf(lab.events)).toEqual([
      [FIRST, 1],
      [OTHER, 1],
      [FIRST, 2],
    ]);
    lab.session.handle({ type: 'export-model', runId: OTHER });
    const model = (e: LabEvent): e is Extract<LabEvent, { type: 'model' }> => e.type === 'model';
    expect((await lab.until(model)).runId).toBe(OTHER);
  });

  it('do not begin where the second cannot be prepared; a live setting goes to the run it is meant for', async () => {
    const lab = start();
    const against = { ...other(), policy: 'policies/nobody' };
    lab.session.handle({ type: 'run', ...groupOf('pair', [primary(), against]) });
    expect(await lab.until(failed)).toMatchObject({ runId: OTHER, error: { kind: 'BadFile' } });
    expect(stepsOf(lab.events)).toEqual([]);
    const from = lab.events.length;
    lab.session.handle({ type: 'step', ...groupOf('pair', [primary(), other()]) });
    await lab.state('pair', 'paused', from);
    lab.session.handle({ type: 'set', runId: OTHER, path: 'rewards.1.weight', value: 0.25 });
    const changed = (e: LabEvent): e is Extract<LabEvent, { type: 'changed' }> =>
      e.type === 'changed';
    expect(await lab.until(changed, from)).toMatchObject({ runId: OTHER, step: 2 });
  });
});

describe('three runs side by side', () => {
  it('give the bytes of three single runs, also where one of them is over before the others', async () => {
    const seeds = [experiment({ steps: 3 }), experiment({ steps: 2, seed: 6 })];
    const runs = [...seeds, experiment({ steps: 3, seed: 7 })];
    const lab = start();
    lab.session.handle({ type: 'step', ...groupOf('three', runs) });
    const paused = await lab.state('three', 'paused');
    const ids = ['three/0', 'three/1', 'three/2'];
    expect(paused.steps).toEqual({ 'three/0': 1, 'three/1': 1, 'three/2': 1 });
    lab.session.handle({ type: 'resume', groupId: 'three' });
    await lab.state('three', 'finished');
    expect(lab.events.filter(failed)).toEqual([]);
    expect(ids.map((id) => lab.rows(id).length)).toEqual([3, 2, 3]);

    for (const [i, run] of runs.entries()) {
      lab.session.handle({ type: 'run', ...alone(`single-${i}`, run) });
      await lab.state(`single-${i}`, 'finished');
      expect(lab.rows(ids[i])).toEqual(lab.rows(`single-${i}`));
      expect(lab.hash(ids[i])).toBe(lab.hash(`single-${i}`));
    }
    expect(new Set(ids.map(lab.hash)).size).toBe(3);
  });
});

/** A receiver that writes nothing and is gone at its n-th call. */
function failingReceiver(calls: number): Receiver {
  let left = calls;
  return {
    id: 'policy',
    backend: 'onnx',
    positions: 128,
    tokenizer: { encode: () => [1], decode: () => '' } as unknown as Receiver['tokenizer'],
    complete: async ({ prompts, copies }) => {
      left -= 1;
      if (left === 0) throw new Error('the receiver is gone');
      return Array.from({ length: prompts.length * copies }, () => ({
        ...{ ids: [], logprobs: [], truncated: false },
      }));
    },
    close: () => undefined,
  };
}
