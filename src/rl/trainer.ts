/**
 * One run: generation, rewards, advantages, update, metrics, step after step. Everything a step does follows from the
 * experiment, the parameters and the step's number, so pausing, resuming and replaying change nothing.
 */
import { BatonError, badConfig } from '../errors.ts';
import type { Gpu } from '../gpu/gpu.ts';
import { gateHalves } from '../kernels/half-gate.ts';
import { packBatch } from '../model/batch.ts';
import { Generator } from '../model/generate.ts';
import type { LoadedModel } from '../model/load.ts';
import { NoDistribution } from '../model/logprob.ts';
import { Policy, type TrainingState } from '../model/policy.ts';
import type { Tokenizer } from '../model/tokenizer.ts';
import { generatorWriter } from './evaluate/answers.ts';
import type { EvaluateRequest, Evaluation } from './evaluate/evaluate.ts';
import { carryOut, type EvaluationOrder, openReceivers } from './evaluate/order.ts';
import { mean } from './evaluate/statistics.ts';
import { changeSetting, diffExperiments } from './experiment/change.ts';
import type { Experiment, ObjectiveSettings } from './experiment/schema.ts';
import { type Advantages, groupAdvantages } from './objectives/advantage.ts';
import { type BatchPlan, NotFinite, type UpdateOutcome } from './parts.ts';
import { PhaseTimer } from './phase-timer.ts';
import { policyService } from './policy-service.ts';
import { needsReference, updateByPpo } from './ppo-update.ts';
import type { MetricsRow, SampleGroup, TimingsRow } from './records.ts';
import { type CombinedRewards, scoreBatch, type WeightedTerm } from './rewards/combine.ts';
import { createRewards } from './rewards/index.ts';
import type { Completion, ReceiverService } from './rewards/reward.ts';
import { rollout, samplingOf } from './rollout.ts';
import { policyOptions, roomFor } from './room.ts';
import { sampleGroups } from './samples.ts';
import { evaluationMetrics, lengthMetrics, metricsRow } from './step-metrics.ts';
import { createTask } from './tasks/index.ts';
import type { Task } from './tasks/task.ts';
import { updatePolicy } from './update.ts';

export interface StepResult {
  readonly metrics: MetricsRow;
  readonly timings: TimingsRow;
  readonly samples: readonly SampleGroup[];
}

/** What a checkpoint holds: enough to go on with the same bits. */
export interface TrainerState extends TrainingState {
  /** Steps done. */
  readonly step: number;
  /** Tokens trained on so far. */
  readonly num_tokens: number;
}

export interface TrainerOptions {
  /** Milliseconds; for timings only. */
  readonly clock: () => number;
  /** Where reward terms get their receivers from; the trainer closes it. */
  readonly receivers?: ReceiverService;
}

/** What a step comes to before its evaluation. */
interface Learned {
  readonly timer: PhaseTimer;
  readonly metrics: Readonly<Record<string, number | null | undefined>>;
  readonly samples: readonly SampleGroup[];
}

export class Trainer {
  readonly plan: BatchPlan;
  readonly #policy: Policy;
  readonly #generator: Generator;
  readonly #tokenizer: Tokenizer;
  readonly #task: Task;
  readonly #clock: () => number;
  readonly #receivers: ReceiverService | undefined;
  #experiment: Experiment;
  #terms: WeightedTerm[];
  #step = 0;
  #tokens = 0;
  /** False while the policy is being updated: after a failure there a step cannot simply be done again. */
  #whole = true;
  /** A step that is done except for its evaluation, which failed; the next call goes on there. */
  #unreported: Learned | null = null;
  /** What the policy's snapshot holds: the state that a bad number leads back to. */
  #kept = { step: 0, tokens: 0 };

  private constructor(parts: {
    plan: BatchPlan;
    policy: Policy;
    generator: Generator;
    tokenizer: Tokenizer;
    task: Task;
    experiment: Experiment;
    clock: () => number;
    receivers: ReceiverService | undefined;
  }) {
    this.plan = parts.plan;
    this.#policy = parts.policy;
    this.#generator = parts.generator;
    this.#tokenizer = parts.tokenizer;
    this.#task = parts.task;
    this.#experiment = parts.experiment;
    this.#clock = parts.clock;
    this.#receivers = parts.receivers;
    this.#terms = createRewards(parts.experiment.rewards);
    this.#policy.snapshot();
  }

  /**
   * Loads a policy onto the GPU and gets everything ready for the first step.
   * @throws BadConfig when experiment and model do not fit; OutOfMemory
   */
  static async create(
    gpu: Gpu,
    experiment: Experiment,
    model: LoadedModel,
    { clock, receivers }: TrainerOptions,
  ): Promise<Trainer> {
    const { tokenizer, layout } = model;
    if (!tokenizer)
      throw badConfig('policy', 'This policy has no tokenizer.json, so it cannot read questions');
    const task = createTask(experiment.task);
    const { objective } = experiment;
    const most = layout.config.max_position_embeddings;
    const room = roomFor(experiment, task, tokenizer, most, gpu.info.profile);
    const { plan, prompt, positions, sequences } = room;
    if (objective.fp16) await gateHalves(gpu);
    const policy = await Policy.create(
      gpu,
      layout,
      policyOptions(objective, { tokens: plan.microBatchTokens, positions }),
    );
    policy.setParameters(model.parameters);
    if (needsReference(experiment)) policy.setReference(model.parameters);
    const generator = await Generator.create(gpu, layout, policy.parameters, policy.rope, {
      sequences,
      promptTokens: sequences * prompt,
      positions,
      budget: objective.max_completion_length,
      fp16: objective.fp16,
    });
    return new Trainer({
      plan,
      policy,
      generator,
      tokenizer,
      task,
      experiment,
      clock,
      receivers,
    });
  }

  /** Compiles all that a step needs, in parallel. @throws ShaderError */
  async compile(): Promise<void> {
    const probe = packBatch([{ prompt: [0], completion: [0] }], this.plan.tokenBucket);
    await Promise.all([
      this.#generator.prepare(samplingOf(this.#experiment.objective)),
      this.#policy.prepare(probe),
    ]);
  }

  /**
   * Compiles what a step needs, in parallel, so that the first step does not wait kernel by kernel: generation first, which comes
   * first. What trains is only begun, and goes on while the first answers are written; its passes wait for their own kernels.
   */
  async prepare(): Promise<void> {
    const generation = this.#generator.prepare(samplingOf(this.#experiment.objective));
    const { evaluation } = this.#experiment;
    const probe = packBatch([{ prompt: [0], completion: [0] }], this.plan.tokenBucket);
    // A kernel that does not compile fails the pass that wants it, and says there what is wrong.
    this.#policy.prepare(probe).catch(() => undefined);
    await Promise.all([
      generation,
      ...this.#terms.map(({ term }) => term.prepare?.(this.#receivers)),
      openReceivers(evaluation.receivers, evaluation.receiver_backend, this.#receivers),
    ]);
  }

  /** Steps done. */
  get step(): number {
    return this.#step;
  }

  /** The experiment with the live settings as they are now. */
  get experiment(): Experiment {
    return this.#experiment;
  }

  get finished(): boolean {
    return this.#unreported === null && this.#step >= this.#experiment.steps;
  }

  /** Bytes of GPU memory held by the whole device. */
  get gpuBytes(): number {
    return this.#policy.gpu.bytes;
  }

  /** The row of step 0: the held-out numbers before any training; null where evaluation is off. */
  async baseline(signal?: AbortSignal): Promise<StepResult | null> {
    if (this.#experiment.evaluation.every === 0) return null;
    const timer = new PhaseTimer(this.#clock);
    const evaluation = await timer.run('evaluate', 0, () => this.#evaluate(signal));
    return { metrics: metricsRow(0, evaluation), timings: timer.row(0), samples: [] };
  }

  /** Whether a call that failed can be made again with the same bits: the failure left policy and step as they were. */
  get whole(): boolean {
    return this.#whole;
  }

  /**
   * Does one step.
   * @throws NonFinite and ShaderError (the policy holds its last good state), DeviceLost, Cancelled; what reward terms and receivers throw, with
   *   `whole` true: then the same call does the same step
   */
  async next(signal?: AbortSignal): Promise<StepResult> {
    const learned = this.#unreported ?? (await this.#learn(signal));
    const { timer, metrics, samples } = learned;
    timer.goOn();
    this.#unreported = learned;
    const { every } = this.#experiment.evaluation;
    // Not at the last step as such: a run that is gone on with has to have the rows of one that was longer from the start.
    const due = every > 0 && this.#step % every === 0;
    const evaluate = () => timer.run('evaluate', 0, () => this.#evaluate(signal));
    const held = due ? await this.#drawing(this.#step - 1, evaluate) : {};
    this.#unreported = null;
    return {
      metrics: metricsRow(this.#step, metrics, held),
      timings: timer.row(this.#step),
      samples,
    };
  }

  /** A step without its evaluation. */
  async #learn(signal?: AbortSignal): Promise<Learned> {
    const { objective, logging, seed } = this.#experiment;
    const timer = new PhaseTimer(this.#clock);
    const index = this.#step;
    const draw = () =>
      rollout(this.#generator, this.#tokenizer, this.#task, this.#experiment, index, signal);
    const completions = await this.#drawing(index, () => timer.run('generate', countTokens, draw));
    const rewards = await timer.run('score', countTokens(completions), () =>
      this.#score(completions, seed, index, timer, signal),
    );
    const verdicts = completions.map((c) => this.#task.verify(c.question, c.text));
    const groups = groupsOf(rewards, objective);
    const trained =
      countTokens(completions) + completions.reduce((sum, c) => sum + c.promptIds.length, 0);
    this.#whole = false;
    const update = await timer.run('train', trained * passesOf(objective), () =>
      this.#update(completions, rewards, groups.advantages, index),
    );
    this.#whole = true;
    this.#step = index + 1;
    this.#tokens += trained;
    return {
      timer,
      metrics: {
        ...groups.metrics,
        ...rewards.metrics,
        accuracy: mean(verdicts.map((v) => Number(v.correct))),
        ...lengthMetrics(completions),
        ...update.metrics,
        num_tokens: this.#tokens,
      },
      samples: sampleGroups(
        this.#step,
        logging.sample_groups,
        objective.num_generations,
        this.#tokenizer,
        {
          completions,
          verdicts,
          rewards,
          advantages: update.advantages ?? groups.advantages,
          perToken: {
            ...(update.refLogprobs && { ref_logprob: update.refLogprobs }),
            ...update.perToken,
          },
        },
      ),
    };
  }

  /** Changes a live setting from the next step on. @throws BadConfig when it may not change, or not to that */
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
    const terms = createRewards(parsed.experiment.rewards);
    this.#terms = this.#terms.map((old, i) => ({ ...old, weight: terms[i].weight }));
  }

  async state(): Promise<TrainerState> {
    return { ...(await this.#policy.readState()), step: this.#step, num_tokens: this.#tokens };
  }

  restore(state: TrainerState): void {
    this.#policy.writeState(state);
    this.#policy.snapshot();
    this.#step = state.step;
    this.#tokens = state.num_tokens;
    this.#kept = { step: state.step, tokens: state.num_tokens };
    this.#whole = true;
    this.#unreported = null;
  }

  parameters(): Promise<Float32Array<ArrayBuffer>> {
    return this.#policy.readParameters();
  }

  destroy(): void {
    for (const { term } of this.#terms) term.close?.();
    this.#receivers?.close();
    this.#generator.destroy();
    this.#policy.destroy();
  }

  async #update(
    completions: readonly Completion[],
    rewards: CombinedRewards,
    advantages: ArrayLike<number>,
    index: number,
  ): Promise<UpdateOutcome> {
    const before = { step: index, tokens: this.#tokens };
    const kept = () => {
      this.#kept = before;
    };
    const { objective } = this.#experiment;
    const more = [index, this.plan, kept] as const;
    try {
      if (objective.algorithm === 'ppo') {
        const experiment = { ...this.#experiment, objective };
        return await updateByPpo(this.#policy, experiment, completions, rewards, ...more);
      }
      const experiment = { ...this.#experiment, objective };
      return await updatePolicy(this.#policy, experiment, completions, advantages, ...more);
    } catch (error) {
      const broken = error instanceof BatonError && error.kind === 'ShaderError';
      if (!(error instanceof NotFinite) && !broken) throw error;
      this.#goBack();
      throw broken ? error : this.#noNumber('The loss', index);
    }
  }

  /** Lets the policy answer; where it has nothing to draw from any more, the last state that had is kept. @throws NonFinite */
  async #drawing<T>(index: number, draw: () => Promise<T>): Promise<T> {
    try {
      return await draw();
    } catch (error) {
      if (!(error instanceof NoDistribution)) throw error;
      this.#goBack();
      throw this.#noNumber('What the policy draws from', index);
    }
  }

  /** To the policy's snapshot, the last state that is known to be good. */
  #goBack(): void {
    this.#policy.rollback();
    this.#step = this.#kept.step;
    this.#tokens = this.#kept.tokens;
    this.#unreported = null;
    this.#whole = false;
  }

  #noNumber(what: string, index: number): BatonError {
    const beyond = ' A number above 65,504 is the other: then run again without half precision.';
    return new BatonError({
      kind: 'NonFinite',
      message: `${what} stopped being a number at step ${index + 1}`,
      remedy: `Step ${this.#kept.step} is the last good one and is kept. The learning rate is the usual cause: go on at a lower one.${this.#experiment.objective.fp16 ? beyond : ''}`,
      field: 'objective.learning_rate',
    });
  }

  #score(
    completions: readonly Completion[],
    seed: number,
    step: number,
    timer: PhaseTimer,
    signal?: AbortSignal,
  ): Promise<CombinedRewards> {
    const { objective } = this.#experiment;
    return scoreBatch(this.#terms, completions, {
      task: this.#task,
      step,
      seed,
      sampling: samplingOf(objective),
      budget: objective.max_completion_length,
      ...(this.#receivers && { receivers: this.#receivers }),
      policy: policyService(this.#policy, this.#tokenizer, this.plan),
      aside: (work) => timer.aside('measure', work),
      ...(signal && { signal }),
    });
  }

  /**
   * Evaluates between two steps, on the questions of the run's seed. Nothing of the run depends on it.
   * @throws BadConfig, Cancelled, DeviceLost
   */
  evaluate(
    order: EvaluationOrder,
    more: Pick<EvaluateRequest, 'signal' | 'onProgress'> = {},
  ): Promise<Evaluation> {
    const { seed, objective } = this.#experiment;
    const writer = generatorWriter(this.#generator, this.#tokenizer);
    const sampling = samplingOf(objective);
    const service = this.#receivers;
    return carryOut(order, { writer, task: this.#task, seed, sampling, service }, more);
  }

  async #evaluate(signal?: AbortSignal): Promise<Record<string, number>> {
    const { evaluation } = this.#experiment;
    const more = signal ? { signal } : {};
    const order = { ...evaluation, policy: 'now' } as const;
    const held = evaluationMetrics(await this.evaluate({ ...order, split: 'test' }, more));
    if (!evaluation.ood) return held;
    const ood = await this.evaluate({ ...order, split: 'ood' }, more);
    return { ...held, ...evaluationMetrics(ood, 'eval_ood') };
  }
}

function countTokens(completions: readonly Completion[]): number {
  return completions.reduce((sum, c) => sum + c.completionIds.length, 0);
}

/**
 * Advantages within groups, and what the rewards were. PPO makes advantages of its own, and learns from a group of equal rewards
 * too: there the deviation is that of the batch, and no group counts as one without signal.
 */
function groupsOf(
  { totals }: CombinedRewards,
  objective: ObjectiveSettings,
): { advantages: Advantages['advantages']; metrics: Partial<Advantages['metrics']> } {
  if (objective.algorithm === 'grpo')
    return groupAdvantages(totals, objective.num_generations, objective.scale_rewards);
  const { advantages, metrics } = groupAdvantages(totals, objective.num_generations, 'batch');
  const { reward, reward_std } = metrics;
  return { advantages, metrics: { reward, reward_std } };
}

/** How often a step goes through its completions with a gradient. */
function passesOf(objective: ObjectiveSettings): number {
  return objective.algorithm === 'ppo' ? objective.num_ppo_epochs : objective.num_iterations;
}
