/**
 * The warm start: the loss of the method `sft` on random initial weights, round after round, by a recipe with a seed. Every bundled policy
 * is made by this alone, so anybody can make it again.
 */
import { BatonError } from '../errors.ts';
import type { Gpu } from '../gpu/gpu.ts';
import { Generator } from '../model/generate.ts';
import { initialiseParameters } from '../model/initialise.ts';
import { Learner } from '../model/learner.ts';
import { type ParameterLayout, parameterLayout } from '../model/parameters.ts';
import type { Tokenizer } from '../model/tokenizer.ts';
import { fittingPrompts, generatorWriter } from './evaluate/answers.ts';
import { type Evaluation, evaluate } from './evaluate/evaluate.ts';
import { traceOptions } from './experiment/trace-fields.ts';
import { countTokens, type Example } from './learn/example.ts';
import { NotFinite } from './learn/finite.ts';
import { learn } from './learn/learn.ts';
import { lessonOf } from './learn/lesson.ts';
import { adamw } from './learn/optimizer.ts';
import type { BatchPlan } from './learn/pack.ts';
import { sftLoss } from './methods/sft.ts';
import { learningRate } from './objectives/schedule.ts';
import { type PretrainRecipe, roundsOf, type TrainingRound } from './pretrain-recipe.ts';
import { createTask } from './tasks/index.ts';
import type { Task } from './tasks/task.ts';

export interface PretrainRow {
  readonly step: number;
  /** Mean negative log-likelihood of a completion token, nats. */
  readonly loss: number;
  readonly grad_norm: number;
  readonly learning_rate: number;
  /** Tokens seen, prompts included. */
  readonly num_tokens: number;
}

export interface Pretrained {
  readonly layout: ParameterLayout;
  readonly parameters: Float32Array<ArrayBuffer>;
  /** On held-out questions, at temperature 1. */
  readonly evaluation: Evaluation;
  readonly num_tokens: number;
}

const TOKEN_BUCKET = 128;
/** Sequences sampled at once in the evaluation. The number changes no answer. */
const EVALUATED_AT_ONCE = 256;

/**
 * Trains a model by its recipe. Same recipe, adapter and build: same bytes.
 * @throws NonFinite when the loss stops being a number; BadConfig where questions, traces or answers do not fit the model
 */
export async function pretrain(
  gpu: Gpu,
  tokenizer: Tokenizer,
  recipe: PretrainRecipe,
  onRow: (row: PretrainRow) => void,
): Promise<Pretrained> {
  const layout = parameterLayout(recipe.model);
  const task = createTask(recipe.task);
  const practice = recipe.practice.map(createTask);
  const { asked, room } = evaluationOf(recipe);
  // What cannot be evaluated is refused now, not after the training.
  fittingPrompts({ tokenizer, ...room }, { ...asked, task });
  const positions = recipe.model.max_position_embeddings;
  const plan = {
    microBatchTokens: Math.ceil((recipe.batch_size * positions) / TOKEN_BUCKET) * TOKEN_BUCKET,
    tokenBucket: TOKEN_BUCKET,
  };
  const learner = await Learner.create(gpu, layout, {
    ...{ tokens: plan.microBatchTokens, positions, temperature: 1, train: true },
  });
  try {
    learner.setParameters(initialiseParameters(layout, recipe.seed, recipe.initializer_range));
    let tokens = 0;
    let done = 0;
    for (const round of roundsOf(recipe)) {
      learner.clearMoments();
      for (let step = 0; step < round.steps; step++) {
        const examples = lesson(practice, tokenizer, recipe, round, done);
        tokens += countTokens(examples);
        done += 1;
        const row = await trainStep(learner, examples, recipe, round, plan, step);
        onRow({ step: done, num_tokens: tokens, ...row });
      }
    }
    const evaluation = await evaluatePolicy(learner, tokenizer, task, recipe);
    return { layout, parameters: await learner.readParameters(), evaluation, num_tokens: tokens };
  } finally {
    learner.destroy();
  }
}

/** The examples of a step. Questions are counted over all rounds. */
function lesson(
  practice: readonly Task[],
  tokenizer: Tokenizer,
  recipe: PretrainRecipe,
  round: TrainingRound,
  step: number,
): Example[] {
  const settings = {
    ...{ seed: recipe.seed, batchSize: recipe.batch_size },
    target: 'trace',
    traces: {
      ...traceOptions({ ...recipe, give_up: round.give_up }),
      failedTries: recipe.failed_tries,
    },
    critic: { share: recipe.critic_share, follows: recipe.critic_follows },
    annotator: { share: recipe.annotator_share, shows: recipe.annotator_shows },
    promptWeight: recipe.prompt_loss_weight,
    positions: recipe.model.max_position_embeddings,
    positionsField: 'recipe.model.max_position_embeddings',
  } as const;
  return lessonOf(practice, tokenizer, settings, step);
}

/** One optimiser step of a round. @throws NonFinite */
async function trainStep(
  learner: Learner,
  examples: readonly Example[],
  recipe: PretrainRecipe,
  round: TrainingRound,
  plan: BatchPlan,
  step: number,
) {
  const rate = learningRate(step, { ...recipe, ...round, max_steps: round.steps });
  const optimizer = { ...recipe, adam_epsilon: 1e-8 };
  const loss = sftLoss();
  try {
    const { updates } = await learn(learner, examples, loss.of, {
      ...{ plan, optimizer: () => adamw(optimizer, rate, step + 1) },
    });
    return { loss: loss.metrics().loss, grad_norm: updates[0].gradNorm, learning_rate: rate };
  } catch (error) {
    if (!(error instanceof NotFinite)) throw error;
    throw new BatonError({
      kind: 'NonFinite',
      message: `The loss stopped being a number at step ${step + 1}`,
      remedy: 'Nothing was written. The learning rate is the usual cause.',
    });
  }
}

/** The questions and the room of the evaluation on the card. */
function evaluationOf(recipe: PretrainRecipe) {
  const { prompts, samples, max_completion_length: budget } = recipe.evaluation;
  const { max_position_embeddings: positions } = recipe.model;
  const asked = { split: 'test', prompts, samples, seed: recipe.seed } as const;
  return { asked, room: { positions, budget } };
}

async function evaluatePolicy(
  learner: Learner,
  tokenizer: Tokenizer,
  task: Task,
  recipe: PretrainRecipe,
): Promise<Evaluation> {
  const { asked, room } = evaluationOf(recipe);
  const generator = await Generator.create(
    learner.gpu,
    learner.layout,
    learner.parameters,
    learner.rope,
    {
      sequences: EVALUATED_AT_ONCE,
      promptTokens: Math.ceil(EVALUATED_AT_ONCE / asked.samples) * (room.positions - room.budget),
      ...room,
    },
  );
  try {
    return await evaluate(generatorWriter(generator, tokenizer), {
      ...asked,
      task,
      sampling: { temperature: 1, topK: 0, topP: 1, minP: 0, greedy: false },
    });
  } finally {
    generator.destroy();
  }
}
