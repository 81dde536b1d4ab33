/** What changed kernels may do to a run: nothing but change its numbers, from a named row on, and be taken out again. */
import { afterAll, describe, expect, it } from 'vitest';
import { loadTemplate } from '../kernels/templates.ts';
import type { ChangedKernel } from './changed-kernels.ts';
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

const STEPS = 5;
const small = () => experiment({ steps: STEPS });
const FILE = 'swiglu/swiglu-forward.wgsl';
const swiglu = loadTemplate(FILE);

function changed(text: string, sha256: string, forms = ['']): ChangedKernel {
  return { file: FILE, original: swiglu, text, sha256, kernels: ['swiglu-forward'], forms };
}
const SAME = changed(`${swiglu}// the same numbers\n`, 'aa');
/** Right within its tolerance, with other bits: one over one and a bit is not the number itself. */
const OTHER = changed(swiglu.replace('h[index] = ', 'h[index] = 1.000001 * '), 'bb');
/** The sign of nothing: a number that is none, which no compiler sees beforehand. */
const NAN = changed(
  swiglu.replace('h[index] = ', 'h[index] = bitcast<f32>(0x7fc00000u | (index & 1u)) + '),
  'cc',
);

type Kernels = Extract<LabEvent, { type: 'kernels' }>;
const isKernels = (e: LabEvent): e is Kernels => e.type === 'kernels';
const uses = (events: readonly LabEvent[]) =>
  events.flatMap((e) => (e.type === 'manifest' ? [e.manifest.changed_kernels] : [])).at(-1);

/** What the experiment gives with the original kernels; made once. */
let plain: Promise<{ rows: unknown[]; hash: unknown }> | undefined;
function original() {
  plain ??= (async () => {
    const lab = start();
    lab.session.handle({ type: 'run', ...alone('plain', small()) });
    await lab.state('plain', 'finished');
    return { rows: lab.rows('plain'), hash: lab.hash('plain') };
  })();
  return plain;
}

async function stepsOf(lab: ReturnType<typeof start>, runId: string, count: number) {
  for (let i = 0; i < count; i++) {
    const from = lab.events.length;
    lab.session.handle({ type: 'step', ...alone(runId, small()) });
    await lab.state(runId, 'paused', from);
  }
}

describe('changed kernels in a session', () => {
  it('with equal numbers change no byte, between two steps and through a lost device; the manifest names them', async () => {
    const { rows, hash } = await original();
    const lab = start();
    await stepsOf(lab, 'a', 2);
    expect(uses(lab.events)).toBeUndefined();
    lab.session.handle({ type: 'kernels', kernels: [SAME] });
    expect(await lab.until(isKernels)).toEqual({ type: 'kernels', kernels: [SAME] });
    await stepsOf(lab, 'a', 1);
    loseDevice();
    lab.session.handle({ type: 'resume', groupId: 'a' });
    await lab.state('a', 'finished');
    expect(lab.events.some((e) => e.type === 'progress' && /lost/.test(e.progress.label))).toBe(
      true,
    );
    expect(lab.rows('a')).toEqual(rows);
    expect(lab.hash('a')).toBe(hash);
    expect(uses(lab.events)).toEqual([{ file: FILE, sha256: 'aa', from_step: 3, to_step: null }]);
  });

  it('with equal numbers change no byte of a run in half precision either', async () => {
    const lab = start();
    const { method } = small();
    const halves = experiment({ steps: 2, method: { ...method, fp16: true } });
    for (const [runId, kernels] of [
      ['without', []],
      ['with', [SAME]],
    ] as const) {
      lab.session.handle({ type: 'kernels', kernels });
      lab.session.handle({ type: 'run', ...alone(runId, halves) });
      await lab.state(runId, 'finished');
    }
    expect(lab.events.filter(failed)).toEqual([]);
    expect(lab.rows('without')).toHaveLength(2);
    expect(lab.rows('with')).toEqual(lab.rows('without'));
    expect(lab.rows('with')).not.toEqual((await original()).rows.slice(0, 2));
  });

  it('with other bits are used by the next run from its first row, and not once they were taken out', async () => {
    const { rows, hash } = await original();
    const lab = start();
    lab.session.handle({ type: 'kernels', kernels: [OTHER] });
    lab.session.handle({ type: 'run', ...alone('a', small()) });
    await lab.state('a', 'finished');
    expect(lab.events.filter(failed)).toEqual([]);
    expect(lab.rows('a')).toHaveLength(STEPS);
    expect(lab.hash('a')).not.toBe(hash);
    expect(uses(lab.events)).toEqual([{ file: FILE, sha256: 'bb', from_step: 0, to_step: null }]);

    lab.session.handle({ type: 'kernels', kernels: [] });
    lab.session.handle({ type: 'run', ...alone('b', small()) });
    await lab.state('b', 'finished');
    expect(lab.rows('b')).toEqual(rows);
    expect(uses(lab.events)).toBeUndefined();
  });

  it('asked for while steps are done, come in between two of them', async () => {
    const { hash } = await original();
    const lab = start();
    lab.session.handle({ type: 'run', ...alone('a', small()) });
    await lab.until((e): e is LabEvent => e.type === 'step');
    lab.session.handle({ type: 'kernels', kernels: [OTHER] });
    await lab.until(isKernels);
    await lab.state('a', 'finished');
    const [use] = uses(lab.events) ?? [];
    expect(use).toMatchObject({ sha256: 'bb', to_step: null });
    expect(use.from_step).toBeGreaterThan(1);
    expect(lab.rows('a').map(({ step }) => step)).toEqual([1, 2, 3, 4, 5]);
    expect(lab.hash('a')).not.toBe(hash);
  });

  it('are refused where they do not compile or were not checked in a form; the run goes on untouched', async () => {
    const { rows } = await original();
    const lab = start();
    await stepsOf(lab, 'a', 1);
    for (const [kernel, message] of [
      [changed('this is not WGSL', 'dd'), /does not compile/],
      [changed(SAME.text, 'ee', ['LANES = 64']), /not checked in a form/],
    ] as const) {
      const from = lab.events.length;
      lab.session.handle({ type: 'kernels', kernels: [kernel] });
      const refused = await lab.until(isKernels, from);
      expect(refused.kernels).toEqual([]);
      expect(refused.error?.kind).toBe('ShaderError');
      expect(refused.error?.message).toMatch(message);
    }
    lab.session.handle({ type: 'resume', groupId: 'a' });
    await lab.state('a', 'finished');
    expect(lab.rows('a')).toEqual(rows);
    expect(uses(lab.events)).toBeUndefined();
  });

  it('that give no numbers stop the run at its last good step, and it goes on with the originals', async () => {
    const { rows, hash } = await original();
    const lab = start();
    await stepsOf(lab, 'a', 3);
    lab.session.handle({ type: 'kernels', kernels: [NAN] });
    await lab.until(isKernels);
    lab.session.handle({ type: 'resume', groupId: 'a' });
    const { error } = await lab.until(failed);
    expect(error).toMatchObject({ kind: 'NonFinite' });
    expect(error.remedy).toContain(FILE);
    const from = lab.events.length;
    lab.session.handle({ type: 'kernels', kernels: [] });
    lab.session.handle({ type: 'resume', groupId: 'a' });
    await lab.state('a', 'finished', from);
    // Steps that were done again are told again, in the place of what they were.
    const told = new Map(lab.rows('a').map((row) => [row.step, row]));
    expect([...told.values()]).toEqual(rows);
    expect(lab.hash('a')).toBe(hash);
    expect(uses(lab.events)).toBeUndefined();
  });
});
