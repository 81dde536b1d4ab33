/**
 * What a run will hold on the device, and how its updates are cut into micro-batches so that it fits: planned before anything is
 * allocated, from the step's own tokens, the device's limits and a budget. Bytes are counted by the code that allocates them.
 */
import { BatonError } from '../../errors.ts';
import type { DeviceInfo, Profile } from '../../gpu/adapter.ts';
import { MemoryTally, readbackBytes } from '../../gpu/memory.ts';
import { MOST_ROWS } from '../../kernels/grid.ts';
import { allocateGenerator } from '../../model/generator-buffers.ts';
import { allocateKeptPass, type KeptPassOptions } from '../../model/kept-pass.ts';
import { countReceiver } from '../../model/kernel-receiver.ts';
import { learnerMemory } from '../../model/learner-memory.ts';
import type { ParameterLayout } from '../../model/parameters.ts';
import type { Tokenizer } from '../../model/tokenizer.ts';
import type { Experiment } from '../experiment/schema.ts';
import type { BatchPlan } from '../learn/pack.ts';
import { methodOf } from '../methods/index.ts';
import type { LearnerNeed, Needs } from '../methods/method.ts';
import type { MemoryBytes, MemoryPlan } from '../records.ts';
import { needsOf } from './needs.ts';
import { learnerOptions, type Room, roomFor, TOKEN_BUCKET } from './room.ts';

/** Bytes that a run may hold. A visitor's graphics card often shares the memory of a laptop, and runs may stand side by side. */
const BUDGET = { scalar: 2 ** 32, lanes: 2 ** 31 } as const satisfies Record<Profile, number>;
/** A software adapter gains nothing from longer micro-batches. A change here changes the order of sums in every run. */
const SOFTWARE_TOKENS = 2048;

const MOST_TOKENS = Math.floor(MOST_ROWS / TOKEN_BUCKET) * TOKEN_BUCKET;

/** What may be set for a run instead of being planned. */
export interface MemoryWish {
  /** Bytes that the run may hold. Default: by the device's profile. */
  readonly memory?: number;
  /** Most tokens of a micro-batch: those that a run began with, so that it goes on with the same bits. */
  readonly microBatchTokens?: number;
}

/** What the bytes of a run depend on. */
export interface PlannedRun {
  readonly experiment: Experiment;
  readonly tokenizer: Tokenizer;
  /** Tokens of the longest question. */
  readonly question: number;
  /** Of each learner, the policy among them. */
  readonly layouts: ReadonlyMap<string, ParameterLayout>;
  /** Of each receiver that runs on the device, by its id. */
  readonly receivers: ReadonlyMap<string, ParameterLayout>;
  /** Positions that the policy has. */
  readonly most: number;
}

export interface RunPlan {
  readonly room: Room;
  readonly plan: BatchPlan;
  /** Whether the policy's generator keeps what its learner would compute again (`KeptPass`): where that has the same bits and fits. */
  readonly keeps: boolean;
  readonly memory: MemoryPlan;
}

/** Every learner that a method needs, the policy first. */
export function learnersOf({ policy, learners = {} }: Needs): readonly [string, LearnerNeed][] {
  return [['policy', policy], ...Object.entries(learners)];
}

/** The options of one learner of a run. */
export function optionsOf(
  { method }: Experiment,
  name: string,
  need: LearnerNeed,
  size: { readonly tokens: number; readonly positions: number },
) {
  return learnerOptions(method, need, size, name === 'policy' ? 1 : 2);
}

/** The room of a run's generators. */
export function generatorSize({ method }: Experiment, room: Room) {
  const { sequences, promptTokens, positions, budget } = room;
  return { sequences, promptTokens, positions, budget, fp16: method.fp16 };
}

/** What a run keeps of its generation: a step's questions, each once, and their answers. @param rows most rows of a micro-batch */
export function keptSize(experiment: Experiment, room: Room, rows: number): KeptPassOptions {
  const prompt = room.promptTokens / room.sequences;
  const promptTokens = Math.ceil(prompt * experiment.method.prompts_per_step);
  return { generator: generatorSize(experiment, room), promptTokens, rows };
}

/**
 * @throws OutOfMemory where not even the shortest micro-batches fit, with the setting to lower and how far; BadConfig where the
 *   policy's positions do not suffice
 */
export function planRun(
  run: PlannedRun,
  device: Pick<DeviceInfo, 'profile' | 'limits'>,
  wish: MemoryWish = {},
): RunPlan {
  const { experiment } = run;
  const room = roomFor(experiment, run.question, run.tokenizer, run.most);
  const budget = wish.memory ?? BUDGET[device.profile];
  const fits = (tokens: number) => problemOf(countBytes(run, room, tokens), budget, device) === '';
  const least = wholeBuckets(room.unit);
  const { microBatchTokens: begun = 0 } = wish;
  const [smallest, wanted] =
    begun >= least && begun % TOKEN_BUCKET === 0
      ? [begun, begun]
      : [least, wantedTokens(experiment, room, device.profile)];
  if (!fits(smallest)) throw tooLarge(run, budget, device, smallest);
  let tokens = greatest(smallest / TOKEN_BUCKET, wanted / TOKEN_BUCKET, (n) =>
    fits(n * TOKEN_BUCKET),
  );
  tokens *= TOKEN_BUCKET;
  const units = Math.ceil(examplesOf(experiment) / (room.pairs ? 2 : 1));
  const partsOf = (most: number) => Math.ceil(units / Math.max(1, Math.floor(most / room.unit)));
  // Where a GPU needs several, they are equally long: the same count in less memory.
  if (device.profile === 'lanes' && tokens < wanted)
    tokens = wholeBuckets(Math.ceil(units / partsOf(tokens)) * room.unit);
  const keeping = countBytes(run, room, tokens, true);
  // Kernels for GPUs generate with other bits than those of a learner's forward pass.
  const keeps = device.profile === 'scalar' && problemOf(keeping, budget, device) === '';
  const { bytes, total } = keeps ? keeping : countBytes(run, room, tokens);
  return {
    ...{ room, keeps },
    plan: { microBatchTokens: tokens, tokenBucket: TOKEN_BUCKET },
    memory: { budget, total, bytes, micro_batches: partsOf(tokens) },
  };
}

const wholeBuckets = (tokens: number) => Math.ceil(tokens / TOKEN_BUCKET) * TOKEN_BUCKET;

/** The most examples that one update learns from. */
function examplesOf({ method }: Experiment): number {
  const { needs, completions } = methodOf(method);
  return needs.examples ?? completions;
}

/** As many tokens as a micro-batch would have if memory were no matter: on a GPU a whole update, as far as the kernels' grids go. */
function wantedTokens(experiment: Experiment, room: Room, profile: Profile): number {
  const whole = wholeBuckets((examplesOf(experiment) / (room.pairs ? 2 : 1)) * room.unit);
  return Math.max(
    wholeBuckets(room.unit),
    Math.min(whole, profile === 'lanes' ? MOST_TOKENS : SOFTWARE_TOKENS),
  );
}

interface Counted {
  readonly bytes: MemoryBytes;
  readonly total: number;
  readonly largest: MemoryTally['largest'];
}

function countBytes(
  { experiment, layouts, receivers }: PlannedRun,
  room: Room,
  tokens: number,
  keeps = false,
): Counted {
  const needs = needsOf(experiment);
  const tally = new MemoryTally();
  const generator = generatorSize(experiment, room);
  let [weights, optimizer, activations, reference, caches, answers] = [0, 0, 0, 0, 0, 0];
  const states = new Set<number>();
  let policy = 0;
  for (const [name, need] of learnersOf(needs)) {
    const layout = layouts.get(name);
    if (!layout) throw new RangeError(`the learner ${name} has no layout`);
    const size = { tokens, positions: room.positions };
    const own = learnerMemory(tally, layout, optionsOf(experiment, name, need, size));
    const frozen = need.reference
      ? tally.allocateNumbers('reference', layout.count, false).size
      : 0;
    const before = tally.bytes;
    if (name === 'policy' || need.writes)
      allocateGenerator(tally, layout.config, generator, keeps && name === 'policy');
    if (!need.frozen) states.add(readbackBytes(layout.count * 4));
    if (name !== 'policy') continue;
    ({ weights, optimizer, activations } = own);
    reference = frozen;
    caches = tally.bytes - before;
    if (keeps) allocateKeptPass(tally, layout.config, keptSize(experiment, room, tokens));
    answers = tally.bytes - before - caches;
    policy = tally.bytes;
  }
  const learners = tally.bytes - policy;
  for (const [id, layout] of receivers) countReceiver(tally, id, layout, experiment.method.fp16);
  // States of one size are read through the same buffer; scores through buffers each half as long as the next.
  const readback = [...states].reduce((sum, size) => sum + size, 2 * readbackBytes(tokens * 16));
  const bytes = {
    ...{ weights, optimizer, reference, activations, caches, answers },
    ...{ learners, receivers: tally.bytes - policy - learners, readback },
  };
  return { bytes, total: tally.bytes + readback, largest: tally.largest };
}

/** Why a run does not fit, as a sentence without a full stop; empty where it does. */
function problemOf(
  { total, largest }: Counted,
  budget: number,
  { limits }: Pick<DeviceInfo, 'limits'>,
): string {
  const piece = Math.min(limits.maxBufferSize, limits.maxStorageBufferBindingSize);
  if (largest.bytes > piece)
    return `"${largest.label}" needs ${mib(largest.bytes)} in one piece; this adapter gives ${mib(piece)}`;
  if (total > budget)
    return `This run needs ${mib(total)} of GPU memory; it may hold ${mib(budget)}`;
  return '';
}

const mib = (bytes: number) => `${Math.ceil(bytes / 2 ** 20)} MiB`;

/** Settings that take less memory when they are lower, each with what it counts. */
const LOWER = [
  ['prompts_per_step', 'questions a step'],
  ['max_completion_length', 'tokens a completion'],
] as const;

/** The error of a run that does not fit even in its shortest micro-batches: it names the first setting that can be lowered so that it does. */
function tooLarge(
  run: PlannedRun,
  budget: number,
  device: Pick<DeviceInfo, 'limits'>,
  smallest: number,
): BatonError {
  const { experiment } = run;
  const needed = (tried: Experiment, tokens?: number) => {
    const room = roomFor(tried, run.question, run.tokenizer, run.most);
    const asked = { ...run, experiment: tried };
    return problemOf(countBytes(asked, room, tokens ?? wholeBuckets(room.unit)), budget, device);
  };
  const message = needed(experiment, smallest);
  for (const [name, what] of LOWER) {
    const lowered = (value: number) =>
      ({ ...experiment, method: { ...experiment.method, [name]: value } }) as Experiment;
    if (needed(lowered(1)) !== '') continue;
    const most = greatest(1, experiment.method[name], (n) => needed(lowered(n)) === '');
    return refusal(`method.${name}`, message, `At most ${most} ${what} would fit.`);
  }
  return refusal('policy', message, 'Choose a smaller policy, or allow more memory.');
}

function refusal(field: string, message: string, remedy: string): BatonError {
  const kind = 'OutOfMemory';
  return new BatonError({ kind, field, message, remedy: `Nothing was started. ${remedy}` });
}

/** The greatest integer in [least, most] that is good, where all up to some are; `least` is. */
function greatest(least: number, most: number, good: (n: number) => boolean): number {
  let [low, high] = [least, Math.max(least, most)];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (good(middle)) low = middle;
    else high = middle - 1;
  }
  return low;
}
