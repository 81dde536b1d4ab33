/** Many answers to each of some fixed questions. All numbers of an evaluation come from these. */
import { badConfig } from '../../errors.ts';
import type { SamplingSettings } from '../../kernels/sample/sample.ts';
import type { Generated, GenerateRequest, Generator } from '../../model/generate.ts';
import type { Receiver } from '../../model/receiver.ts';
import type { Tokenizer } from '../../model/tokenizer.ts';
import { streamKey } from '../random.ts';
import type { Question, Split, Task, Verdict } from '../tasks/task.ts';

/** Who answers: the current policy, or any model that can be asked in the same way. */
export interface Writer {
  readonly tokenizer: Tokenizer;
  /** Sequences at once. */
  readonly room: number;
  /** Tokens of all distinct prompts at once; absent where only `room` bounds them. */
  readonly promptTokens?: number;
  /** Longest sequence, prompt and answer. */
  readonly positions: number;
  /** Most tokens of an answer. */
  readonly budget: number;
  /** Sequence i draws with number `uid + i` of the key, so the number of sequences at once changes nothing. */
  write(request: Omit<GenerateRequest, 'budgets'>): Promise<Generated[]>;
}

/**
 * The parameters that a generator samples from.
 * @param budget most tokens of an answer. Default: the generator's own
 */
export function generatorWriter(
  generator: Generator,
  tokenizer: Tokenizer,
  budget = generator.options.budget,
): Writer {
  const { sequences: room, promptTokens, positions } = generator.options;
  return {
    ...{ tokenizer, room, promptTokens, positions, budget },
    write: (request) =>
      generator.generate({ ...request, budgets: request.prompts.map(() => budget) }),
  };
}

/** Sequences asked of a receiver at once. It cuts them as it likes; progress is reported in between. */
const RECEIVER_ROOM = 256;

/** A frozen model as the writer of whole answers, for example the policy as it was before the run. */
export function receiverWriter(receiver: Receiver, budget: number): Writer {
  const { tokenizer, positions } = receiver;
  return {
    tokenizer,
    room: RECEIVER_ROOM,
    positions,
    budget,
    write: (request) =>
      receiver.complete({ ...request, budgets: request.prompts.map(() => budget) }),
  };
}

export interface AnswersRequest {
  readonly task: Task;
  readonly split: Split;
  /** How many questions: the first ones of the split in the order of `seed`, the same whatever was trained. */
  readonly prompts: number;
  /** Answers to each. */
  readonly samples: number;
  readonly seed: number;
  readonly sampling: SamplingSettings;
  readonly signal?: AbortSignal;
  /** Called after every wave with the number of new answers. */
  readonly onAnswers?: (count: number) => void;
}

/** One sampled answer. */
export interface GivenAnswer {
  /** Token ids, the end token included where it was sampled. */
  readonly completionIds: readonly number[];
  /** Log-probability of each id when it was drawn, nats. */
  readonly logprobs: readonly number[];
  readonly text: string;
  readonly truncated: boolean;
  /** Null where the task has no verifier. */
  readonly verdict: Verdict | null;
}

/** A question and the answers to it. */
export interface Answered {
  readonly question: Question;
  readonly answers: readonly GivenAnswer[];
}

/**
 * Samples the answers. They draw from a random stream of their own, and do not depend on how many sequences fit at once.
 * @throws BadConfig where a question and the budget do not fit the writer; what the writer throws
 */
export async function giveAnswers(writer: Writer, request: AnswersRequest): Promise<Answered[]> {
  const { task, split, prompts: count, samples, seed, signal } = request;
  const { tokenizer } = writer;
  const prompts = fittingPrompts(writer, request);
  const answered = Array.from({ length: count }, (_, i) => ({
    question: task.question(split, i, seed),
    answers: [] as GivenAnswer[],
  }));
  for (const wave of waves(count, samples, writer.room)) {
    const out = await writer.write({
      prompts: prompts.slice(wave.first, wave.first + wave.count),
      copies: wave.copies,
      sampling: request.sampling,
      key: streamKey(seed, `evaluate/${split}`),
      uid: wave.first * samples + wave.copy,
      ...(signal && { signal }),
    });
    out.forEach(({ ids, logprobs, truncated }, i) => {
      const { question, answers } = answered[wave.first + Math.floor(i / wave.copies)];
      const text = tokenizer.decode(ids);
      const verdict = task.verify?.(question, text) ?? null;
      answers.push({ verdict, text, completionIds: ids, logprobs, truncated });
    });
    request.onAnswers?.(out.length);
  }
  return answered;
}

/**
 * The tokens of the questions that a request asks.
 * @throws BadConfig where one of them and the budget do not fit the writer
 */
export function fittingPrompts(
  { tokenizer, positions, budget }: Pick<Writer, 'tokenizer' | 'positions' | 'budget'>,
  {
    task,
    split,
    prompts: count,
    seed,
  }: Pick<AnswersRequest, 'task' | 'split' | 'prompts' | 'seed'>,
): readonly (readonly number[])[] {
  const prompts = Array.from({ length: count }, (_, i) =>
    tokenizer.encode(task.question(split, i, seed).prompt, { addSpecial: true }),
  );
  const longest = prompts.reduce((most, prompt) => Math.max(most, prompt.length), 0);
  if (longest + budget <= positions) return prompts;
  throw badConfig(
    'split',
    `A question of the split ${split} has ${longest} tokens; with ${budget} more it does not fit ${positions} positions`,
    'Allow shorter answers, or evaluate on another split.',
  );
}

interface Wave {
  readonly first: number;
  readonly count: number;
  readonly copy: number;
  readonly copies: number;
}

/** Cuts prompts x samples into waves that fit. A question with more samples than fit takes several waves. */
function waves(prompts: number, samples: number, room: number): Wave[] {
  const cut: Wave[] = [];
  if (samples > room) {
    for (let first = 0; first < prompts; first++) {
      for (let copy = 0; copy < samples; copy += room) {
        cut.push({ first, count: 1, copy, copies: Math.min(room, samples - copy) });
      }
    }
    return cut;
  }
  const each = Math.floor(room / samples);
  for (let first = 0; first < prompts; first += each) {
    cut.push({ first, count: Math.min(each, prompts - first), copy: 0, copies: samples });
  }
  return cut;
}
