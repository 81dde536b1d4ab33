/** A changed kernel is used in checked forms only, so the checks have to know every form that a bundled model is trained in. */
import { readdir, readFile } from 'node:fs/promises';
import { afterEach, expect, it, vi } from 'vitest';
import { Recorder, Recording } from '../../gpu/recording.ts';
import { testGpu } from '../../gpu/testing/test-gpu.ts';
import { expandTemplate, interceptTemplates } from '../../gpu/wgsl-template.ts';
import { runCase } from '../../kernels/checking/check.ts';
import { KERNEL_CHECKS } from '../../kernels/registry.ts';
import { TEMPLATES } from '../../kernels/templates.ts';
import { supportsVariant, VARIANTS } from '../../kernels/variants.ts';
import { loadModelFolder } from '../../model/load.ts';
import { parseExperiment } from '../../rl/experiment/schema.ts';
import { Runner } from '../../rl/run/runner.ts';
import { formOf } from '../changed-kernels.ts';

const gpu = await testGpu();
const MODELS = new URL('../../../public/models/policies/', import.meta.url);
const names = new Map(Object.entries(TEMPLATES).map(([file, text]) => [text, file]));

afterEach(() => {
  interceptTemplates(null);
  vi.restoreAllMocks();
});

/** The forms that work expands, by file. Nothing is compiled: what is recorded is asked, not what it computes. */
async function formsOf(work: () => Promise<void>): Promise<ReadonlySet<string>> {
  const seen = new Set<string>();
  interceptTemplates((source, constants) => {
    seen.add(`${names.get(source)} ${formOf(constants)}`);
    return expandTemplate(source, constants);
  });
  vi.spyOn(Recorder.prototype, 'build').mockImplementation(async () => {
    const usage = GPUBufferUsage.UNIFORM;
    return new Recording([], gpu.device.createBuffer({ size: 16, usage }));
  });
  await work();
  return seen;
}

/** Rounds in which every variant of every kernel has its turn, where it can be compiled. */
const ROUNDS = Math.max(...Object.values(VARIANTS).map(({ length }) => length));

function takeVariants(round: number): void {
  for (const [kernel, variants] of Object.entries(VARIANTS)) {
    const variant = variants[round % variants.length];
    gpu.variants.set(kernel, supportsVariant(gpu.info, variant) ? variant : variants[0]);
  }
}

it('the checks expand every form that the bundled policies are trained in, in every variant', async () => {
  const checked = await formsOf(async () => {
    for (const check of KERNEL_CHECKS)
      for (const variant of check.variants)
        if (supportsVariant(gpu.info, variant))
          for (const which of check.cases) await runCase(gpu, check, variant, which);
  });
  const trained = await formsOf(async () => {
    for (const policy of await readdir(MODELS)) {
      const read = async (file: string) =>
        readFile(new URL(`${policy}/${file}`, MODELS)).then((bytes) => new Uint8Array(bytes));
      const model = await loadModelFolder((file) => read(file).catch(() => null));
      for (const method of [
        { name: 'grpo', beta: 0.1 },
        { name: 'ppo', value_detach: false, top_k: 5, top_p: 0.9 },
      ]) {
        const small = { num_generations: 2, prompts_per_step: 2, max_completion_length: 24 };
        const task = { id: policy.startsWith('chain') ? 'chain' : 'countdown' };
        const parsed = parseExperiment({
          ...{ policy: `policies/${policy}`, task, method: { ...small, ...method } },
        });
        if (!parsed.ok) throw new Error(parsed.problems.map(({ message }) => message).join());
        for (let round = 0; round < ROUNDS; round++) {
          takeVariants(round);
          const clock = () => performance.now();
          const trainer = await Runner.create(gpu, parsed.experiment, model, { clock });
          await trainer.compile();
          trainer.destroy();
          gpu.variants.clear();
        }
      }
    }
  });
  expect(trained.size).toBeGreaterThan(40);
  expect([...trained].filter((form) => !checked.has(form))).toEqual([]);
}, 300_000);
