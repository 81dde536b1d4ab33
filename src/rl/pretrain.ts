/**
 * The warm start: supervised training of a fresh model on expert traces, from a recipe with a seed. Bundled policies are made by
 * this and nothing else, so anybody can make them again.
 */
import { BatonError } from '../errors.ts';
import type { Gpu } from '../gpu/gpu.ts';
import { type PackedBatch, packBatch } from '../model/batch.ts';
import { Generator } from '../model/generate.ts';
import { initialiseParameters } from '../model/initialise.ts';
import { Learner } from '../model/learner.ts';
import { type ParameterLayout, parameterLayout } from '../model/parameters.ts';
import type { Tokenizer } from '../model/tokenizer.ts';
import { fittingPrompts, generatorWriter } from './evaluate/answers.ts';
import { type Evaluation, evaluate } from './evaluate/evaluate.ts';
import { learningRate } from './objectives/schedule.ts';
import { lessonOf, tokenWeights } from './pretrain-lesson.ts';
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
/** Sequences written at once when the policy is evaluated; how many changes no answer. */
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
  // What cannot be evaluated is told now and not after the training.
  fittingPrompts({ tokenizer, ...room }, { ...asked, task });
  const positions = recipe.model.max_position_embeddings;
  const policy = await Learner.create(gpu, layout, {
    tokens: Math.ceil((recipe.batch_size * positions) / TOKEN_BUCKET) * TOKEN_BUCKET,
    positions,
    temperature: 1,
    train: true,
  });
  try {
    policy.setParameters(initialiseParameters(layout, recipe.seed, recipe.initializer_range));
    let tokens = 0;
    let done = 0;
    for (const round of roundsOf(recipe)) {
      policy.clearMoments();
      for (let step = 0; step < round.steps; step++) {
        const own = { ...recipe, give_up: round.give_up };
        const lesson = lessonOf(practice, tokenizer, own, done);
        const batch = packBatch(lesson.sequences, TOKEN_BUCKET);
        tokens += batch.count;
        done += 1;
        const row = await trainStep(policy, recipe, round, { ...lesson, batch }, step);
        onRow({ step: done, num_tokens: tokens, ...row });
      }
    }
    const evaluation = await evaluatePolicy(policy, tokenizer, task, recipe);
    return { layout, parameters: await policy.readParameters(), evaluation, num_tokens: tokens };
  } finally {
    policy.destroy();
  }
}

/** Cross-entropy is the simplest weight on log-probabilities: the same for each token of an answer. */
async function trainStep(
  policy: Learner,
  recipe: PretrainRecipe,
  round: TrainingRound,
  { batch, asked }: { readonly batch: PackedBatch; readonly asked: readonly number[] },
  step: number,
) {
  const answers = tokenWeights(batch, asked, 0);
  const weights = tokenWeights(batch, asked, recipe.prompt_loss_weight);
  const all = total(weights);
  let loss = 0;
  await policy.accumulate(batch, ({ logprobs }) => {
    loss = -logprobs.reduce((sum, x, t) => sum + answers[t] * x, 0) / total(answers);
    return { logprob: weights.map((weight) => -weight / all) };
  });
  const rate = learningRate(step, { ...recipe, ...round, max_steps: round.steps });
  const { gradNorm, finite } = await policy.update({
    learningRate: rate,
    beta1: recipe.adam_beta1,
    beta2: recipe.adam_beta2,
    epsilon: 1e-8,
    weightDecay: recipe.weight_decay,
    maxGradNorm: recipe.max_grad_norm,
    step: step + 1,
  });
  if (!finite || !Number.isFinite(loss)) {
    throw new BatonError({
      kind: 'NonFinite',
      message: `The loss stopped being a number at step ${step + 1}`,
      remedy: 'Nothing was written. The learning rate is the usual cause.',
    });
  }
  return { loss, grad_norm: gradNorm, learning_rate: rate };
}

const total = (values: Float64Array) => values.reduce((sum, x) => sum + x, 0);

/** What the card's numbers are counted from. */
function evaluationOf(recipe: PretrainRecipe) {
  const { prompts, samples, max_completion_length: budget } = recipe.evaluation;
  const { max_position_embeddings: positions } = recipe.model;
  const asked = { split: 'test', prompts, samples, seed: recipe.seed } as const;
  return { asked, room: { positions, budget } };
}

async function evaluatePolicy(
  policy: Learner,
  tokenizer: Tokenizer,
  task: Task,
  recipe: PretrainRecipe,
): Promise<Evaluation> {
  const { asked, room } = evaluationOf(recipe);
  const generator = await Generator.create(
    policy.gpu,
    policy.layout,
    policy.parameters,
    policy.rope,
    {
      sequences: EVALUATED_AT_ONCE,
      promptTokens: Math.ceil(EVALUATED_AT_ONCE / asked.samples) * (room.positions - room.budget),
      ...room,
    },
    policy,
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
