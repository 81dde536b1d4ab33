/**
 * Carries out an experiment, step after step: counts the steps, retries a failed one, goes back after a number that is not finite,
 * evaluates, takes live settings, and saves and restores the run's state. The method says what a step does; the runner knows no method.
 * A step follows from the experiment, the state and its number alone, so pausing, resuming and replaying change nothing.
 */
import { BatonError, badConfig, type ErrorKind } from '../../errors.ts';
import type { Gpu } from '../../gpu/gpu.ts';
import { type PackedBatch, packBatch } from '../../model/batch.ts';
import type { Learner } from '../../model/learner.ts';
import type { LoadedModel } from '../../model/load.ts';
import { NoDistribution } from '../../model/logprob.ts';
import type { HeldOut } from '../airl/held-out.ts';
import { type Answered, generatorWriter } from '../evaluate/answers.ts';
import type { EvaluateRequest, Evaluation } from '../evaluate/evaluate.ts';
import { carryOut, type EvaluationOrder, openReceivers } from '../evaluate/order.ts';
import type { JudgingWriter } from '../evaluate/tournament.ts';
import { holdsTournaments } from '../evaluate/tournament-runs.ts';
import { changeSetting, diffExperiments } from '../experiment/change.ts';
import type { Experiment } from '../experiment/schema.ts';
import { NotFinite } from '../learn/finite.ts';
import type { BatchPlan } from '../learn/pack.ts';
import { samplingOf } from '../learn/sample.ts';
import { methodOf } from '../methods/index.ts';
import type { StepReport } from '../methods/method.ts';
import type { MemoryPlan, MetricsRow, SampleGroup, TimingsRow } from '../records.ts';
import type { WeightedTerm } from '../rewards/combine.ts';
import { createRewards } from '../rewards/index.ts';
import type { ReceiverService } from '../rewards/reward.ts';
import { heldOutGroups } from '../samples.ts';
import { evaluationMetrics, metricsRow } from '../step-metrics.ts';
import { checkInPlace, type InPlaceCheck } from './in-place.ts';
import type { MemoryWish } from './memory-plan.ts';
import { openRun, type RunParts } from './open.ts';
import type { Models } from './origin.ts';
import { PhaseTimer } from './phase-timer.ts';
import { inPhases, type PhaseWatch } from './phases.ts';
import { heldOutOf, rewardModelsOf, type TrainedReward } from './reward-models.ts';
import { SavedPart, type StateData, type StateFiles, type StatePart } from './state.ts';
import { StepRun } from './step-run.ts';

export interface StepResult {
  readonly metrics: MetricsRow;
  readonly timings: TimingsRow;
  readonly samples: readonly SampleGroup[];
}

/** All that a run needs to continue with the same bits. */
export interface RunState {
  /** Steps done. */
  readonly step: number;
  /** Tokens trained on so far. */
  readonly num_tokens: number;
  /** The state of everything that learns, by name (state.ts). */
  readonly files: StateFiles;
}

export interface RunnerOptions extends MemoryWish {
  /** Milliseconds; for timings only. */
  readonly clock: () => number;
  /** Opens receivers for reward terms and evaluations. The runner closes it. */
  readonly receivers?: ReceiverService;
  /** Opens the folders that further learners start from. */
  readonly models?: Models;
}

/** A step that is done except for its evaluation. */
interface Trained {
  readonly timer: PhaseTimer;
  readonly report: StepReport;
}

/** What an evaluation on the way adds to a step. */
type Evaluated = Pick<StepResult, 'samples'> & { readonly metrics: Record<string, number> };

const NOT_EVALUATED: Evaluated = { metrics: {}, samples: [] };

/** Failures after which the device holds no state to go back to. */
const DEVICE: readonly ErrorKind[] = ['DeviceLost', 'GpuError', 'NoWebGpu'];

export class Runner {
  readonly #parts: RunParts;
  readonly #state: readonly StatePart[];
  readonly #clock: () => number;
  readonly #receivers: ReceiverService | undefined;
  #experiment: Experiment;
  #terms: readonly WeightedTerm[];
  #step = 0;
  #tokens = 0;
  /** Steps and tokens of the last good state, to which the run goes back after a number that is not finite. */
  #good = { step: 0, tokens: 0 };
  #whole = true;
  /** A step whose evaluation failed. The next call evaluates it again. */
  #unreported: Trained | null = null;

  private constructor(parts: RunParts, experiment: Experiment, options: RunnerOptions) {
    this.#parts = parts;
    this.#experiment = experiment;
    this.#clock = options.clock;
    this.#receivers = options.receivers;
    this.#terms = createRewards(experiment.rewards);
    this.#state = [
      ...[...parts.learners.values()].filter(({ learner }) => learner.options.train),
      ...parts.copies.values(),
      ...[...parts.stores].map(([name, store]) => new SavedPart(name, store)),
      ...this.#terms.flatMap(({ name, term: { save, restore }, term }) =>
        save && restore
          ? [new SavedPart(name, { save: save.bind(term), restore: restore.bind(term) })]
          : [],
      ),
    ];
  }

  /**
   * Loads a policy onto the GPU and gets everything ready for the first step.
   * @throws BadConfig when experiment and model do not fit; OutOfMemory
   */
  static async create(
    gpu: Gpu,
    experiment: Experiment,
    model: LoadedModel,
    options: RunnerOptions,
  ): Promise<Runner> {
    const parts = await openRun(gpu, experiment, model, options.models, options);
    return new Runner(parts, experiment, options);
  }

  /** Compiles all that a step needs, in parallel. @throws ShaderError */
  async compile(): Promise<void> {
    await Promise.all([
      this.#prepareGenerators(),
      ...this.#learners.map((learner) => learner.prepare(this.#probe)),
    ]);
  }

  /**
   * Compiles what a step needs, in parallel, so that the first step does not wait kernel by kernel. It waits for generation, which a
   * step needs first. Training kernels go on compiling while the first answers are sampled; each pass waits for its own.
   */
  async prepare(): Promise<void> {
    const generation = this.#prepareGenerators();
    const { evaluation } = this.#experiment;
    // A kernel that does not compile fails the pass that needs it, with an error that says why.
    for (const learner of this.#learners) learner.prepare(this.#probe).catch(() => undefined);
    await Promise.all([
      generation,
      ...this.#terms.map(({ term }) => term.prepare?.(this.#receivers)),
      openReceivers(evaluation.receivers, evaluation.receiver_backend, this.#receivers),
    ]);
  }

  get #learners(): Learner[] {
    const { learners, copies } = this.#parts;
    return [...learners.values(), ...copies.values()].map(({ learner }) => learner);
  }

  async #prepareGenerators(): Promise<void> {
    const sampling = samplingOf(this.#experiment.method);
    const { generators } = this.#parts;
    await Promise.all([...generators.values()].map((generator) => generator.prepare(sampling)));
  }

  /** The smallest batch. It needs the same kernels as any other. */
  get #probe(): PackedBatch {
    return packBatch([{ prompt: [0], completion: [0] }], this.plan.tokenBucket);
  }

  /** How steps are cut to fit memory. */
  get plan(): BatchPlan {
    return this.#parts.plan;
  }

  /** What the run was planned to hold on the device. */
  get memory(): MemoryPlan {
    return this.#parts.memory;
  }

  /** SHA-256 of the weights of every learner that was read from a folder, by its name, hex; the policy is not among them. */
  get learnerHashes(): Readonly<Record<string, string>> {
    return this.#parts.hashes;
  }

  /** Steps done. */
  get step(): number {
    return this.#step;
  }

  /** The experiment with the current values of live settings. */
  get experiment(): Experiment {
    return this.#experiment;
  }

  get finished(): boolean {
    return this.#unreported === null && this.#step >= this.#experiment.steps;
  }

  /** Bytes of GPU memory held by the whole device. */
  get gpuBytes(): number {
    return this.#parts.gpu.bytes;
  }

  /** Whether a failed call can be repeated with the same bits: the state is as it was before the call. */
  get whole(): boolean {
    return this.#whole;
  }

  /** The row of step 0: the evaluation before any training; null where evaluation is off. */
  async baseline(signal?: AbortSignal): Promise<StepResult | null> {
    if (this.#experiment.evaluation.every === 0) return null;
    const timer = new PhaseTimer(this.#clock);
    const { metrics, samples } = await timer.run('evaluate', 0, () => this.#evaluate(signal));
    return { metrics: metricsRow(0, metrics), timings: timer.row(0), samples };
  }

  /**
   * Does one step.
   * @throws NonFinite (naming the learner that failed and its rate) and ShaderError (the state is the last good one), DeviceLost, Cancelled; what reward terms and receivers throw, with
   *   `whole` true: the same call then does the same step with the same bits
   * @param phases is told what is known after each phase, and may let the step wait there
   */
  async next(signal?: AbortSignal, phases?: PhaseWatch): Promise<StepResult> {
    const trained = this.#unreported ?? (await this.#train(signal, phases));
    const { timer, report } = trained;
    timer.goOn();
    this.#unreported = trained;
    const { every } = this.#experiment.evaluation;
    // The last step is no exception: a run that is extended later has the rows of one that was longer from the start.
    const due = every > 0 && this.#step % every === 0;
    const held = due ? await this.#evaluateStep(timer, signal) : NOT_EVALUATED;
    this.#unreported = null;
    return {
      metrics: metricsRow(this.#step, report.metrics, { num_tokens: this.#tokens }, held.metrics),
      timings: timer.row(this.#step),
      samples: [...report.samples, ...held.samples],
    };
  }

  /** A step without its evaluation. */
  async #train(signal?: AbortSignal, phases?: PhaseWatch): Promise<Trained> {
    const timer = new PhaseTimer(this.#clock);
    for (const part of this.#state) await part.begin();
    const step = new StepRun(this.#step, {
      ...{ ...this.#parts, experiment: this.#experiment, terms: this.#terms },
      ...{ receivers: this.#receivers, timer },
      good: () => this.#markGood(),
      ...(signal && { signal }),
    });
    try {
      const lent = phases ? inPhases(step, phases, () => timer.goOn()) : step;
      const report = await methodOf(this.#experiment.method).step(lent);
      this.#whole = true;
      this.#step += 1;
      this.#tokens += report.tokens;
      void this.#parts.gpu.catchUp();
      return { timer, report };
    } catch (error) {
      throw await this.#undo(error, step);
    }
  }

  async #evaluateStep(timer: PhaseTimer, signal?: AbortSignal): Promise<Evaluated> {
    try {
      return await timer.run('evaluate', 0, () => this.#evaluate(signal));
    } catch (error) {
      if (!(error instanceof NoDistribution)) throw error;
      return Promise.reject(await this.#goBack(DRAWING, this.#step));
    }
  }

  #markGood(): void {
    this.#good = { step: this.#step, tokens: this.#tokens };
    for (const part of this.#state) part.good();
  }

  /** Undoes what a failed step changed. @returns the error to throw */
  async #undo(error: unknown, step: StepRun): Promise<unknown> {
    const failed = this.#step + 1;
    if (error instanceof NoDistribution) return this.#goBack(DRAWING, failed);
    if (error instanceof NotFinite) return this.#goBack(lossOf(error.learner), failed, error.field);
    const kind = error instanceof BatonError ? error.kind : null;
    if (kind === 'ShaderError' && step.training) {
      await this.#goBack('', failed);
      return error;
    }
    this.#whole = kind === null || !DEVICE.includes(kind);
    if (this.#whole) for (const part of this.#state) await part.again();
    return error;
  }

  /** Goes back to the last good state. @returns the error to throw */
  async #goBack(what: string, failed: number, field = 'method.learning_rate'): Promise<BatonError> {
    for (const part of this.#state) await part.back();
    this.#step = this.#good.step;
    this.#tokens = this.#good.tokens;
    this.#unreported = null;
    this.#whole = false;
    const beyond = ' A number above 65,504 is the other: then run again without half precision.';
    return new BatonError({
      kind: 'NonFinite',
      message: `${what} stopped being a number at step ${failed}`,
      remedy: `${keptText(this.#good.step)} The learning rate is the usual cause: go on at a lower one.${this.#experiment.method.fp16 ? beyond : ''}`,
      field,
    });
  }

  /** Changes a live setting from the next step on. @throws BadConfig when the setting is not live or the value is not allowed */
  set(path: string, value: unknown): void {
    const parsed = changeSetting(this.#experiment, path, value as never, {
      policies: [this.#experiment.policy],
    });
    if (!parsed.ok) throw badConfig(path, parsed.problems[0].message);
    const fixed = diffExperiments(this.#experiment, parsed.experiment).find(({ live }) => !live);
    if (fixed)
      throw badConfig(
        path,
        `${fixed.label} cannot change while the run goes on`,
        'Restart with it.',
      );
    this.#experiment = parsed.experiment;
    const { rewards } = parsed.experiment;
    this.#terms = this.#terms.map((old, i) => ({ ...old, weight: rewards[i].weight }));
  }

  async state(): Promise<RunState> {
    const files = new Map<string, StateData>();
    for (const part of this.#state)
      for (const [name, data] of await part.read()) files.set(name, data);
    return { step: this.#step, num_tokens: this.#tokens, files };
  }

  async restore({ step, num_tokens: tokens, files }: RunState): Promise<void> {
    for (const part of this.#state) await part.write(files);
    this.#step = step;
    this.#tokens = tokens;
    this.#good = { step, tokens };
    this.#whole = true;
    this.#unreported = null;
  }

  /** The policy's parameters, in the layout's flat order. */
  parameters(): Promise<Float32Array<ArrayBuffer>> {
    return this.#parts.policy.readParameters();
  }

  /** The reward models that the run trains, as they are now; none where its method trains none. */
  rewardModels(): Promise<TrainedReward[]> {
    return rewardModelsOf(this.#parts, this.#experiment);
  }

  /** How well one of them tells experts from the policy on held-out questions. @throws Cancelled, DeviceLost */
  heldOut(rewardModel: string, signal?: AbortSignal): Promise<HeldOut> {
    return heldOutOf(this.#parts, this.#experiment, rewardModel, signal);
  }

  /** Checks the policy in the run's own buffers, between two steps. It changes nothing of the run. @throws DeviceLost, RangeError */
  checkInPlace(): Promise<InPlaceCheck> {
    return checkInPlace(this.#parts.policy, this.plan.tokenBucket);
  }

  /**
   * Evaluates between two steps, on questions drawn by the run's seed. It changes nothing of the run.
   * @throws BadConfig, Cancelled, DeviceLost
   */
  evaluate(
    order: EvaluationOrder,
    more: Pick<EvaluateRequest, 'signal' | 'onProgress' | 'onAnswered' | 'trainedOn'> = {},
  ): Promise<Evaluation> {
    const { seed, method } = this.#experiment;
    const { generator, tokenizer, task } = this.#parts;
    const writer = generatorWriter(generator, tokenizer, method.max_completion_length);
    const means = { writer, task, seed, sampling: samplingOf(method), service: this.#receivers };
    const critic = this.#critic();
    return carryOut(order, { ...means, ...(critic && { critic }) }, more);
  }

  /** Who judges in tournaments; undefined where the method has no critic that compares. */
  #critic(): JudgingWriter | undefined {
    const { critic } = methodOf(this.#experiment.method);
    if (!critic || 'key' in critic) return undefined;
    const { generator, generators, tokenizer } = this.#parts;
    const writes = generators.get(critic.learner ?? 'policy') ?? generator;
    const writer = generatorWriter(writes, tokenizer, critic.budget);
    return { writer, reasoning: critic.reasoning };
  }

  async #evaluate(signal?: AbortSignal): Promise<Evaluated> {
    const { evaluation, logging } = this.#experiment;
    const { task, tokenizer } = this.#parts;
    const more = signal ? { signal } : {};
    const tournament = holdsTournaments(this.#experiment) ? evaluation.tournament : 0;
    const order = { ...evaluation, tournament, policy: 'now' } as const;
    let samples: readonly SampleGroup[] = [];
    const onAnswered = (answered: readonly Answered[]) => {
      samples = heldOutGroups(this.#step, logging.sample_groups, task, tokenizer, answered);
    };
    const held = await this.evaluate({ ...order, split: 'test' }, { ...more, onAnswered });
    const metrics = evaluationMetrics(held);
    if (!evaluation.ood) return { metrics, samples };
    const ood = await this.evaluate({ ...order, split: 'ood' }, more);
    return { metrics: { ...metrics, ...evaluationMetrics(ood, 'eval_ood') }, samples };
  }

  destroy(): void {
    for (const { term } of this.#terms) term.close?.();
    this.#receivers?.close();
    this.#parts.destroy();
  }
}

const DRAWING = 'What the policy draws from';

const lossOf = (learner: string | null) =>
  learner === null || learner === 'policy' ? 'The loss' : `The loss of the ${learner}`;

/** Before the policy's first update, as while a discriminator learns alone, there is no later good state than the start. */
function keptText(step: number): string {
  return step === 0
    ? 'The run is back at step 0, its start, which is its last good state.'
    : `Step ${step} is the last good one and is kept.`;
}
