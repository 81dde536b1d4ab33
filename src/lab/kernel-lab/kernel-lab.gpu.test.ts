import { describe, expect, it } from 'vitest';
import { asChanged, guardLoops } from '../../gpu/loop-guard.ts';
import { testGpu } from '../../gpu/testing/test-gpu.ts';
import { expandTemplate, interceptTemplates } from '../../gpu/wgsl-template.ts';
import { runCase } from '../../kernels/checking/check.ts';
import { KERNEL_CHECKS } from '../../kernels/registry.ts';
import { TEMPLATES } from '../../kernels/templates.ts';
import { supportsVariant, VARIANTS } from '../../kernels/variants.ts';
import { ENTRIES, variantsOf } from './entries.ts';
import { KernelLab } from './kernel-lab.ts';
import type { Advance, CaseResult, Trial, VariantSpeed } from './protocol.ts';

const gpu = await testGpu();
const lab = new KernelLab({
  openGpu: async () => gpu,
  openPlain: () => Promise.reject(new Error('no report is asked for')),
  reader: () => async () => null,
  clock: () => performance.now(),
});
const FILE = 'swiglu/swiglu-forward.wgsl';

async function attempt(text: string): Promise<Trial> {
  const edit = { file: FILE, text };
  const swiglu = { kernel: 'swiglu-forward', variant: 'plain', beside: [] };
  return (await lab.answer({ type: 'try', ...swiglu, edit })) as Trial;
}

describe('the kernel laboratory', () => {
  it('checks a kernel against float64, forward and gradient', async () => {
    const results = (await lab.answer({
      type: 'check',
      ...{ kernel: 'rmsnorm-forward', variant: 'scalar', cases: [0] },
    })) as CaseResult[];
    expect(results.map(({ passed }) => passed)).toEqual([true]);
    const gradients = results[0].outputs.filter(({ gradient }) => gradient);
    expect(gradients.map(({ output }) => output)).toEqual(['dx', 'dGain', 'dBias']);
  });

  it('says at which line of the template a changed kernel does not compile', async () => {
    const line = TEMPLATES[FILE].split('\n').findIndex((text) => text.includes('let gate ='));
    const { problems, cases } = await attempt(
      TEMPLATES[FILE].replace('gate_up[at];', 'gate_down[at];'),
    );
    expect(problems.map((problem) => problem.line)).toContain(line + 1);
    expect(cases).toEqual([]);
  });

  it('refuses a kernel that computes something else, and does not time it', async () => {
    const { problems, cases, timing, passed } = await attempt(
      TEMPLATES[FILE].replace('exp(min(', 'exp2(min('),
    );
    expect(problems).toEqual([]);
    expect(cases.map(({ passed }) => passed)).toEqual([false]);
    expect([timing, passed]).toEqual([null, null]);
  });

  it('checks an edit in every form that its text is used in, and says how far it is', async () => {
    const file = 'rmsnorm/column-sums.wgsl';
    const told: number[] = [];
    const question = { kernel: 'column-sums', variant: 'scalar', beside: [] } as const;
    const right = (await lab.answer(
      { type: 'try', ...question, edit: { file, text: `${TEMPLATES[file]}// the same\n` } },
      ({ done, total }) => told.push(done / total),
    )) as Trial;
    expect([...(right.passed?.forms ?? [])].sort()).toEqual(['NORM = 0', 'NORM = 1']);
    expect(told.at(-1)).toBe(1);
    expect(told).toHaveLength(right.cases.length);
  });

  it('ends a loop that has no end', async () => {
    const { cases } = await attempt(
      TEMPLATES[FILE].replace(
        'h[index] = ',
        'var x = 1u; loop { x ^= 1u; if (x > 7u) { break; } }\n  h[index] = f32(x + 1u) * ',
      ),
    );
    expect(cases.map(({ passed }) => passed)).toEqual([false]);
    expect((await attempt(TEMPLATES[FILE])).cases.every(({ passed }) => passed)).toBe(true);
  });

  it('refuses a kernel that also writes behind the end of its result', async () => {
    const behind =
      'if (index == 0u) { h[shape.rows * shape.width4 + 3u] = vec4f(1.0); }\n  h[index] = ';
    const { problems, cases } = await attempt(TEMPLATES[FILE].replace('h[index] = ', behind));
    expect(problems).toEqual([]);
    expect(cases.map(({ passed }) => passed)).toEqual([false]);
    expect(cases[0].outputs.map(({ worst }) => worst).join()).toMatch(/end/);
  });

  it('says of a text that cannot be used on halves why not', async () => {
    const pointer = TEMPLATES[FILE].replace('h[index] = ', 'let to = &h[index];\n  *to = ');
    const { problems, passed } = await attempt(pointer);
    expect(passed).toBeNull();
    expect(problems.map(({ message }) => message).join()).toMatch(/halves/);
  });

  it('times a kernel that passes against the original', async () => {
    const { timing } = await attempt(TEMPLATES[FILE].replace('16, 4', '8, 8'));
    // The grid is the original's, so fewer columns of a row are reached: wrong, and not timed.
    expect(timing).toBeNull();
    const text = `${TEMPLATES[FILE]}// the same\n`;
    const same = await attempt(text);
    // What passed says what it is, where it is used, and in which forms: what the lab may use.
    expect(same.passed).toMatchObject({
      ...{ file: FILE, text, original: TEMPLATES[FILE], kernels: ['swiglu-forward'], forms: [''] },
    });
    expect(same.passed?.sha256).toMatch(/^[0-9a-f]{64}$/);
    expect(same.timing?.before.ms).toBeGreaterThan(0);
    expect(same.timing?.after.ms).toBeGreaterThan(0);
  });

  it('times the variants of a kernel on the same work', async () => {
    const told: Advance[] = [];
    const speeds = (await lab.answer({ type: 'variants', kernel: 'rmsnorm-forward' }, (advance) =>
      told.push(advance),
    )) as VariantSpeed[];
    const total = 2 * speeds.length;
    expect(told).toEqual(Array.from({ length: total }, (_, i) => ({ done: i + 1, total })));
    const known = VARIANTS['rmsnorm-forward'];
    expect(speeds.map(({ variant }) => variant)).toEqual(
      known.filter((variant) => supportsVariant(gpu.info, variant)),
    );
    for (const { gbs, halfMs } of speeds) {
      expect(gbs).toBeGreaterThan(0);
      expect(halfMs).toBeGreaterThan(0);
    }
    const question = { type: 'variants', kernel: 'gradient-norm' } as const;
    const sums = (await lab.answer(question)) as VariantSpeed[];
    expect(sums.map(({ halfMs }) => halfMs)).toEqual(sums.map(() => null));
  });

  it('leaves kernels with barriers their bits and their check where loops are bounded', async () => {
    for (const check of KERNEL_CHECKS) {
      const variants = check.variants.filter((name) => name === 'lanes');
      for (const variant of variants.filter((name) => supportsVariant(gpu.info, name))) {
        const plain = await runCase(gpu, check, variant, check.cases[0]);
        interceptTemplates((text, constants) => asChanged(expandTemplate(text, constants)));
        const bounded = await runCase(gpu, check, variant, check.cases[0]).finally(() =>
          interceptTemplates(null),
        );
        // The largest error and where it is, for every output: they are equal where the bits are.
        expect(bounded, `${check.name} ${variant}`).toEqual(plain);
        expect(bounded.every(({ passed }) => passed)).toBe(true);
      }
    }
  }, 300_000);

  it('bounds loops without breaking the rules of uniform control flow, in every kernel', async () => {
    for (const entry of ENTRIES) {
      for (const variant of variantsOf(entry)) {
        if (!supportsVariant(gpu.info, variant)) continue;
        for (const { name, source } of entry.make(variant)) {
          gpu.device.pushErrorScope('validation');
          const module = gpu.device.createShaderModule({ code: guardLoops(source) });
          const { messages } = await module.getCompilationInfo();
          await gpu.device.popErrorScope();
          const errors = messages.filter(({ type }) => type === 'error');
          expect(
            errors.map(({ message }) => message),
            `${name} ${variant}`,
          ).toEqual([]);
        }
      }
    }
  });
});
