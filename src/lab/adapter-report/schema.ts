/** What an adapter report holds, as one JSON file. Files that visitors send are read with the same schema. */
import * as z from 'zod';
import { badFile } from '../../errors.ts';

const text = z.string().max(4000);
const name = z.string().max(200);
const hash = z.string().regex(/^[0-9a-f]{64}$/);
/** A measured number; JSON has none that is not finite, so these are null. */
const measured = z.number().nullable();
const family = z.enum(['scalar', 'lanes']);
const byName = <T extends z.ZodType>(value: T) => z.record(name, value);

const worst = z.strictObject({
  output: name,
  case: text,
  error: measured,
  tolerance: z.number(),
  worst: text,
});

/** A kernel in one variant. `done` of `of` cases were run; the others had no time left, or came after a failure of the device. */
const kernelRow = z.strictObject({
  kernel: name,
  variant: name,
  sizes: z.enum(['all', 'large']),
  done: z.int(),
  of: z.int(),
  passed: z.boolean(),
  ms: z.number(),
  worst: worst.nullable(),
  /** Fingerprints of the outputs, one for each case that was run. */
  bits: z.array(z.string().regex(/^[0-9a-f]{16}$/)).max(1000),
  error: text.nullable(),
});

/** Variants of one family on the same cases. */
const bitsRow = z.strictObject({
  kernel: name,
  sizes: z.enum(['all', 'large']),
  variants: z.array(name).max(20),
  cases: z.int(),
  /** Variants whose bits are not those of the first, and in how many cases. */
  differ: z.array(z.strictObject({ variant: name, cases: z.int() })).max(20),
});

const inPlaceWorst = z.strictObject({ error: measured, limit: z.number(), at: name });
const inPlace = z.strictObject({
  passed: z.boolean(),
  logprobs: inPlaceWorst,
  gradients: inPlaceWorst,
});

/** Steps of a run, with the hash of all rows up to some of them. */
const steps = z.strictObject({
  done: z.int(),
  of: z.int(),
  seconds: z.number(),
  /** By step. */
  hashes: byName(hash),
  /** Of the policy's weights after the last step. */
  weights: hash.nullable(),
  reward: measured,
  /** The policy in the run's own buffers, before the first step and after the last. */
  inPlace: z.array(inPlace).max(2),
  error: text.nullable(),
});

/** How much was done of what there is to do on an adapter. */
const done = z.strictObject({ done: z.int(), of: z.int() });

const familyPart = z.strictObject({
  family,
  kernels: z.array(kernelRow).max(1000),
  bits: z.array(bitsRow).max(200),
  /** One training step with this family's kernels. */
  step: steps.nullable(),
});

export const adapterReportSchema = z.strictObject({
  version: z.literal(1),
  build: name,
  /** The commit of its sources. Reports before 30 November 2026 lack it, as they lack `limit` and `sizes`. */
  commit: name.optional(),
  date: z.iso.date(),
  /** The browser, or Node, as it names itself. */
  browser: text,
  adapter: z
    .strictObject({
      name: text,
      words: byName(text),
      software: z.boolean(),
      /** The family that the lab takes here. */
      family,
      features: z.array(name).max(100),
      /** Least and greatest number of lanes; null where the adapter does not tell. */
      subgroups: z.tuple([z.number(), z.number()]).nullable(),
      limits: byName(z.number()),
    })
    .nullable(),
  seconds: z.number(),
  /** Seconds that were asked for; what is under way then is finished. */
  limit: z.number().optional(),
  /** Sizes of all kernels and variants, those of parts that were never begun among them. */
  sizes: done.optional(),
  /** Null where it went to its end; otherwise what ended it, in words. */
  ended: text.nullable(),
  families: z.array(familyPart).max(2),
  tuner: z
    .strictObject({
      /** By kernel, where it is not the family's plain variant. */
      variants: byName(name),
      refused: byName(byName(text)),
      /** Milliseconds by kernel and variant; empty on software adapters, whose favourites are known. */
      times: byName(byName(measured)),
    })
    .nullable(),
  ceilings: z
    .strictObject({ gflops: z.number(), gbs: z.number(), matmul: text, copy: text })
    .nullable(),
  run: z
    .strictObject({ policy: name, experiment: hash, variants: byName(name), ...steps.shape })
    .nullable(),
  /** What could not be done, and why. */
  problems: z.array(z.strictObject({ part: name, message: text })).max(100),
});

export type AdapterReport = z.infer<typeof adapterReportSchema>;
export type Done = z.infer<typeof done>;
export type KernelRow = z.infer<typeof kernelRow>;
export type BitsRow = z.infer<typeof bitsRow>;
export type FamilyPart = z.infer<typeof familyPart>;
export type Steps = z.infer<typeof steps>;
export type InPlace = z.infer<typeof inPlace>;

/** Reads a report that somebody sent. @param file its name, for the error @throws BadFile with the field */
export function parseAdapterReport(json: unknown, file: string): AdapterReport {
  const parsed = adapterReportSchema.safeParse(json);
  if (parsed.success) return parsed.data;
  const [{ path, message }] = parsed.error.issues;
  const field = path.join('.') || file;
  throw badFile(field, `${file} is no adapter report: ${field}: ${message}`);
}
