/** What a method can do in one step, with the run's learners, terms and clock. */
import type { Generator } from '../../model/generate.ts';
import type { Tokenizer } from '../../model/tokenizer.ts';
import type { Experiment } from '../experiment/schema.ts';
import { countTokens, type Example } from '../learn/example.ts';
import { type Learned, type Loss, learn } from '../learn/learn.ts';
import { adamw } from '../learn/optimizer.ts';
import { type BatchPlan, inParts, unitsOf } from '../learn/pack.ts';
import { policyService } from '../learn/policy-service.ts';
import type { Replay } from '../learn/replay.ts';
import { type Asked, sample, samplingOf } from '../learn/sample.ts';
import { type Scores, score, withReference } from '../learn/score.ts';
import type { Begun, Passes, Shuffle, Step } from '../methods/method.ts';
import { learningRate } from '../objectives/schedule.ts';
import { randomStream, streamKey } from '../random.ts';
import { type CombinedRewards, scoreBatch, type WeightedTerm } from '../rewards/combine.ts';
import type { Completion, ReceiverService } from '../rewards/reward.ts';
import { solver } from '../roles/solver.ts';
import type { Task, Verdict } from '../tasks/task.ts';
import type { PhaseTimer } from './phase-timer.ts';
import type { LearnerPart } from './state.ts';
import { fittingWaves } from './waves.ts';

/** What a run lends to a step. */
export interface StepMeans {
  readonly experiment: Experiment;
  readonly task: Task;
  readonly tokenizer: Tokenizer;
  readonly generator: Generator;
  /** By name; the policy is `policy`. */
  readonly learners: ReadonlyMap<string, LearnerPart>;
  readonly terms: readonly WeightedTerm[];
  readonly stores: ReadonlyMap<string, Replay>;
  readonly receivers: ReceiverService | undefined;
  readonly plan: BatchPlan;
  readonly timer: PhaseTimer;
  /** Called just before the policy's first update of the step, when everything that leads to it was finite. */
  readonly good: () => void;
  readonly signal?: AbortSignal;
}

export class StepRun implements Step {
  readonly index: number;
  readonly seed: number;
  readonly task: Task;
  readonly tokenizer: Tokenizer;
  readonly sampleGroups: number;
  readonly positions: number;
  /** True once the step has begun to score or train: a shader that fails from then on is the trainer's. */
  training = false;
  readonly #means: StepMeans;

  constructor(index: number, means: StepMeans) {
    const { experiment, task, tokenizer, generator } = means;
    this.#means = means;
    this.index = index;
    this.seed = experiment.seed;
    this.task = task;
    this.tokenizer = tokenizer;
    this.sampleGroups = experiment.logging.sample_groups;
    this.positions = generator.options.positions;
  }

  sample(copies: number): Promise<Completion[]> {
    const { task, experiment, timer } = this.#means;
    const { prompts_per_step: count } = experiment.method;
    const role = solver(task);
    const asked = Array.from({ length: count }, (_, p): Asked => {
      const question = task.question('train', this.index * count + p, this.seed);
      const prompt = this.tokenizer.encode(role.prompt(question), { addSpecial: true });
      return { question, prompt };
    });
    return timer.run('generate', writtenTokens, () =>
      sample(this.#means.generator, this.tokenizer, {
        ...{ role: role.name, asked, copies, sampling: samplingOf(experiment.method) },
        ...{ key: streamKey(this.seed, 'sample'), uid: this.index * count * copies },
        ...this.#cancellable,
      }),
    );
  }

  goOn(begun: readonly Begun[], copies: number): Promise<Completion[]> {
    const { experiment, timer, generator } = this.#means;
    const { max_completion_length: budget } = experiment.method;
    const asked = begun.map(({ completion: { question, promptIds, completionIds }, at }) => ({
      question,
      prompt: [...promptIds, ...completionIds.slice(0, at)],
    }));
    return timer.run('generate', writtenTokens, async () => {
      const whole: Completion[] = [];
      for (const { first, items } of fittingWaves(asked, copies, generator.options)) {
        const rests = await sample(this.#means.generator, this.tokenizer, {
          ...{ role: 'solver', asked: items, copies, sampling: samplingOf(experiment.method) },
          ...{ key: streamKey(this.seed, `go-on/${this.index}`), uid: first * copies },
          budgets: items.map((_, i) => budget - begun[first + i].at),
          ...this.#cancellable,
        });
        rests.forEach((rest, i) => {
          const { completion, at } = begun[first + Math.floor(i / copies)];
          whole.push(joined(completion, at, rest, this.tokenizer));
        });
      }
      return whole;
    });
  }

  store(name: string): Replay {
    const store = this.#means.stores.get(name);
    if (!store) throw new RangeError(`there is no store ${name}`);
    return store;
  }

  verdicts(completions: readonly Completion[]): (Verdict | null)[] {
    const role = solver(this.task);
    return completions.map(({ question, text }) => role.read(question, text));
  }

  reward(completions: readonly Completion[], { learn = true } = {}): Promise<CombinedRewards> {
    const { experiment, terms, task, receivers, plan, timer } = this.#means;
    const { method } = experiment;
    return timer.run('score', writtenTokens(completions), () =>
      scoreBatch(learn ? terms : terms.map(onlyScoring), completions, {
        ...{ task, step: this.index, seed: this.seed, sampling: samplingOf(method) },
        budget: method.max_completion_length,
        ...(receivers && { receivers }),
        policy: policyService(this.#part('policy').learner, this.tokenizer, plan),
        aside: (work) => timer.aside('measure', work),
        ...this.#cancellable,
      }),
    );
  }

  score(examples: readonly Example[], learner = 'policy'): Promise<Scores> {
    const { plan } = this.#means;
    return this.#train(0, () => score(this.#part(learner).learner, examples, plan));
  }

  withReference(examples: readonly Example[], learner = 'policy'): Promise<Example[]> {
    const { plan } = this.#means;
    return this.#train(0, () => withReference(this.#part(learner).learner, examples, plan));
  }

  rate(peak: number): number {
    const { method, steps } = this.#means.experiment;
    return learningRate(this.index, { ...method, learning_rate: peak, max_steps: steps });
  }

  learn(
    examples: readonly Example[],
    loss: Loss,
    { passes = 1, fill, shuffle, scalarRate }: Passes,
    learner = 'policy',
  ): Promise<Learned> {
    const { experiment, plan, good } = this.#means;
    const { method } = experiment;
    const part = this.#part(learner);
    const rate = this.rate(method.learning_rate);
    const { minibatches = 1 } = shuffle ?? {};
    return this.#train(countTokens(examples) * passes, () =>
      learn(part.learner, examples, loss, {
        ...{ plan, passes },
        ...(fill !== undefined && { fill }),
        ...(shuffle && { minibatches: (pass) => this.#shuffled(examples, shuffle, pass) }),
        // Counts as if no minibatch were missing, so that the number follows from the step alone.
        optimizer: (pass, update) =>
          adamw(method, rate, (this.index * passes + pass) * minibatches + update + 1),
        ...(scalarRate !== undefined && { scalarLearningRate: this.rate(scalarRate) }),
        keep: () => {
          if (learner === 'policy') good();
          part.touch();
        },
      }),
    );
  }

  get #cancellable() {
    const { signal } = this.#means;
    return signal ? { signal } : {};
  }

  #train<T>(tokens: number, work: () => Promise<T>): Promise<T> {
    this.training = true;
    return this.#means.timer.run('train', tokens, work);
  }

  #part(name: string): LearnerPart {
    const part = this.#means.learners.get(name);
    if (!part) throw new RangeError(`there is no learner ${name}`);
    return part;
  }

  /** The examples' indices, shuffled again in every pass (pairs as one), in at most `minibatches` parts of nearly the same size. */
  #shuffled(
    examples: readonly Example[],
    { stream, minibatches }: Shuffle,
    pass: number,
  ): number[][] {
    const random = randomStream(this.seed, stream, this.index, pass);
    return inParts(random.shuffle(unitsOf(examples, [...examples.keys()])), minibatches);
  }
}

/** The same term, but without learning. */
function onlyScoring({ term, ...rest }: WeightedTerm): WeightedTerm {
  return { ...rest, term: { score: (batch, context) => term.score(batch, context) } };
}

function writtenTokens(completions: readonly Completion[]): number {
  return completions.reduce((sum, c) => sum + c.completionIds.length, 0);
}

/** The first `at` tokens of an answer and a continuation, as one answer. */
function joined(
  completion: Completion,
  at: number,
  rest: Completion,
  tokenizer: Tokenizer,
): Completion {
  const completionIds = [...completion.completionIds.slice(0, at), ...rest.completionIds];
  return {
    ...completion,
    completionIds,
    logprobs: [...completion.logprobs.slice(0, at), ...rest.logprobs],
    text: tokenizer.decode(completionIds),
    truncated: rest.truncated,
  };
}
