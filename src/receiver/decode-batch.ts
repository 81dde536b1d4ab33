/** One batch in lockstep: each distinct prompt once, then one token per run for every unfinished sequence. */
import { BatonError } from '../errors.ts';
import type { Words2 } from '../kernels/sample/philox.ts';
import type { SamplingSettings } from '../kernels/sample/sample.ts';
import type { Generated } from '../model/generate.ts';
import type { Decoder, DecoderCache, DecoderOutput } from './decoder.ts';
import { Sampler } from './sampler.ts';

/** A sequence to continue. */
export interface SequenceJob {
  /** Its index in the request. */
  readonly index: number;
  readonly prompt: readonly number[];
  /** Most tokens to write, at least one. */
  readonly budget: number;
  /** Its noise stream. */
  readonly uid: number;
}

export interface BatchSettings {
  readonly sampling: SamplingSettings;
  readonly key: Words2;
  /** -1 if no token ends a text. */
  readonly eosId: number;
  readonly signal?: AbortSignal;
}

/** Prompt tokens fed per row in one run, and the most logits that a run returns. */
const PIECE = 64;
const MOST_LOGITS = 2 ** 24;
/** The batch is repacked once this share of its rows is finished: repacking costs about as much as it saves in a few tokens. */
const FINISHED_SHARE = 1 / 8;

/** A row of the batch: a job and the tokens written so far. */
interface Row {
  readonly job: SequenceJob;
  readonly padding: number;
  readonly ids: number[];
  readonly logprobs: number[];
  finished: boolean;
}

/**
 * @returns continuations in the order of the jobs
 * @throws Cancelled between two tokens; NonFinite; what the runtime throws
 */
export async function decodeBatch(
  decoder: Decoder,
  jobs: readonly SequenceJob[],
  settings: BatchSettings,
): Promise<Generated[]> {
  const prompts = [...new Set(jobs.map(({ prompt }) => prompt))];
  const width = prompts.reduce((most, prompt) => Math.max(most, prompt.length), 0);
  const rows = jobs.map(
    (job): Row => ({
      job,
      padding: width - job.prompt.length,
      ids: [],
      logprobs: [],
      finished: false,
    }),
  );
  const sampler = new Sampler(decoder.vocabulary, settings.sampling, settings.key);
  const breath = new Breath();
  try {
    const start = await readPrompts(decoder, prompts, width, settings, breath);
    const sources = jobs.map(({ prompt }) => prompts.indexOf(prompt));
    draw(rows, start, sources, sampler, settings);
    let live = rows;
    let at = sources;
    let { cache } = start;
    const longest = jobs.reduce((most, job) => Math.max(most, job.budget), 0);
    const room = new BigInt64Array(jobs.length * (width + longest));
    for (;;) {
      const going = live.filter((row) => !row.finished);
      if (going.length === 0) break;
      if (at === sources || going.length <= live.length * (1 - FINISHED_SHARE)) {
        const kept = live.flatMap((row, i) => (row.finished ? [] : [at[i]]));
        const same = kept.length === cache.rows && kept.every((row, i) => row === i);
        if (!same) cache = await decoder.gather(cache, kept);
        live = going;
        at = live.map((_, i) => i);
      }
      await breath.take(settings.signal);
      const out = await step(decoder, live, cache, room);
      draw(live, out, at, sampler, settings);
      cache = out.cache;
    }
    for (const tensor of cache.tensors) tensor.dispose();
  } finally {
    breath.end();
  }
  return rows.map(({ ids, logprobs }) => ({
    ids,
    logprobs,
    truncated: ids[ids.length - 1] !== settings.eosId,
  }));
}

/** Fills the cache from the distinct prompts, piece by piece; only the last piece returns logits. */
async function readPrompts(
  decoder: Decoder,
  prompts: readonly (readonly number[])[],
  width: number,
  { signal }: BatchSettings,
  breath: Breath,
): Promise<DecoderOutput> {
  const rows = prompts.length;
  const affordable = Math.floor(MOST_LOGITS / (rows * decoder.vocabulary));
  const piece = Math.min(PIECE, Math.max(1, affordable));
  let cache = decoder.nothing(rows);
  for (let first = 0; ; ) {
    await breath.take(signal);
    const end = Math.min(first + piece, width);
    const count = end - first;
    const ids = new BigInt64Array(rows * count);
    const positions = new BigInt64Array(rows * count);
    const mask = new BigInt64Array(rows * end).fill(1n);
    prompts.forEach((prompt, row) => {
      const padding = width - prompt.length;
      mask.fill(0n, row * end, row * end + Math.min(padding, end));
      for (let i = Math.max(first, padding); i < end; i++) {
        ids[row * count + i - first] = BigInt(prompt[i - padding]);
        positions[row * count + i - first] = BigInt(i - padding);
      }
    });
    const input = { rows, count, ids, positions, mask };
    const out = await decoder.run(input, cache, { logits: end === width });
    if (end === width) return out;
    cache = out.cache;
    first = end;
  }
}

/** Feeds the last token of every row. @param room where masks are written */
function step(
  decoder: Decoder,
  live: readonly Row[],
  cache: DecoderCache,
  room: BigInt64Array<ArrayBuffer>,
): Promise<DecoderOutput> {
  const rows = live.length;
  const total = cache.tokens + 1;
  const ids = new BigInt64Array(rows);
  const positions = new BigInt64Array(rows);
  const mask = room.subarray(0, rows * total).fill(1n);
  live.forEach((row, i) => {
    ids[i] = BigInt(row.ids[row.ids.length - 1]);
    positions[i] = BigInt(cache.tokens - row.padding);
    mask.fill(0n, i * total, i * total + row.padding);
  });
  return decoder.run({ rows, count: 1, ids, positions, mask }, cache);
}

/** Draws the next token of every row. @param at each row's place in the logits */
function draw(
  live: readonly Row[],
  { logits, places }: DecoderOutput,
  at: readonly number[],
  sampler: Sampler,
  { eosId }: BatchSettings,
): void {
  if (logits === null) return;
  const vocabulary = sampler.vocabulary;
  live.forEach((row, i) => {
    if (row.finished) return;
    const { prompt, uid, budget } = row.job;
    const from = (at[i] * places + places - 1) * vocabulary;
    const token = sampler.draw(logits, from, prompt.length + row.ids.length, uid);
    row.ids.push(token);
    row.logprobs.push(sampler.logprob);
    row.finished = token === eosId || row.ids.length >= budget;
  });
}

/** Lets messages arrive between two tokens: a run on the CPU blocks its thread, so a cancellation could not arrive otherwise. */
export class Breath {
  readonly #channel = new MessageChannel();

  /** @throws Cancelled */
  async take(signal: AbortSignal | undefined): Promise<void> {
    await new Promise<void>((resolve) => {
      this.#channel.port1.onmessage = () => resolve();
      this.#channel.port2.postMessage(null);
    });
    if (signal?.aborted) {
      throw new BatonError({
        kind: 'Cancelled',
        message: 'The receiver was stopped',
        remedy: 'Nothing was lost.',
      });
    }
  }

  end(): void {
    this.#channel.port1.close();
  }
}
