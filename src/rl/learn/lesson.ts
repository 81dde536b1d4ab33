/** What a step of supervised training reads: expert traces, or bare answers, and what each of their tokens weighs in the loss. */
import { badConfig } from '../../errors.ts';
import type { Tokenizer } from '../../model/tokenizer.ts';
import { randomStream } from '../random.ts';
import type { Task, TraceOptions } from '../tasks/task.ts';
import { constant, type Example } from './example.ts';

export interface LessonSettings {
  readonly seed: number;
  /** Sequences a step. */
  readonly batchSize: number;
  /** The expert's reasoning and answer, or the answer alone. */
  readonly target: 'trace' | 'answer';
  readonly traces: TraceOptions;
  /** What a token of the question weighs in the loss beside one of the answer. */
  readonly promptWeight: number;
  /** Most tokens of a question and what follows it. */
  readonly positions: number;
  /** The setting that a message names where something is too long. */
  readonly positionsField: string;
}

/**
 * The sequences of one step: question number step * batch_size + i of each task in turn, with a random trace of its own. The column
 * `weight` says what a token weighs; `answer` is 1 for tokens of the answer and 0 for those of a question, which come first.
 * @throws BadConfig where one is longer than the model can read
 */
export function lessonOf(
  practice: readonly Task[],
  tokenizer: Tokenizer,
  settings: LessonSettings,
  step: number,
): Example[] {
  const { seed, batchSize, promptWeight } = settings;
  const end = tokenizer.eosId;
  if (end === null) throw new RangeError('the tokenizer has no end token');
  return Array.from({ length: batchSize }, (_, i): Example => {
    const index = step * batchSize + i;
    const task = practice[index % practice.length];
    const question = task.question('train', Math.floor(index / practice.length), seed);
    const text =
      settings.target === 'answer'
        ? task.expertAnswer(question)
        : task.expertTrace(question, randomStream(seed, 'pretrain/trace', index), settings.traces);
    const prompt = tokenizer.encode(question.prompt, { addSpecial: true });
    const answer = [...tokenizer.encode(text), end];
    requireRoom(prompt.length + answer.length, settings);
    const common = { question, role: 'expert', group: i, truncated: false };
    if (promptWeight === 0) {
      const ones = constant(1, answer.length);
      return { ...common, prompt, completion: answer, columns: { weight: ones, answer: ones } };
    }
    // The first token has nothing before it that could foretell it.
    const [first, ...rest] = prompt;
    const weigh = (question: number) =>
      Float64Array.from([...rest.map(() => question), ...answer.map(() => 1)]);
    return {
      ...{ ...common, prompt: [first], completion: [...rest, ...answer] },
      columns: { weight: weigh(promptWeight), answer: weigh(0) },
    };
  });
}

function requireRoom(length: number, { positions, positionsField }: LessonSettings): void {
  if (length <= positions) return;
  throw badConfig(
    positionsField,
    `A question with its trace has ${length} tokens; the model reads ${positions}`,
    'Allow more positions, or take a shorter task or style.',
  );
}
