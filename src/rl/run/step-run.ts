/** What a method can do in one step, with the run's learners, terms and clock. */

import { badConfig } from '../../errors.ts';
import type { Generator } from '../../model/generate.ts';
import type { Learner } from '../../model/learner.ts';
import type { Tokenizer } from '../../model/tokenizer.ts';
import type { Experiment } from '../experiment/schema.ts';
import { countTokens, type Example } from '../learn/example.ts';
import { NotFinite } from '../learn/finite.ts';
import { frozenModels } from '../learn/frozen-models.ts';
import { type Learned, type Loss, learn } from '../learn/learn.ts';
import { adamw } from '../learn/optimizer.ts';
import { type BatchPlan, inParts, unitsOf } from '../learn/pack.ts';
import { policyService } from '../learn/policy-service.ts';
import type { Replay } from '../learn/replay.ts';
import { type Asked, type SampleRequest, sample, samplingOf } from '../learn/sample.ts';
import { type Scores, score, withReference } from '../learn/score.ts';
import type { Begun, Needs, Passes, Shuffle, Step, WriteRequest } from '../methods/method.ts';
import { learningRate } from '../objectives/schedule.ts';
import { randomStream, streamKey } from '../random.ts';
import { type CombinedRewards, scoreBatch, type WeightedTerm } from '../rewards/combine.ts';
import type { Completion, ReceiverService } from '../rewards/reward.ts';
import { solver } from '../roles/solver.ts';
import type { Task, Verdict } from '../tasks/task.ts';
import type { CopyPart } from './copy-part.ts';
import { needsOf } from './needs.ts';
import type { PhaseTimer } from './phase-timer.ts';
import type { LearnerPart } from './state.ts';
import { fittingWaves } from './waves.ts';

/** What a run lends to a step. */
export interface StepMeans {
  readonly experiment: Experiment;
  readonly task: Task;
  readonly tokenizer: Tokenizer;
  /** Those of the learners that write, by name. */
  readonly generators: ReadonlyMap<string, Generator>;
  /** By name; the policy is `policy`. */
  readonly learners: ReadonlyMap<string, LearnerPart>;
  /** Copies of the policy that methods renew, by name. */
  readonly copies: ReadonlyMap<string, CopyPart>;
  readonly terms: readonly WeightedTerm[];
  readonly stores: ReadonlyMap<string, Replay>;
  readonly receivers: ReceiverService | undefined;
  readonly plan: BatchPlan;
  readonly timer: PhaseTimer;
  /** Called just before the policy's first update of the step, when everything that leads to it was finite. */
  readonly good: () => void;
  readonly signal?: AbortSignal;
}

/** Prompts as token ids, and where their noise begins. */
interface Writing extends Omit<SampleRequest, 'sampling' | 'signal'> {
  readonly learner?: string;
  readonly budgets: readonly number[];
}

export class StepRun implements Step {
  readonly index: number;
  readonly steps: number;
  readonly seed: number;
  readonly task: Task;
  readonly tokenizer: Tokenizer;
  readonly sampleGroups: number;
  readonly positions: number;
  /** True once the step has begun to score or train: a shader that fails from then on is the trainer's. */
  training = false;
  readonly #means: StepMeans;
  readonly #needs: Needs;
  /** Names of the streams that `write` has drawn from. */
  readonly #drawn = new Set<string>();

  constructor(index: number, means: StepMeans) {
    const { experiment, task, tokenizer } = means;
    this.#means = means;
    this.#needs = needsOf(experiment);
    this.index = index;
    this.steps = experiment.steps;
    this.seed = experiment.seed;
    this.task = task;
    this.tokenizer = tokenizer;
    this.sampleGroups = experiment.logging.sample_groups;
    this.positions = this.#generator('policy').options.positions;
  }

  sample(copies: number, learner = 'policy'): Promise<Completion[]> {
    const { prompts_per_step: count } = this.#means.experiment.method;
    const role = solver(this.task);
    const asked = Array.from({ length: count }, (_, p): Asked => {
      const question = this.task.question('train', this.index * count + p, this.seed);
      return { question, prompt: this.#encode(role.prompt(question)) };
    });
    const noise = { key: streamKey(this.seed, 'sample'), uid: this.index * count * copies };
    const budgets = asked.map(() => this.#budget);
    return this.#write({ role: role.name, asked, copies, ...noise, budgets, learner, keep: true });
  }

  async goOn(begun: readonly Begun[], copies: number): Promise<Completion[]> {
    const { max_completion_length: budget } = this.#means.experiment.method;
    const asked = begun.map(({ completion: { question, promptIds, completionIds }, at }) => ({
      question,
      prompt: [...promptIds, ...completionIds.slice(0, at)],
    }));
    const noise = { key: streamKey(this.seed, `go-on/${this.index}`), uid: 0 };
    const budgets = begun.map(({ at }) => budget - at);
    const rests = await this.#write({ role: 'solver', asked, copies, ...noise, budgets });
    return rests.map((rest, i) => {
      const { completion, at } = begun[Math.floor(i / copies)];
      return joined(completion, at, rest, this.tokenizer);
    });
  }

  async write({ role, asked, copies, learner, stream, budget }: WriteRequest) {
    if (this.#drawn.has(stream))
      throw new RangeError(`step ${this.index} has drawn from the stream ${stream} before`);
    this.#drawn.add(stream);
    const most = budget ?? this.#needs.roles?.[role]?.budget ?? this.#budget;
    const prompts = asked.map(({ question, prompt }): Asked => {
      const ids = this.#encode(prompt);
      this.#requireRoom(role, ids.length, most);
      return { question, prompt: ids, ...(prompt !== question.prompt && { text: prompt }) };
    });
    return this.#write({
      ...{ role, asked: prompts, copies, ...(learner !== undefined && { learner }) },
      ...{ key: streamKey(this.seed, `write/${stream}/${this.index}`), uid: 0 },
      budgets: asked.map(() => most),
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
        frozen: frozenModels(this.tokenizer, plan, (term) => this.#frozen(term)),
        aside: (work) => timer.aside('measure', work),
        ...this.#cancellable,
      }),
    );
  }

  score(examples: readonly Example[], learner = 'policy'): Promise<Scores> {
    const { plan } = this.#means;
    return this.#train(learner, 0, (model) => score(model, examples, plan));
  }

  withReference(examples: readonly Example[], learner = 'policy'): Promise<Example[]> {
    const { plan } = this.#means;
    return this.#train(learner, 0, (model) => withReference(model, examples, plan));
  }

  async renew(learner: string): Promise<void> {
    const copy = this.#means.copies.get(learner);
    if (!copy) throw new RangeError(`there is no copy ${learner} to renew`);
    await copy.renew(this.#part('policy').learner);
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
    const { rate: peak, clip } = this.#settings(learner);
    const config = { ...experiment.method, max_grad_norm: clip.value };
    const rate = this.rate(peak.value);
    const { minibatches = 1 } = shuffle ?? {};
    // Counts as if no minibatch were missing, so that the number follows from the steps alone.
    const each = passes * minibatches;
    const part = this.#part(learner);
    return this.#train(learner, countTokens(examples) * passes, async (model) => {
      // Of a policy whose checkpoint does not say: one call a step, as methods of earlier builds had.
      const before = part.updates ?? (learner === 'policy' ? this.index * each : 0);
      const learned = await learn(model, examples, loss, {
        ...{ plan, passes },
        ...(fill !== undefined && { fill }),
        ...(shuffle && { minibatches: (pass) => this.#shuffled(examples, shuffle, pass) }),
        optimizer: (pass, update) => adamw(config, rate, before + pass * minibatches + update + 1),
        ...(scalarRate !== undefined && { scalarLearningRate: this.rate(scalarRate) }),
        keep: () => {
          if (learner === 'policy') good();
          part.touch();
        },
      });
      part.updates = before + each;
      return learned;
    });
  }

  /** Completions in as many waves as the generator needs. Who shares a wave changes nobody's tokens. */
  #write({ learner = 'policy', asked, copies, uid, budgets, ...rest }: Writing) {
    const { experiment, timer } = this.#means;
    const generator = this.#generator(learner);
    return timer.run('generate', writtenTokens, async () => {
      const all: Completion[] = [];
      for (const { first, items } of fittingWaves(asked, copies, generator.options)) {
        const written = await sample(generator, this.tokenizer, {
          ...{ ...rest, asked: items, copies, uid: uid + first * copies },
          ...{ sampling: samplingOf(experiment.method), ...this.#cancellable },
          budgets: budgets.slice(first, first + items.length),
        });
        all.push(...written.map((one) => ({ ...one, group: first + one.group })));
      }
      return all;
    });
  }

  #encode(prompt: string): readonly number[] {
    return this.tokenizer.encode(prompt, { addSpecial: true });
  }

  get #budget(): number {
    return this.#means.experiment.method.max_completion_length;
  }

  #requireRoom(role: string, tokens: number, budget: number): void {
    if (tokens + budget <= this.positions) return;
    throw badConfig(
      'method.max_completion_length',
      `A prompt of the ${role} has ${tokens} tokens and ${budget} more do not fit; there are ${this.positions} positions`,
      'Allow shorter completions, or take a task with shorter answers.',
    );
  }

  #generator(name: string): Generator {
    const generator = this.#means.generators.get(name);
    if (!generator) throw new RangeError(`the learner ${name} does not write`);
    return generator;
  }

  get #cancellable() {
    const { signal } = this.#means;
    return signal ? { signal } : {};
  }

  /** Works on a learner; a number that is not finite is then that learner's. */
  #train<T>(name: string, tokens: number, work: (learner: Learner) => Promise<T>): Promise<T> {
    const { learner } = this.#means.copies.get(name) ?? this.#part(name);
    this.training = true;
    return this.#means.timer.run('train', tokens, async () => {
      try {
        return await work(learner);
      } catch (error) {
        if (!(error instanceof NotFinite)) throw error;
        throw new NotFinite(name, this.#settings(name).rate.path);
      }
    });
  }

  /** A learner's own peak learning rate and gradient clip, and where the experiment has them. */
  #settings(learner: string) {
    const need = learner === 'policy' ? this.#needs.policy : this.#needs.learners?.[learner];
    const { rate = 'learning_rate', clip = 'max_grad_norm' } = need ?? {};
    const settings: Readonly<Record<string, unknown>> = { ...this.#means.experiment.method };
    const get = (name: string) => {
      const value = settings[name];
      if (typeof value !== 'number') throw new RangeError(`there is no setting method.${name}`);
      return { path: `method.${name}`, value };
    };
    return { rate: get(rate), clip: get(clip) };
  }

  /** The model that a reward term asks. */
  #frozen(term: string) {
    const from = this.#needs.learners?.[term]?.from;
    const setting = from && 'folder' in from ? from.setting : 'rewards';
    return { learner: this.#part(term).learner, setting };
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
