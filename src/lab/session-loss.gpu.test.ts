/** A lost device costs no run anything: wherever it happens, the same bytes follow, and what is said of it is true. */
import { afterAll, describe, expect, it } from 'vitest';
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

const STEPS = 4;
const small = () => experiment({ steps: STEPS });
const RATE = 'method.learning_rate';

type Lab = ReturnType<typeof start>;
type Of<Type extends LabEvent['type']> = Extract<LabEvent, { type: Type }>;
const is =
  <Type extends LabEvent['type']>(type: Type) =>
  (event: LabEvent): event is Of<Type> =>
    event.type === type;

const ORDER = {
  split: 'test',
  policy: 'now',
  prompts: 3,
  samples: 2,
  transfer_answers: 1,
  receiver_backend: 'kernels',
  receivers: '',
} as const;

async function exported(lab: Lab, runId: string): Promise<Uint8Array> {
  const from = lab.events.length;
  lab.session.handle({ type: 'export-model', runId });
  return new Uint8Array((await lab.until(is('model'), from)).bytes);
}

async function evaluated(lab: Lab, runId: string, id: number): Promise<Of<'evaluated'>> {
  const from = lab.events.length;
  lab.session.handle({ type: 'evaluate', runId, id, order: ORDER });
  return lab.until(is('evaluated'), from);
}

/** One step, a faster rate from the second on, and the rest. */
async function begun(lab: Lab, id: string): Promise<void> {
  lab.session.handle({ type: 'step', ...alone(id, small()) });
  await lab.state(id, 'paused');
  lab.session.handle({ type: 'set', runId: id, path: RATE, value: 3e-3 });
  const from = lab.events.length;
  lab.session.handle({ type: 'step', ...alone(id, small()) });
  await lab.state(id, 'paused', from);
}

describe('a device that is lost', () => {
  it('changes no byte of a run, its evaluation or its model: while paused, at work, and after the end', async () => {
    const whole = start();
    await begun(whole, 'a');
    whole.session.handle({ type: 'resume', groupId: 'a' });
    await whole.state('a', 'finished');
    const [model, evaluation] = [await exported(whole, 'a'), await evaluated(whole, 'a', 1)];

    const lab = start();
    await begun(lab, 'a');
    loseDevice();
    lab.session.handle({ type: 'resume', groupId: 'a' });
    await lab.until((e): e is LabEvent => e.type === 'step' && e.metrics.step === 3);
    loseDevice();
    await lab.state('a', 'finished');
    expect(lab.rows('a')).toEqual(whole.rows('a'));
    expect(lab.hash('a')).toBe(whole.hash('a'));
    loseDevice();
    expect(await exported(lab, 'a')).toEqual(model);
    loseDevice();
    expect(await evaluated(lab, 'a', 2)).toEqual({ ...evaluation, id: 2 });
    expect(lab.events.filter(failed)).toEqual([]);
    expect(lab.events.filter(is('opened'))).toHaveLength(4);
  }, 300_000);

  it('while a run is prepared only makes it be prepared again', async () => {
    const whole = start();
    whole.session.handle({ type: 'run', ...alone('a', small()) });
    await whole.state('a', 'finished');

    const lab = start();
    lab.session.handle({ type: 'run', ...alone('a', small()) });
    await lab.until((e): e is LabEvent => e.type === 'progress' && e.progress.what === 'pipelines');
    loseDevice();
    await lab.state('a', 'finished');
    expect(lab.hash('a')).toBe(whole.hash('a'));
    expect(lab.events.filter(failed)).toEqual([]);
  });

  it('and does not come back leaves a run paused, which goes on with the same bytes once there is one', async () => {
    const whole = start();
    whole.session.handle({ type: 'run', ...alone('a', small()) });
    await whole.state('a', 'finished');

    let gone = false;
    const lab = start({ refused: () => gone });
    lab.session.handle({ type: 'run', ...alone('a', small()) });
    await lab.until((e): e is LabEvent => e.type === 'step' && e.metrics.step === 2);
    gone = true;
    loseDevice();
    const told = await lab.until(failed);
    expect(told).toMatchObject({ paused: true, error: { kind: 'DeviceLost' } });
    const steps = lab.rows('a').length;
    expect(told.error.remedy).toContain(`The steps up to ${steps} are kept in this page.`);
    expect(told.error.remedy).toContain('goes on from its last checkpoint');
    const from = lab.events.length;
    lab.session.handle({ type: 'export-model', runId: 'a' });
    const none = await lab.until(is('not-exported'), from);
    expect(none.error).toMatchObject({ kind: 'DeviceLost' });
    gone = false;
    lab.session.handle({ type: 'resume', groupId: 'a' });
    await lab.state('a', 'finished');
    expect(lab.rows('a')).toEqual(whole.rows('a'));
    expect(lab.hash('a')).toBe(whole.hash('a'));
  });

  it('before any step is said to have cost no step, and a later run works', async () => {
    let gone = false;
    const lab = start({ refused: () => gone });
    lab.session.handle({ type: 'open' });
    await lab.until(is('opened'));
    gone = true;
    loseDevice();
    lab.session.handle({ type: 'run', ...alone('a', small()) });
    const told = await lab.until(failed);
    expect(told.error).toMatchObject({ kind: 'DeviceLost' });
    expect(told.paused).toBeUndefined();
    expect(told.error.remedy).toMatch(/^No step is lost\. Try again\./);
    gone = false;
    lab.session.handle({ type: 'step', ...alone('b', small()) });
    await lab.state('b', 'paused');
    expect(lab.rows('b')).toHaveLength(1);
  });
});
