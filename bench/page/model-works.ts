/** Whole passes of the model: a training step, batched generation, a step of GRPO. */
import type { Gpu } from '../../src/gpu/gpu.ts';
import { ropeTable } from '../../src/kernels/rope/rope.ts';
import { Generator as TokenGenerator } from '../../src/model/generate.ts';
import { Learner } from '../../src/model/learner.ts';
import { type LoadedModel, loadModelFolder } from '../../src/model/load.ts';
import { parameterLayout } from '../../src/model/parameters.ts';
import { onnxFolder } from '../../src/receiver/onnx/onnx-folder.ts';
import { countdownGrpo } from '../../src/rl/experiment/presets/countdown-grpo.ts';
import { presetExperiment } from '../../src/rl/experiment/presets/index.ts';
import { methodOf } from '../../src/rl/methods/index.ts';
import { Runner } from '../../src/rl/run/runner.ts';
import { createTask } from '../../src/rl/tasks/index.ts';
import {
  ADAMW,
  initialWeights,
  jaxBatch,
  jaxConfig,
  jaxWeights,
  LENGTH,
  layout,
  makeBatch,
  SEQUENCES,
} from '../train-step/model.ts';
import type { Group, Running, Work } from './contestant.ts';
import { peersFor, type WorkOptions } from './peers.ts';

const NANO = 'policies/countdown-nano';
const MICRO = 'policies/countdown-micro';

async function ourTraining(gpu: Gpu, clock: () => number): Promise<Running> {
  const policy = await Learner.create(gpu, layout, {
    ...{ tokens: SEQUENCES * LENGTH, positions: LENGTH, temperature: 1, train: true },
  });
  policy.setParameters(initialWeights());
  const { packed } = makeBatch();
  const coefficients = new Float32Array(packed.targetCount).fill(-1 / packed.targetCount);
  const losses: number[] = [];
  let parts: Record<string, number> = {};
  const step = async () => {
    const from = clock();
    let forward = from;
    await policy.accumulate(packed, ({ logprobs }) => {
      forward = clock();
      losses.push(-logprobs.reduce((sum, x) => sum + x, 0) / packed.targetCount);
      return { logprob: coefficients };
    });
    const backward = clock();
    await policy.update({
      ...{ learningRate: ADAMW.lr, beta1: ADAMW.b1, beta2: ADAMW.b2, epsilon: ADAMW.adamEps },
      ...{ weightDecay: ADAMW.decay, maxGradNorm: 0, step: losses.length },
    });
    await gpu.idle();
    parts = { forward: forward - from, backward: backward - forward, update: clock() - backward };
  };
  return {
    async run(times) {
      for (let i = 0; i < times; i++) await step();
    },
    result: async () => Float32Array.of(losses[0]),
    trace: () => losses,
    parts: () => parts,
    close: () => policy.destroy(),
  };
}

function trainingWork({ gpu, clock, peers }: WorkOptions): Work {
  const table = ropeTable(LENGTH, layout.config.head_dim, layout.config.rope_theta);
  const model = {
    config: jaxConfig,
    weights: jaxWeights(initialWeights()),
    batch: jaxBatch(makeBatch().tokens, table),
  };
  return {
    group: 'train',
    name: `one training step, ${layout.parameters.toLocaleString('en')} parameters, ${SEQUENCES * LENGTH} tokens, AdamW`,
    flop: 6 * layout.parameters * SEQUENCES * LENGTH,
    bytes: 0,
    tolerance: 5e-5,
    box: 25_000,
    burst: 1,
    contestants: [
      { name: 'ours', open: () => ourTraining(gpu, clock) },
      ...peersFor(peers, 'train', model),
    ],
  };
}

function load({ readModel }: WorkOptions, folder: string): Promise<LoadedModel> {
  return loadModelFolder((file) => readModel(folder, file));
}

interface Request {
  readonly prompts: readonly (readonly number[])[];
  readonly tokens: number;
  /** The model as transformers.js loads it, files by path. */
  readonly files: ReadonlyMap<string, Uint8Array | string>;
}

async function ourGeneration(gpu: Gpu, model: LoadedModel, request: Request): Promise<Running> {
  const { prompts, tokens } = request;
  const { layout: shape } = model;
  const longest = prompts.reduce((most, p) => Math.max(most, p.length), 0);
  const positions = longest + tokens;
  const policy = await Learner.create(gpu, shape, {
    ...{ tokens: 64, positions, temperature: 1, train: false },
  });
  policy.setParameters(model.parameters);
  const generator = await TokenGenerator.create(gpu, shape, policy.parameters, policy.rope, {
    ...{ sequences: prompts.length, promptTokens: prompts.length * longest, positions },
    budget: tokens,
  });
  let last = new Float32Array(0);
  return {
    async run(times) {
      for (let i = 0; i < times; i++) {
        const generated = await generator.generate({
          ...{ prompts, copies: 1, key: [1, 2], uid: 0 },
          sampling: { temperature: 1, topK: 0, topP: 1, minP: 0, greedy: true },
        });
        last = Float32Array.from(generated.flatMap(({ ids }) => ids));
      }
    },
    result: async () => last,
    close() {
      generator.destroy();
      policy.destroy();
    },
  };
}

/** The number of sequences that differ from ours up to and including the end token. */
function differingSequences(tokens: number, eos: number | null) {
  return (ours: Float32Array, theirs: Float32Array): string | null => {
    if (ours.length !== theirs.length) return `${theirs.length} tokens, not ${ours.length}`;
    let different = 0;
    for (let first = 0; first < ours.length; first += tokens) {
      const own = Array.from(ours.subarray(first, first + tokens));
      const end = eos === null ? -1 : own.indexOf(eos);
      const count = end < 0 ? tokens : end + 1;
      if (own.slice(0, count).some((id, i) => id !== theirs[first + i])) different += 1;
    }
    return different === 0 ? null : `${different} of ${ours.length / tokens} sequences differ`;
  };
}

/** No contestant stops at the end token, so that all do the same work. Tokens after it are not compared. */
async function generationWork(
  options: WorkOptions,
  count: number,
  tokens: number,
  folder = NANO,
): Promise<Work> {
  const { gpu, peers } = options;
  const loaded = await load(options, folder);
  const { tokenizer } = loaded;
  if (!tokenizer) throw new Error('the model has no tokenizer');
  const task = createTask(presetExperiment(countdownGrpo).task);
  const prompts = Array.from({ length: count }, (_, i) =>
    tokenizer.encode(task.question('train', i, 1).prompt, { addSpecial: true }),
  );
  const endless = parameterLayout({ ...loaded.config, eos_token_id: null });
  const model = { ...loaded, config: endless.config, layout: endless };
  const files = onnxFolder({ layout: endless, parameters: loaded.parameters });
  const request = { prompts, tokens, files };
  return {
    group: 'generate',
    name: `${count} sequences, ${tokens} new tokens, greedy, ${folder.split('-').at(-1)} (${loaded.layout.parameters.toLocaleString('en')} parameters)`,
    flop: 2 * loaded.layout.parameters * count * tokens,
    bytes: 0,
    tolerance: 0,
    differ: differingSequences(tokens, loaded.config.eos_token_id),
    box: 45_000,
    burst: 1,
    contestants: [
      { name: 'ours', open: () => ourGeneration(gpu, model, request) },
      ...peersFor(peers, 'generate', request).map((peer) => {
        const slow = folder === MICRO && gpu.info.software && peer.name.includes('WebGPU');
        return slow ? { ...peer, open: 'left out: the nano model alone takes it a minute' } : peer;
      }),
    ],
  };
}

async function ourGrpo(options: WorkOptions): Promise<Running> {
  const { gpu, clock } = options;
  const preset = presetExperiment(countdownGrpo);
  const experiment = { ...preset, evaluation: { ...preset.evaluation, every: 0 } };
  const runner = await Runner.create(gpu, experiment, await load(options, NANO), { clock });
  await runner.prepare();
  let parts: Record<string, number> = {};
  return {
    async run(times) {
      for (let i = 0; i < times; i++) {
        const { phases } = (await runner.next()).timings;
        parts = Object.fromEntries(
          Object.entries(phases).map(([phase, seconds]) => [phase, 1000 * seconds]),
        );
      }
      await gpu.idle();
    },
    result: async () => Float32Array.of(runner.step),
    parts: () => parts,
    close: () => runner.destroy(),
  };
}

function grpoWork(options: WorkOptions): Work {
  const { method } = presetExperiment(countdownGrpo);
  const prompts = method.prompts_per_step;
  const copies = methodOf(method).completions / prompts;
  return {
    group: 'grpo',
    name: `one step of GRPO, preset countdown-grpo: ${prompts} questions, ${copies} answers each, nano`,
    flop: 0,
    bytes: 0,
    tolerance: 0,
    box: 100_000,
    burst: 1,
    contestants: [
      { name: 'ours', open: () => ourGrpo(options) },
      { name: 'peers', open: 'no library that runs in a page does GRPO' },
    ],
  };
}

export async function* modelWorks(
  options: WorkOptions,
  wanted: (group: Group) => boolean,
): AsyncGenerator<Work> {
  if (wanted('train')) yield trainingWork(options);
  if (wanted('generate') && options.quick) yield await generationWork(options, 8, 8);
  else if (wanted('generate')) {
    // A library that is too slow for seven rounds of the full work may manage the shorter one.
    yield await generationWork(options, 64, 16);
    yield await generationWork(options, 64, 64);
    yield await generationWork(options, 64, 64, MICRO);
  }
  if (wanted('grpo')) yield grpoWork(options);
}
