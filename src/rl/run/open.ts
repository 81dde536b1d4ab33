/** Everything that a run holds on the device, opened together and freed together. */
import { badConfig } from '../../errors.ts';
import type { DeviceInfo } from '../../gpu/adapter.ts';
import type { Gpu } from '../../gpu/gpu.ts';
import { gateHalves } from '../../kernels/half-gate.ts';
import { Generator } from '../../model/generate.ts';
import { KeptPass } from '../../model/kept-pass.ts';
import { Learner } from '../../model/learner.ts';
import type { LoadedModel } from '../../model/load.ts';
import type { ParameterLayout } from '../../model/parameters.ts';
import type { Tokenizer } from '../../model/tokenizer.ts';
import type { Experiment } from '../experiment/schema.ts';
import type { BatchPlan } from '../learn/pack.ts';
import { Replay } from '../learn/replay.ts';
import type { LearnerNeed } from '../methods/method.ts';
import type { MemoryPlan } from '../records.ts';
import { createTask } from '../tasks/index.ts';
import type { Task } from '../tasks/task.ts';
import { CopyPart } from './copy-part.ts';
import {
  generatorSize,
  keptSize,
  learnersOf,
  type MemoryWish,
  optionsOf,
  planRun,
  type RunPlan,
} from './memory-plan.ts';
import { needsOf, receiversOf } from './needs.ts';
import { type Models, type Origin, originOf, requireFit } from './origin.ts';
import { longestPrompt } from './room.ts';
import { LearnerPart } from './state.ts';

export interface RunParts {
  readonly gpu: Gpu;
  readonly plan: BatchPlan;
  /** What all of this was planned to hold. */
  readonly memory: MemoryPlan;
  readonly tokenizer: Tokenizer;
  readonly task: Task;
  /** The learner that samples, is evaluated and is exported. */
  readonly policy: Learner;
  /** All learners by name, the policy among them. */
  readonly learners: ReadonlyMap<string, LearnerPart>;
  /** Those that are copies of the policy, renewed by the method, by name. */
  readonly copies: ReadonlyMap<string, CopyPart>;
  readonly stores: ReadonlyMap<string, Replay>;
  /** Of every learner that a folder is read for, by name: SHA-256 of its model.safetensors, hex. */
  readonly hashes: Readonly<Record<string, string>>;
  /** The policy's. */
  readonly generator: Generator;
  /** All by the name of their learner, the policy's among them. */
  readonly generators: ReadonlyMap<string, Generator>;
  destroy(): void;
}

/** What a run starts from, before anything is on the device. */
interface Begun {
  readonly task: Task;
  readonly tokenizer: Tokenizer;
  readonly planned: RunPlan;
  /** By learner. */
  readonly origins: ReadonlyMap<string, Origin>;
}

async function begin(
  device: Pick<DeviceInfo, 'profile' | 'limits'>,
  experiment: Experiment,
  model: LoadedModel,
  models: Models | undefined,
  wish: MemoryWish,
): Promise<Begun> {
  const { tokenizer, layout } = model;
  if (!tokenizer)
    throw badConfig('policy', 'This policy has no tokenizer.json, so it cannot read questions');
  const task = createTask(experiment.task);
  const origins = new Map<string, Origin>();
  for (const [name, need] of learnersOf(needsOf(experiment)))
    origins.set(name, await originOf(need, model, models));
  const layouts = new Map([...origins].map(([name, origin]) => [name, origin.layout]));
  const question = longestPrompt(experiment, task, tokenizer);
  const most = layout.config.max_position_embeddings;
  const receivers = await receiverLayouts(experiment, model, models);
  const run = { experiment, tokenizer, question, layouts, receivers, most };
  const planned = planRun(run, device, wish);
  return { task, tokenizer, planned, origins };
}

/** Of a receiver that cannot be read here, whose opening will say why, the policy's own. */
async function receiverLayouts(
  experiment: Experiment,
  { layout }: LoadedModel,
  models: Models | undefined,
): Promise<Map<string, ParameterLayout>> {
  const layouts = new Map<string, ParameterLayout>();
  for (const id of receiversOf(experiment)) {
    const read = id === 'policy' ? undefined : models?.(id);
    layouts.set(id, await (read?.then((model) => model.layout).catch(() => layout) ?? layout));
  }
  return layouts;
}

/**
 * Plans a run's memory without opening it.
 * @throws as `openRun`
 */
export async function memoryOf(
  ...asked: Parameters<typeof begin>
): Promise<Pick<RunPlan, 'plan' | 'memory'>> {
  const { plan, memory } = (await begin(...asked)).planned;
  return { plan, memory };
}

/**
 * @param models opens the folders that further learners start from
 * @param wish a budget of memory, or a cut that was planned before
 * @throws BadConfig when experiment and models do not fit; OutOfMemory; what `models` throws. Nothing is held then
 */
export async function openRun(
  gpu: Gpu,
  experiment: Experiment,
  model: LoadedModel,
  models?: Models,
  wish: MemoryWish = {},
): Promise<RunParts> {
  const { task, tokenizer, planned, origins } = await begin(
    ...([gpu.info, experiment, model, models, wish] as const),
  );
  const { room, plan, memory } = planned;
  const { method } = experiment;
  const needs = needsOf(experiment);
  if (method.fp16) await gateHalves(gpu);
  const hashes: Record<string, string> = {};
  const held: { destroy(): void }[] = [];
  const destroy = () => {
    for (const one of held.reverse()) one.destroy();
  };
  const open = async (name: string, need: LearnerNeed): Promise<Learner> => {
    const origin = origins.get(name);
    if (!origin) throw new RangeError(`the learner ${name} starts from nothing`);
    requireFit(name, need, origin, model, room.positions);
    const { layout, parameters, scalar, hash } = origin;
    if (hash !== null) hashes[name] = hash;
    const size = { tokens: plan.microBatchTokens, positions: room.positions };
    const learner = await Learner.create(gpu, layout, optionsOf(experiment, name, need, size));
    held.push(learner);
    learner.setParameters(parameters);
    if (scalar) learner.scalar?.setParameters(scalar.head);
    if (need.reference) await gpu.allocating(() => learner.setReference(parameters));
    return learner;
  };
  try {
    const policy = await open('policy', needs.policy);
    const learners = new Map([['policy', new LearnerPart('policy', policy)]]);
    const copies = new Map<string, CopyPart>();
    for (const [name, need] of Object.entries(needs.learners ?? {})) {
      const learner = await open(name, need);
      if (need.renewed) copies.set(name, new CopyPart(name, learner));
      else learners.set(name, new LearnerPart(name, learner));
    }
    const size = generatorSize(experiment, room);
    const generatorOf = async (learner: Learner, kept?: KeptPass): Promise<Generator> => {
      const { parameters, rope } = learner;
      // It reads the learner's parameters, so it takes turns with everything else that uses the learner.
      const turns = learner;
      const made = await Generator.create(
        ...([gpu, learner.layout, parameters, rope, size, turns, kept] as const),
      );
      held.push(made);
      return made;
    };
    const keepFor = async (learner: Learner): Promise<KeptPass> => {
      const size = keptSize(experiment, room, plan.microBatchTokens);
      const kept = await KeptPass.create(gpu, learner.layout.config, size);
      held.push(kept);
      learner.recallFrom(kept);
      return kept;
    };
    const kept = planned.keeps ? await keepFor(policy) : undefined;
    const generator = await generatorOf(policy, kept);
    const generators = new Map([['policy', generator]]);
    for (const [name, { learner }] of [...learners, ...copies])
      if (needs.learners?.[name]?.writes) generators.set(name, await generatorOf(learner));
    const stores = new Map(
      Object.entries(needs.stores ?? {}).map(([name, most]) => [name, new Replay(name, most)]),
    );
    return {
      ...{ gpu, plan, memory, tokenizer, task, policy, learners, copies, stores, hashes },
      ...{ generator, generators },
      destroy,
    };
  } catch (error) {
    destroy();
    throw error;
  }
}
