/** What a step of a warm start reads, and what each of its tokens weighs in the loss. */
import { badConfig } from '../errors.ts';
import type { PackedBatch, SequenceTokens } from '../model/batch.ts';
import type { Tokenizer } from '../model/tokenizer.ts';
import type { PretrainRecipe } from './pretrain-recipe.ts';
import { randomStream } from './random.ts';
import type { Task } from './tasks/task.ts';

interface Lesson {
  /** What stands as `completion` here is all that is scored: the answer, and before it the question where that weighs anything. */
  readonly sequences: readonly SequenceTokens[];
  /** Per sequence, how many of its scored tokens are the question's; they come first. */
  readonly asked: readonly number[];
}

/**
 * The sequences of one step: question number step * batch_size + i, with its own random trace.
 * @throws BadConfig where one is longer than the model can read
 */
export function lessonOf(
  practice: readonly Task[],
  tokenizer: Tokenizer,
  recipe: PretrainRecipe,
  step: number,
): Lesson {
  const end = tokenizer.eosId;
  if (end === null) throw new RangeError('the tokenizer has no end token');
  const pairs = Array.from({ length: recipe.batch_size }, (_, i): SequenceTokens => {
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
    const prompt = tokenizer.encode(question.prompt, { addSpecial: true });
    const completion = [...tokenizer.encode(trace), end];
    requireRoom(prompt.length + completion.length, recipe);
    return { prompt, completion };
  });
  if (recipe.prompt_loss_weight === 0) return { sequences: pairs, asked: pairs.map(() => 0) };
  return {
    // The first token has nothing before it that could foretell it.
    sequences: pairs.map(({ prompt: [first, ...rest], completion }) => ({
      prompt: [first],
      completion: [...rest, ...completion],
    })),
    asked: pairs.map(({ prompt }) => prompt.length - 1),
  };
}

function requireRoom(length: number, { model }: PretrainRecipe): void {
  const { max_position_embeddings: positions } = model;
  if (length <= positions) return;
  throw badConfig(
    'recipe.model.max_position_embeddings',
    `A question with its trace has ${length} tokens; the model reads ${positions}`,
    'Allow more positions, or take a shorter task or style.',
  );
}

/**
 * What each scored token weighs: 1 in an answer, `question` in a question.
 * @returns [targetCount]
 */
export function tokenWeights(
  { completions, targetCount }: Pick<PackedBatch, 'completions' | 'targetCount'>,
  asked: readonly number[],
  question: number,
): Float64Array {
  const weights = new Float64Array(targetCount).fill(1);
  completions.forEach(({ start }, i) => {
    weights.fill(question, start, start + asked[i]);
  });
  return weights;
}
