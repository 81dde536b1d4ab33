import type { Generated } from '../../../model/generate.ts';
import type { Receiver, ReceiverRequest } from '../../../model/receiver.ts';
import type { Tokenizer } from '../../../model/tokenizer.ts';
import { randomStream } from '../../random.ts';
import type { Completion, RewardContext } from '../reward.ts';
import { completion, contextWith, END, encode, knownPolicy } from '../testing.ts';
import { transfer } from './transfer.ts';

export type Settings = Parameters<typeof transfer.create>[0];
export const DEFAULTS: Settings = {
  weight: 0.5,
  receivers: 'policy',
  backend: 'kernels',
  tau: 'fixed',
  tau_fixed: 0.5,
  tau_low: 0.2,
  tau_high: 0.8,
  shared_tau: false,
  continuations: 1,
  receiver_temperature: null,
  receiver_max_length: null,
  grading: 'joined',
  cuts: 1,
  leakage_guard: false,
  right_only: false,
  blank_prefix: false,
  reliability_questions: 0,
  scratch_samples: 0,
};

/** Characters as tokens. */
export const tokenizer = {
  encode: (text: string, { addSpecial = false } = {}) => [
    ...(addSpecial ? [1] : []),
    ...encode(text),
  ],
  decode: (ids: ArrayLike<number>) =>
    String.fromCharCode(...Array.from(ids).filter((id) => id > END)),
} as unknown as Tokenizer;

/** Writes what `answer` says after the text it was given; keeps the requests. */
export function receiverOf(
  answer: (text: string, attempt: number) => string,
  { id = 'policy', positions = 200 } = {},
) {
  const asked: ReceiverRequest[] = [];
  const receiver: Receiver = {
    id,
    backend: 'kernels',
    tokenizer,
    positions,
    complete: async (request) => {
      asked.push(request);
      return request.prompts.flatMap((prompt) =>
        Array.from({ length: request.copies }, (_, copy): Generated => {
          const ids = [...encode(answer(tokenizer.decode(prompt), copy)), END];
          return { ids, logprobs: ids.map(() => -0.1), truncated: false };
        }),
      );
    },
    close: () => undefined,
  };
  return { receiver, asked };
}

export function contextOf(
  receivers: readonly Receiver[],
  more: Partial<RewardContext> = {},
): RewardContext {
  const { policy } = knownPolicy(-1);
  return {
    ...contextWith({ ...policy, decode: (ids) => tokenizer.decode([...ids]) }),
    random: (...counters) => randomStream(3, 'reward/transfer', 0, ...counters),
    receivers: {
      open: async (id) => {
        const found = receivers.find((receiver) => receiver.id === id);
        if (!found) throw new RangeError(`no receiver ${id}`);
        return found;
      },
      close: () => undefined,
    },
    budget: 40,
    ...more,
  };
}

export function score(
  batch: readonly Completion[],
  receivers: readonly Receiver[],
  settings: Partial<Settings> = {},
  more: Partial<RewardContext> = {},
) {
  return transfer.create({ ...DEFAULTS, ...settings }).score(batch, contextOf(receivers, more));
}
// The question is 12+95:, the right answer 7.
export const RIGHT = completion('12+95=7');
