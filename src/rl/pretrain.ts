/**
 * The warm start: supervised training of a fresh model on expert traces, from a recipe with a seed. Bundled policies are made by
 * this and nothing else, so anybody can make them again.
 */
import { BatonError } from '../errors.ts';
import type { Gpu } from '../gpu/gpu.ts';
import { packBatch, type SequenceTokens } from '../model/batch.ts';
import { Generator } from '../model/generate.ts';
import { initialiseParameters } from '../model/initialise.ts';
import { type ParameterLayout, parameterLayout } from '../model/parameters.ts';
import { Policy } from '../model/policy.ts';
import type { Tokenizer } from '../model/tokenizer.ts';
import { generatorWriter } from './evaluate/answers.ts';
import { type Evaluation, evaluate } from './evaluate/evaluate.ts';
import { learningRate } from './objectives/schedule.ts';
import { type PretrainRecipe, roundsOf, type TrainingRound } from './pretrain-recipe.ts';
import { randomStream } from './random.ts';
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

/**
 * Trains a model by its recipe. Same recipe, adapter and build: same bytes.
 * @throws NonFinite when the loss stops being a number
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
  const positions = recipe.model.max_position_embeddings;
  const policy = await Policy.create(gpu, layout, {
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
        const batch = packBatch(
          traces(practice, tokenizer, { ...recipe, give_up: round.give_up }, done),
          TOKEN_BUCKET,
        );
        tokens += batch.count;
        done += 1;
        const row = await trainStep(policy, recipe, round, batch, step);
        onRow({ step: done, num_tokens: tokens, ...row });
      }
    }
    const evaluation = await evaluatePolicy(policy, tokenizer, task, recipe);
    return { layout, parameters: await policy.readParameters(), evaluation, num_tokens: tokens };
  } finally {
    policy.destroy();
  }
}

/** The sequences of one step: question number step * batch_size + i, with its own random trace. */
function traces(
  practice: readonly Task[],
  tokenizer: Tokenizer,
  recipe: PretrainRecipe,
  step: number,
): SequenceTokens[] {
  const eos = tokenizer.eosId;
  if (eos === null) throw new RangeError('the tokenizer has no end token');
  return Array.from({ length: recipe.batch_size }, (_, i) => {
    const index = step * recipe.batch_size + i;
    const task = practice[index % practice.length];
    const question = task.question('train', Math.floor(index / practice.length), recipe.seed);
    const trace = task.expertTrace(question, randomStream(recipe.seed, 'pretrain/trace', index), {
      failedTries: recipe.failed_tries,
      giveUp: recipe.give_up,
      slips: recipe.slips,
      operands: recipe.operands,
      style: recipe.style,
    });
    return {
      prompt: tokenizer.encode(question.prompt, { addSpecial: true }),
      completion: [...tokenizer.encode(trace), eos],
    };
  });
}

/** Cross-entropy is the simplest weight on log-probabilities: -1 / tokens for each. */
async function trainStep(
  policy: Policy,
  recipe: PretrainRecipe,
  round: TrainingRound,
  batch: ReturnType<typeof packBatch>,
  step: number,
) {
  const { logprobs } = await policy.forward(batch);
  const loss = -logprobs.reduce((sum, x) => sum + x, 0) / batch.targetCount;
  await policy.backward(new Float64Array(batch.targetCount).fill(-1 / batch.targetCount));
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

async function evaluatePolicy(
  policy: Policy,
  tokenizer: Tokenizer,
  task: Task,
  recipe: PretrainRecipe,
): Promise<Evaluation> {
  const { prompts, samples, max_completion_length: budget } = recipe.evaluation;
  const generator = await Generator.create(
    policy.gpu,
    policy.layout,
    policy.parameters,
    policy.rope,
    {
      sequences: 256,
      promptTokens: 256 * 32,
      positions: recipe.model.max_position_embeddings,
      budget,
    },
  );
  try {
    return await evaluate(generatorWriter(generator, tokenizer), {
      task,
      split: 'test',
      prompts,
      samples,
      seed: recipe.seed,
      sampling: { temperature: 1, topK: 0, topP: 1, minP: 0, greedy: false },
    });
  } finally {
    generator.destroy();
  }
}
