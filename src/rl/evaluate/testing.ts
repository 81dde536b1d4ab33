/** Tests only: writers and receivers whose answers are known, on a task of sums, with characters as tokens. */
import type { Generated } from '../../model/generate.ts';
import type { Receiver, ReceiverRequest } from '../../model/receiver.ts';
import type { Tokenizer } from '../../model/tokenizer.ts';
import { randomStream } from '../random.ts';
import { END, encode, task } from '../rewards/testing.ts';
import type { Writer } from './answers.ts';
import { type EvaluateRequest, type Evaluation, evaluate } from './evaluate.ts';
import type { NotJudged } from './judge.ts';

/** Characters as tokens; 1 begins a text. */
export const tokenizer = {
  encode: (text: string, { addSpecial = false } = {}) => [
    ...(addSpecial ? [1] : []),
    ...encode(text),
  ],
  decode: (ids: ArrayLike<number>) =>
    String.fromCharCode(...Array.from(ids).filter((id) => id > END)),
  tokenText: (id: number) => String.fromCharCode(id),
} as unknown as Tokenizer;

export const SAMPLING = { temperature: 1, topK: 0, topP: 1, minP: 0, greedy: false } as const;

function generated(text: string): Generated {
  const ids = [...encode(text), END];
  return { ids, logprobs: ids.map(() => -0.1), truncated: false };
}

/** Writes what `answer` gives for sequence number question * samples + index of the sample. */
export function writerOf(
  answer: (prompt: string, number: number) => string,
  { room = 1000, positions = 500, budget = 200 } = {},
): Writer {
  return {
    ...{ tokenizer, room, positions, budget },
    write: async ({ prompts, copies, uid }) => {
      if (prompts.length * copies > room) throw new RangeError('more sequences than fit');
      return prompts.flatMap((prompt, p) =>
        Array.from({ length: copies }, (_, c) =>
          generated(answer(tokenizer.decode(prompt), uid + p * copies + c)),
        ),
      );
    },
  };
}

/** Continues a question and a prefix as `finish` says. Keeps what it was asked. */
export function receiverOf(
  finish: (question: string, prefix: string, number: number) => string,
  { id = 'receivers/known', positions = 500 } = {},
) {
  const asked: ReceiverRequest[] = [];
  const receiver: Receiver = {
    ...{ id, backend: 'kernels', tokenizer, positions },
    complete: async (request) => {
      asked.push(request);
      const { prompts, copies, uid } = request;
      return prompts.flatMap((prompt, p) => {
        const text = tokenizer.decode(prompt);
        const end = text.indexOf(':') + 1;
        return Array.from({ length: copies }, (_, c) =>
          generated(finish(text.slice(0, end), text.slice(end), uid + p * copies + c)),
        );
      });
    },
    close: () => undefined,
  };
  return { receiver, asked };
}

/** The right answer to a prompt of the task, step by step. */
export function rightAnswer(prompt: string): string {
  return task.expertTrace(task.readQuestion(prompt), randomStream(1, 'known answers'));
}

/** An evaluation of a task that has a verifier. @throws RangeError where nothing was judged */
export async function judgedEvaluation(
  writer: Writer,
  request: EvaluateRequest,
): Promise<Exclude<Evaluation, NotJudged>> {
  const result = await evaluate(writer, request);
  if (result.accuracy === null) throw new RangeError('nothing was judged');
  return result;
}
