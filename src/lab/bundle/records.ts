/** What the lines of a bundle's records may be: the page draws them, so each is checked before it is believed. */
import * as z from 'zod/mini';

const number = z.number();
const numbers = z.record(z.string(), number);
const step = z.int().check(z.nonnegative());
const share = z.array(z.tuple([z.int().check(z.nonnegative()), z.int().check(z.nonnegative())]));

export const rowSchema = z.catchall(z.object({ step }), z.nullable(number));

export const timingsSchema = z.object({
  step,
  step_time: number,
  phases: numbers,
  tokens_per_second: numbers,
});

const completion = z
  .looseObject({
    role: z.string(),
    text: z.string(),
    pieces: z.array(z.string()),
    tokens: z.record(z.string(), z.array(z.nullable(number))),
    rewards: z.record(z.string(), z.nullable(number)),
    shown: z.optional(z.record(z.string(), z.record(z.string(), z.unknown()))),
    reward: z.optional(z.nullable(number)),
    advantage: z.optional(z.nullable(number)),
    truncated: z.boolean(),
    correct: z.optional(z.boolean()),
    note: z.optional(z.string()),
    manner: z.optional(
      z.object({
        dialect: z.optional(z.object({ id: z.string(), label: z.string(), help: z.string() })),
        chatter: z.optional(share),
      }),
    ),
  })
  .check(
    z.refine(({ pieces, tokens }) =>
      Object.values(tokens).every(({ length }) => length === pieces.length),
    ),
  );

export const samplesSchema = z.object({
  step,
  split: z.optional(z.literal('test')),
  question: z.string(),
  prompt: z.string(),
  completions: z.array(completion),
});
