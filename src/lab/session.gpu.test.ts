/** A session's promises: one run at a time, exact pauses, the same rows after a lost device, honest failures. */
import { afterAll, describe, expect, it } from 'vitest';
import { BatonError } from '../errors.ts';
import type { Receiver } from '../model/receiver.ts';
import type { LabEvent } from './protocol.ts';
import {
  alone,
  closeDevices,
  experiment,
  failed,
  loseDevice,
  start,
} from './testing/start-session.ts';

afterAll(closeDevices);

describe('a session', () => {
  it('runs to the end, and gives the same rows when it is paused, stepped and resumed', async () => {
    const lab = start();
    lab.session.handle({ type: 'run', ...alone('whole', experiment()) });
    await lab.state('whole', 'finished');
    expect(lab.rows('whole').map((row) => row.step)).toEqual(
      Array.from({ length: 14 }, (_, i) => i + 1),
    );

    lab.session.handle({ type: 'step', ...alone('parts', experiment()) });
    await lab.state('parts', 'paused');
    expect(lab.rows('parts')).toHaveLength(1);
    const from = lab.events.length;
    lab.session.handle({ type: 'step', ...alone('parts', experiment()) });
    await lab.state('parts', 'paused', from);
    expect(lab.rows('parts')).toHaveLength(2);
    lab.session.handle({ type: 'resume', groupId: 'parts' });
    await lab.state('parts', 'finished');
    expect(lab.rows('parts')).toEqual(lab.rows('whole'));
    expect(lab.hash('parts')).toBe(lab.hash('whole'));
    expect(lab.hash('parts')).toMatch(/^[0-9a-f]{64}$/);
  });

  it('warms up without a word, and a run that comes then or meanwhile has the rows of a cold one', async () => {
    const cold = start();
    cold.session.handle({ type: 'run', ...alone('cold', experiment({ steps: 2 })) });
    await cold.state('cold', 'finished');

    // A device counts as open when its kernels are chosen; until then nothing but a warm-up goes on.
    let endTuning = () => {};
    let beginTuning = () => {};
    const tuning = new Promise<void>((resolve) => {
      beginTuning = resolve;
    });
    const lab = start({
      tune: () => {
        beginTuning();
        return new Promise((resolve) => {
          endTuning = resolve;
        });
      },
    });
    lab.session.handle({
      type: 'warm-up',
      experiment: { ...experiment(), policy: 'policies/nobody' },
    });
    lab.session.handle({ type: 'warm-up', experiment: experiment() });
    lab.session.handle({ type: 'open' });
    await tuning;
    expect(lab.events).toEqual([]);
    endTuning();
    await lab.until((e): e is LabEvent => e.type === 'opened');
    lab.session.handle({ type: 'run', ...alone('warm', experiment({ steps: 2 })) });
    await lab.state('warm', 'finished');
    expect(lab.rows('warm')).toEqual(cold.rows('cold'));
    expect(lab.hash('warm')).toBe(cold.hash('cold'));
    expect(lab.events.filter(failed)).toEqual([]);
    expect(lab.events[0].type).toBe('opened');
  });

  it('goes on with the same rows after the device is lost', async () => {
    const whole = start();
    whole.session.handle({ type: 'run', ...alone('a', experiment()) });
    await whole.state('a', 'finished');
    const lab = start();
    lab.session.handle({ type: 'run', ...alone('b', experiment()) });
    await lab.until((e): e is LabEvent => e.type === 'step' && e.metrics.step === 12);
    loseDevice();
    await lab.state('b', 'finished');
    expect(lab.rows('b')).toEqual(whole.rows('a'));
    expect(lab.events.some((e) => e.type === 'progress' && /lost/.test(e.progress.label))).toBe(
      true,
    );
    expect(lab.events.some(failed)).toBe(false);
  });

  it('pauses before the first step when asked while preparing, and drops a run that is stopped', async () => {
    const lab = start();
    lab.session.handle({ type: 'run', ...alone('a', experiment()) });
    lab.session.handle({ type: 'pause', groupId: 'a' });
    await lab.state('a', 'paused');
    expect(lab.rows('a')).toEqual([]);
    lab.session.handle({ type: 'resume', groupId: 'a' });
    await lab.until((e): e is LabEvent => e.type === 'step');
    lab.session.handle({ type: 'stop', groupId: 'a' });
    await lab.state('a', 'idle');
    const seen = lab.events.length;
    lab.session.handle({ type: 'resume', groupId: 'a' });
    lab.session.handle({ type: 'open' });
    await lab.until((e): e is LabEvent => e.type === 'opened', seen);
    expect(lab.events.slice(seen).every((e) => e.type === 'opened')).toBe(true);
    expect(lab.releases()).toBe(1);
  });

  it('takes a live setting, refuses another and says so, and hands out the model', async () => {
    const lab = start();
    lab.session.handle({ type: 'step', ...alone('a', experiment()) });
    await lab.state('a', 'paused');
    lab.session.handle({ type: 'set', runId: 'a', path: 'method.learning_rate', value: 5e-4 });
    const changed = await lab.until(
      (e): e is Extract<LabEvent, { type: 'changed' }> => e.type === 'changed',
    );
    expect(changed).toMatchObject({ step: 2, path: 'method.learning_rate', value: 5e-4 });
    lab.session.handle({ type: 'set', runId: 'a', path: 'seed', value: 9 });
    expect((await lab.until(failed)).error).toMatchObject({ kind: 'BadConfig', field: 'seed' });
    lab.session.handle({ type: 'export-model', runId: 'a' });
    const model = await lab.until(
      (e): e is Extract<LabEvent, { type: 'model' }> => e.type === 'model',
    );
    expect(new TextDecoder().decode(new Uint8Array(model.bytes, 8, 30))).toContain('{"');
  });

  it('evaluates between steps and while paused, and the run’s rows stay the same bytes', async () => {
    const settings = experiment({ steps: 6, evaluation: { every: 3, prompts: 2, samples: 2 } });
    const lab = start();
    lab.session.handle({ type: 'run', ...alone('bare', settings) });
    await lab.state('bare', 'finished');

    const order = {
      split: 'test',
      prompts: 3,
      samples: 5,
      transfer_answers: 1,
      receiver_backend: 'kernels',
    } as const;
    const ask = (id: number, policy: 'now' | 'before', receivers = '') =>
      lab.session.handle({
        ...{ type: 'evaluate', runId: 'asked', id },
        order: { ...order, policy, receivers },
      });
    const answer = (id: number) =>
      lab.until(
        (e): e is Extract<LabEvent, { type: 'evaluated' | 'not-evaluated' }> =>
          (e.type === 'evaluated' || e.type === 'not-evaluated') && e.id === id,
      );
    lab.session.handle({ type: 'run', ...alone('asked', settings) });
    lab.session.handle({ type: 'pause', groupId: 'asked' });
    await lab.state('asked', 'paused');
    ask(8, 'now');
    ask(9, 'before');
    const [first, before] = [await answer(8), await answer(9)];
    const from = lab.events.length;
    lab.session.handle({ type: 'resume', groupId: 'asked' });
    await lab.until((e): e is LabEvent => e.type === 'step' && e.runId === 'asked');
    ask(1, 'now', 'policy');
    lab.session.handle({ type: 'pause', groupId: 'asked' });
    await lab.state('asked', 'paused', from);
    const during = await answer(1);
    ask(3, 'now');
    ask(4, 'now', 'receivers/nobody');
    const [paused, refused] = [await answer(3), await answer(4)];
    ask(5, 'now');
    ask(6, 'now');
    lab.session.handle({ type: 'cancel-evaluation', groupId: 'asked' });
    lab.session.handle({ type: 'resume', groupId: 'asked' });
    const cancelled = [await answer(5), await answer(6)];
    await lab.state('asked', 'finished');
    ask(7, 'now');
    const last = await answer(7);

    expect(lab.rows('asked')).toEqual(lab.rows('bare'));
    expect(lab.hash('asked')).toBe(lab.hash('bare'));
    expect(lab.events.filter(failed)).toEqual([]);
    expect(refused).toMatchObject({ type: 'not-evaluated', error: { kind: 'BadFile' } });
    for (const given of cancelled) {
      expect(given).toMatchObject({ type: 'not-evaluated', error: { kind: 'Cancelled' } });
    }
    if (during.type !== 'evaluated' || before.type !== 'evaluated') throw new Error('no answer');
    if (paused.type !== 'evaluated' || last.type !== 'evaluated') throw new Error('no answer');
    expect(during.evaluation.maj_at_k).toHaveLength(5);
    expect(during.evaluation.transfer?.receivers[0].success).toHaveLength(10);
    // Before the first step both are the same policy, through two ways of asking; then steps change the one and not the other.
    expect(first).toMatchObject({ step: 0, evaluation: before.evaluation });
    expect(paused.step).toBeLessThan(6);
    expect(last.step).toBe(6);
    expect(last.evaluation).not.toEqual(before.evaluation);
    ask(10, 'before');
    expect(await answer(10)).toMatchObject({ step: 6, evaluation: before.evaluation });
    expect(lab.events.some((e) => e.type === 'evaluating' && e.id === 1 && e.done < e.total)).toBe(
      true,
    );
  });

  it('pauses where a receiver fails, scores nothing with zeros, and goes on with the bits of a run in which none failed', async () => {
    const rewards = [{ term: 'answer' }, { term: 'transfer', backend: 'onnx' }];
    const evaluation = { every: 2, prompts: 2, samples: 2, receivers: 'own/mine' };
    const settings = experiment({ steps: 4, rewards, evaluation });
    const calls: string[] = [];
    const lab = (failing: readonly number[]) =>
      start({
        openReceiver: async (id) => {
          calls.push(`open ${id}`);
          return knownReceiver(id, () => {
            calls.push(id);
            const call = calls.filter((one) => !one.startsWith('open')).length;
            if (failing.includes(call)) throw new Error('the receiver is gone');
          });
        },
      });
    const whole = lab([]);
    whole.session.handle({ type: 'run', ...alone('whole', settings) });
    await whole.state('whole', 'finished');
    const inTraining = calls.lastIndexOf('policies/chain-nano');
    const inEvaluation = calls.lastIndexOf('own/mine');
    const places = [inTraining, inEvaluation].map(
      (at) => calls.slice(0, at + 1).filter((one) => !one.startsWith('open')).length,
    );
    calls.length = 0;

    // The last call of the last step's score fails: its three calls are made again, and so the last of all comes later.
    const parts = lab([places[0], places[1] + 3]);
    parts.session.handle({ type: 'run', ...alone('parts', settings) });
    const first = await parts.until(failed);
    expect(first).toMatchObject({ step: 3, paused: true, error: { kind: 'Internal' } });
    expect(parts.rows('parts')).toHaveLength(4);
    const from = parts.events.length;
    parts.session.handle({ type: 'resume', groupId: 'parts' });
    const second = await parts.until(failed, from);
    expect(second).toMatchObject({ paused: true });
    parts.session.handle({ type: 'resume', groupId: 'parts' });
    await parts.state('parts', 'finished');
    expect(parts.rows('parts')).toEqual(whole.rows('whole'));
    expect(parts.hash('parts')).toBe(whole.hash('whole'));
    // What has failed is opened anew.
    expect(calls.filter((one) => one === 'open policies/chain-nano')).toHaveLength(2);
    expect(calls.filter((one) => one === 'open own/mine')).toHaveLength(2);
  });

  it('says plainly that there is no GPU, no such policy, or another tab at work', async () => {
    const none = start({ noGpu: true });
    none.session.handle({ type: 'open' });
    expect(
      await none.until((e): e is Extract<LabEvent, { type: 'no-gpu' }> => e.type === 'no-gpu'),
    ).toMatchObject({
      error: { kind: 'NoWebGpu' },
    });
    const missing = start();
    missing.session.handle({
      type: 'run',
      ...alone('a', { ...experiment(), policy: 'policies/nobody' }),
    });
    expect((await missing.until(failed)).error).toMatchObject({
      kind: 'BadFile',
      field: 'config.json',
    });
    const second = start({ lock: async () => null });
    second.session.handle({ type: 'run', ...alone('a', experiment()) });
    expect((await second.until(failed)).error).toMatchObject({ kind: 'Busy' });
    expect(new BatonError((await second.until(failed)).error).remedy).toMatch(/other tab/);
  });
});

/** A receiver that writes nothing; told of every call, which may throw. */
function knownReceiver(id: string, onCall: () => void): Receiver {
  return {
    id,
    backend: 'onnx',
    positions: 128,
    tokenizer: { encode: () => [1], decode: () => '' } as unknown as Receiver['tokenizer'],
    complete: async ({ prompts, copies }) => {
      onCall();
      return Array.from({ length: prompts.length * copies }, () => ({
        ...{ ids: [], logprobs: [], truncated: false },
      }));
    },
    close: () => undefined,
  };
}
