/**
 * Runs in the page: both contestants train the same model on the same batch from the same weights. Their first losses must agree before
 * anything is timed. Then the rounds interleave, so that other load on the machine affects both alike.
 */
import { Gpu } from '../../src/gpu/gpu.ts';
import { type Profile, profileRecording } from '../../src/gpu/profile.ts';
import { ropeTable } from '../../src/kernels/rope/rope.ts';
import { tuneVariants } from '../../src/kernels/tune.ts';
import { Learner } from '../../src/model/learner.ts';
import { tuneShapes } from '../../src/model/tune-shapes.ts';
import { openJax } from './jax-step.mjs';
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
} from './model.ts';

export interface Options {
  readonly rounds: number;
  readonly warmUp: number;
  /** Leaves the peer out, for work on Baton's own kernels. */
  readonly alone: boolean;
  readonly profile: boolean;
}

export interface Times {
  /** Milliseconds from requesting a device to the end of the first step. */
  readonly open: number;
  /** Milliseconds of the first step itself, including compilation. */
  readonly first: number;
  readonly rounds: readonly number[];
  readonly firstLoss: number;
  readonly lastLoss: number;
}

export interface Outcome {
  readonly adapter: string;
  readonly parameters: number;
  readonly ours: Times;
  readonly phases: Record<'forward' | 'backward' | 'update', number>;
  readonly jax: Times | null;
  readonly profile: Record<string, Profile> | null;
  /** Kernel variants that the tuner chose. */
  readonly variants: Record<string, string>;
}

const clock = () => performance.now();
/** The most that the two losses may differ at the same weights: f32 sums of 504 terms in another order. */
const EQUAL = 2e-4;

async function openOurs(flat: Float32Array<ArrayBuffer>) {
  const gpu = await Gpu.open(navigator.gpu, { clock });
  await tuneVariants(gpu, tuneShapes(layout.config, SEQUENCES * LENGTH), clock);
  const policy = await Learner.create(gpu, layout, {
    tokens: SEQUENCES * LENGTH,
    positions: LENGTH,
    temperature: 1,
    train: true,
  });
  policy.setParameters(flat);
  const { packed } = makeBatch();
  const coefficients = new Float32Array(packed.targetCount).fill(-1 / packed.targetCount);
  const phases = { forward: [] as number[], backward: [] as number[], update: [] as number[] };
  let count = 0;
  return {
    gpu,
    policy,
    packed,
    phases,
    /** One step. Resolves to the loss before it, once the new weights are ready. */
    async step(): Promise<number> {
      count += 1;
      const t0 = clock();
      let t1 = t0;
      let loss = 0;
      await policy.accumulate(packed, ({ logprobs }) => {
        t1 = clock();
        loss = -logprobs.reduce((sum, x) => sum + x, 0) / packed.targetCount;
        return { logprob: coefficients };
      });
      const t2 = clock();
      await policy.update({
        learningRate: ADAMW.lr,
        beta1: ADAMW.b1,
        beta2: ADAMW.b2,
        epsilon: ADAMW.adamEps,
        weightDecay: ADAMW.decay,
        maxGradNorm: 0,
        step: count,
      });
      phases.forward.push(t1 - t0);
      phases.backward.push(t2 - t1);
      phases.update.push(clock() - t2);
      return loss;
    },
  };
}

async function timed(step: () => Promise<number>): Promise<{ ms: number; loss: number }> {
  const from = clock();
  const loss = await step();
  return { ms: clock() - from, loss };
}

/** Opens a contestant and takes its first step. */
async function begin<T extends { step(): Promise<number> }>(open: () => Promise<T>) {
  const from = clock();
  const contestant = await open();
  const first = await timed(() => contestant.step());
  return { contestant, open: clock() - from, first: first.ms, firstLoss: first.loss };
}

async function run(options: Options): Promise<Outcome> {
  const flat = initialWeights();
  const ours = await begin(() => openOurs(flat));
  const table = ropeTable(LENGTH, layout.config.head_dim, layout.config.rope_theta);
  const batch = jaxBatch(makeBatch().tokens, table);
  const jax = options.alone ? null : await begin(() => openJax(jaxConfig, jaxWeights(flat), batch));
  if (jax && Math.abs(jax.firstLoss - ours.firstLoss) > EQUAL)
    throw new Error(`first losses differ: ours ${ours.firstLoss}, jax-js ${jax.firstLoss}`);

  const rounds = { ours: [] as number[], jax: [] as number[] };
  let last = { ours: ours.firstLoss, jax: jax?.firstLoss ?? 0 };
  for (let round = -options.warmUp; round < options.rounds; round++) {
    const a = await timed(() => ours.contestant.step());
    const b = jax && (await timed(() => jax.contestant.step()));
    last = { ours: a.loss, jax: b?.loss ?? 0 };
    if (round < 0) continue;
    rounds.ours.push(a.ms);
    if (b) rounds.jax.push(b.ms);
  }
  if (jax && Math.abs(last.jax - last.ours) > 20 * EQUAL)
    throw new Error(`last losses differ: ours ${last.ours}, jax-js ${last.jax}`);

  const { gpu, policy, packed, phases } = ours.contestant;
  let profile: Outcome['profile'] = null;
  if (options.profile) {
    const { forward, backward, update } = await policy.recordings(packed);
    profile = {
      forward: await profileRecording(gpu, forward, 7, clock),
      backward: await profileRecording(gpu, backward, 7, clock),
      update: await profileRecording(gpu, update, 7, clock),
    };
  }
  const timesOf = (c: Omit<Times, 'rounds' | 'lastLoss'>, all: number[], lastLoss: number) => ({
    open: c.open,
    first: c.first,
    firstLoss: c.firstLoss,
    lastLoss,
    rounds: all,
  });
  return {
    adapter: gpu.info.name,
    parameters: layout.parameters,
    ours: timesOf(ours, rounds.ours, last.ours),
    phases: {
      forward: median(phases.forward.slice(-options.rounds)),
      backward: median(phases.backward.slice(-options.rounds)),
      update: median(phases.update.slice(-options.rounds)),
    },
    jax: jax && timesOf(jax, rounds.jax, last.jax),
    profile,
    variants: Object.fromEntries(gpu.variants),
  };
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[sorted.length >> 1];
}

Object.assign(globalThis, { runBench: run });
