/**
 * Tests and screenshots only: a model that looks its words up. It keeps the contract of receivers: a continuation depends on
 * its prompt, the key and its own number, and on nothing else.
 */
import { BatonError } from '../../errors.ts';
import type { RewardReader } from '../../receiver/receiver-client.ts';
import { RandomStream } from '../../rl/random.ts';
import type { Task } from '../../rl/tasks/task.ts';
import type { Model } from '../microscope/model-session.ts';

const EOS = 0;

/** Characters are their code points, and 0 ends a text. */
export const fakeTokenizer: Model['tokenizer'] = {
  vocabSize: 0x110000,
  bosId: null,
  eosId: EOS,
  padId: null,
  encode: (text) => [...text].map((char) => char.codePointAt(0) ?? 0),
  decode: (ids) =>
    Array.from(ids)
      .filter((id) => id !== EOS)
      .map((id) => String.fromCodePoint(id))
      .join(''),
  tokenText: (id) => (id === EOS ? '<end>' : String.fromCodePoint(id)),
  idOf: (token) => token.codePointAt(0) ?? null,
};

export interface FakeModelOptions {
  readonly task: Task;
  /** Chance of a right continuation where nothing stands yet; it rises to 1 with what stands. */
  readonly skill: number;
  readonly delayMs?: number;
  /** Throws this at every request. */
  readonly failure?: Error;
  /** Told of every request. */
  readonly onRequest?: (request: Parameters<Model['complete']>[0]) => void;
}

/**
 * A model that finishes by an expert's trace as often as it is skilled, and gives up otherwise. Characters that stand in the
 * prompt are likely, all others less so.
 */
export function fakeModel(id: string, options: FakeModelOptions): Model & { closed: boolean } {
  const { task, skill, delayMs = 0, failure } = options;
  const finishOne = (prompt: string, random: RandomStream): string => {
    const colon = prompt.indexOf(':') + 1;
    // Asked about a pair, it can never tell.
    if (prompt.includes('|')) return '>t';
    const question = task.readQuestion(prompt.slice(0, colon));
    const prefix = prompt.slice(colon);
    const knows = random.uniform();
    const trace = task.expertTrace(question, random);
    const right = trace.startsWith(prefix) ? trace.slice(prefix.length) : `;${trace}`;
    const share = Math.min(1, prefix.length / 14);
    return knows < skill + (1 - skill) * share ** 2 ? right : `${prefix ? '' : '1'}+1=2`;
  };
  const model = {
    id,
    backend: 'onnx' as const,
    tokenizer: fakeTokenizer,
    positions: 256,
    closed: false,
    async complete(request: Parameters<Model['complete']>[0]) {
      options.onRequest?.(request);
      await waitFor(delayMs, request.signal);
      if (failure) throw failure;
      return request.prompts.flatMap((ids, p) =>
        Array.from({ length: request.copies }, (_, copy) => {
          const random = new RandomStream(request.key, [request.uid + p * request.copies + copy]);
          const text = finishOne(fakeTokenizer.decode(ids), random);
          const tokens = [...fakeTokenizer.encode(text), EOS].slice(0, request.budgets[p]);
          return {
            ids: tokens,
            logprobs: tokens.map(() => -0.1),
            truncated: tokens.at(-1) !== EOS,
          };
        }),
      );
    },
    async logprobs({
      prompts,
      completions,
      signal,
    }: Parameters<Model['logprobs']>[0]): Promise<number[][]> {
      await waitFor(delayMs, signal);
      if (failure) throw failure;
      return completions.map((ids, i) =>
        ids.map((token) => (prompts[i].includes(token) || token === EOS ? -0.1 : -0.9)),
      );
    },
    close() {
      model.closed = true;
    },
  };
  return model;
}

/** A reward model that likes everything but zeros, and from the first of them on nothing. */
export function fakeReward(id: string): RewardReader {
  return {
    ...{ id, tokenizer: fakeTokenizer, positions: 256 },
    config: { reward: { granularity: 'dense', interval: 8, reward_clip: 3 } },
    values: async ({ completions }) =>
      completions.map((ids) => {
        const first = ids.indexOf(fakeTokenizer.idOf('0') ?? -1);
        return ids.map((_, i) => (first >= 0 && i >= first ? -2 : 1));
      }),
    close: () => undefined,
  };
}

/** Waits, or is cancelled as a real receiver is. */
function waitFor(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const cancel = () =>
      reject(
        new BatonError({ kind: 'Cancelled', message: 'Stopped', remedy: 'Nothing was lost.' }),
      );
    if (signal?.aborted) return cancel();
    signal?.addEventListener('abort', cancel, { once: true });
    setTimeout(resolve, ms);
  });
}
