/** What two runs side by side promise: they take turns, halt level, and neither changes a byte of the other. */
import { afterAll, describe, expect, it } from 'vitest';
import type { Receiver } from '../model/receiver.ts';
import { againstId, type LabEvent } from './protocol.ts';
import { closeDevices, experiment, failed, loseDevice, start } from './testing/start-session.ts';

afterAll(closeDevices);

const STEPS = 12;
const primary = () =>
  experiment({ steps: STEPS, rewards: [{ term: 'answer' }, { term: 'format', weight: 0.5 }] });
const other = () =>
  experiment({ steps: STEPS, rewards: [{ term: 'answer' }, { term: 'format', weight: 0 }] });
const OTHER = againstId('pair');

/** What each of the two gives when it runs alone; made once. */
let alone: Promise<{ readonly rows: unknown[]; readonly hashes: unknown[] }> | undefined;
function runsAlone() {
  alone ??= (async () => {
    const lab = start();
    lab.session.handle({ type: 'run', runId: 'first', experiment: primary() });
    await lab.state('first', 'finished');
    lab.session.handle({ type: 'run', runId: 'second', experiment: other() });
    await lab.state('second', 'finished');
    const ids = ['first', 'second'];
    return { rows: ids.map(lab.rows), hashes: ids.map(lab.hash) };
  })();
  return alone;
}

type Step = Extract<LabEvent, { type: 'step' }>;
const stepsOf = (events: readonly LabEvent[]) =>
  events.flatMap((e) => (e.type === 'step' ? [[e.runId, e.metrics.step]] : []));

describe('two runs side by side', () => {
  it('take turns step by step, each with the bytes it has alone', async () => {
    const { rows, hashes } = await runsAlone();
    const lab = start();
    lab.session.handle({
      ...{ type: 'run', runId: 'pair', experiment: primary() },
      against: other(),
    });
    await lab.state('pair', 'finished');
    expect(lab.events.filter(failed)).toEqual([]);
    expect(stepsOf(lab.events)).toEqual(
      Array.from({ length: STEPS }, (_, i) => [
        ['pair', i + 1],
        [OTHER, i + 1],
      ]).flat(),
    );
    expect([lab.rows('pair'), lab.rows(OTHER)]).toEqual(rows);
    expect([lab.hash('pair'), lab.hash(OTHER)]).toEqual(hashes);
    expect(lab.hash(OTHER)).not.toBe(lab.hash('pair'));
    const manifests = lab.events.flatMap((e) =>
      e.type === 'manifest' ? [[e.runId, e.manifest.experiment]] : [],
    );
    expect(manifests).toEqual([
      ['pair', primary()],
      [OTHER, other()],
    ]);
  });

  it('halt level, and give the same bytes in pieces, through a lost device and after a reset', async () => {
    const lab = start();
    const pair = { experiment: primary(), against: other() };
    lab.session.handle({ type: 'step', runId: 'pair', ...pair });
    await lab.state('pair', 'paused');
    expect(stepsOf(lab.events)).toEqual([
      ['pair', 1],
      [OTHER, 1],
    ]);

    let from = lab.events.length;
    lab.session.handle({ type: 'resume', runId: 'pair' });
    await lab.until((e): e is Step => e.type === 'step' && e.runId === 'pair', from);
    lab.session.handle({ type: 'pause', runId: 'pair' });
    await lab.state('pair', 'paused', from);
    expect(lab.rows('pair').length).toBeGreaterThan(1);
    expect(lab.rows(OTHER)).toHaveLength(lab.rows('pair').length);

    from = lab.events.length;
    lab.session.handle({ type: 'resume', runId: 'pair' });
    await lab.until((e): e is Step => e.type === 'step' && e.metrics.step === 11, from);
    loseDevice();
    await lab.state('pair', 'finished', from);
    expect(lab.events.filter(failed)).toEqual([]);
    expect(lab.events.some((e) => e.type === 'progress' && /lost/.test(e.progress.label))).toBe(
      true,
    );
    const { rows, hashes } = await runsAlone();
    expect([lab.rows('pair'), lab.rows(OTHER)]).toEqual(rows);
    expect([lab.hash('pair'), lab.hash(OTHER)]).toEqual(hashes);

    lab.session.handle({ type: 'stop', runId: 'pair' });
    lab.session.handle({ type: 'step', runId: 'again', ...pair });
    await lab.state('again', 'paused');
    expect(lab.rows('again')).toEqual(lab.rows('pair').slice(0, 1));
    expect(lab.rows(againstId('again'))).toEqual(lab.rows(OTHER).slice(0, 1));
  }, 300_000);

  it('halt together when a receiver of one fails, and say which', async () => {
    const lab = start({ openReceiver: async () => failingReceiver(2) });
    const transfer = { term: 'transfer', backend: 'onnx', continuations: 2, scratch_samples: 0 };
    const asked = experiment({ steps: STEPS, rewards: [{ term: 'answer' }, transfer] });
    lab.session.handle({
      ...{ type: 'run', runId: 'pair', experiment: primary() },
      against: asked,
    });
    expect(await lab.until(failed)).toMatchObject({
      runId: OTHER,
      step: 1,
      paused: true,
      error: { message: 'the receiver is gone' },
    });
    expect(stepsOf(lab.events)).toEqual([
      ['pair', 1],
      [OTHER, 1],
      ['pair', 2],
    ]);
    lab.session.handle({ type: 'export-model', runId: OTHER });
    const model = (e: LabEvent): e is Extract<LabEvent, { type: 'model' }> => e.type === 'model';
    expect((await lab.until(model)).runId).toBe(OTHER);
  });

  it('do not begin where the second cannot be prepared; a live setting goes to the run it is meant for', async () => {
    const lab = start();
    const against = { ...other(), policy: 'policies/nobody' };
    lab.session.handle({ type: 'run', runId: 'pair', experiment: primary(), against });
    expect(await lab.until(failed)).toMatchObject({ runId: OTHER, error: { kind: 'BadFile' } });
    expect(stepsOf(lab.events)).toEqual([]);
    const from = lab.events.length;
    lab.session.handle({
      ...{ type: 'step', runId: 'pair', experiment: primary() },
      against: other(),
    });
    await lab.state('pair', 'paused', from);
    lab.session.handle({ type: 'set', runId: OTHER, path: 'rewards.1.weight', value: 0.25 });
    const changed = (e: LabEvent): e is Extract<LabEvent, { type: 'changed' }> =>
      e.type === 'changed';
    expect(await lab.until(changed, from)).toMatchObject({ runId: OTHER, step: 2 });
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
