/** Everything that a run holds on the device, opened together and freed together. */
import { badConfig } from '../../errors.ts';
import type { Gpu } from '../../gpu/gpu.ts';
import { gateHalves } from '../../kernels/half-gate.ts';
import { Generator } from '../../model/generate.ts';
import { Learner } from '../../model/learner.ts';
import type { LoadedModel } from '../../model/load.ts';
import type { Tokenizer } from '../../model/tokenizer.ts';
import type { Experiment } from '../experiment/schema.ts';
import type { BatchPlan } from '../learn/pack.ts';
import { Replay } from '../learn/replay.ts';
import { methodOf } from '../methods/index.ts';
import type { LearnerNeed } from '../methods/method.ts';
import { createTask } from '../tasks/index.ts';
import type { Task } from '../tasks/task.ts';
import { CopyPart } from './copy-part.ts';
import { type Models, originOf, requireFit } from './origin.ts';
import { learnerOptions, roomFor } from './room.ts';
import { LearnerPart } from './state.ts';

export interface RunParts {
  readonly gpu: Gpu;
  readonly plan: BatchPlan;
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

/**
 * @param models opens the folders that further learners start from
 * @throws BadConfig when experiment and models do not fit; OutOfMemory; what `models` throws. Nothing is held then
 */
export async function openRun(
  gpu: Gpu,
  experiment: Experiment,
  model: LoadedModel,
  models?: Models,
): Promise<RunParts> {
  const { tokenizer, layout } = model;
  if (!tokenizer)
    throw badConfig('policy', 'This policy has no tokenizer.json, so it cannot read questions');
  const { method } = experiment;
  const { needs } = methodOf(method);
  const task = createTask(experiment.task);
  const most = layout.config.max_position_embeddings;
  const { plan, positions, sequences, promptTokens, budget } = roomFor(
    ...([experiment, task, tokenizer, most, gpu.info.profile] as const),
  );
  if (method.fp16) await gateHalves(gpu);
  const hashes: Record<string, string> = {};
  const held: { destroy(): void }[] = [];
  const destroy = () => {
    for (const one of held.reverse()) one.destroy();
  };
  const open = async (name: string, need: LearnerNeed): Promise<Learner> => {
    const size = { tokens: plan.microBatchTokens, positions };
    const options = learnerOptions(method, need, size, name === 'policy' ? 1 : 2);
    const origin = await originOf(need, model, models);
    requireFit(name, need, origin, model, positions);
    const { parameters, scalar, hash } = origin;
    if (hash !== null) hashes[name] = hash;
    const learner = await Learner.create(gpu, origin.layout, options);
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
    const size = { sequences, promptTokens, positions, budget, fp16: method.fp16 };
    const generatorOf = async (learner: Learner): Promise<Generator> => {
      const { parameters, rope } = learner;
      // It reads the learner's parameters, so it takes turns with everything else that uses the learner.
      const turns = learner;
      const made = await Generator.create(gpu, learner.layout, parameters, rope, size, turns);
      held.push(made);
      return made;
    };
    const generator = await generatorOf(policy);
    const generators = new Map([['policy', generator]]);
    for (const [name, { learner }] of [...learners, ...copies])
      if (needs.learners?.[name]?.writes) generators.set(name, await generatorOf(learner));
    const stores = new Map(
      Object.entries(needs.stores ?? {}).map(([name, most]) => [name, new Replay(name, most)]),
    );
    return {
      ...{ gpu, plan, tokenizer, task, policy, learners, copies, stores, hashes },
      ...{ generator, generators },
      destroy,
    };
  } catch (error) {
    destroy();
    throw error;
  }
}
