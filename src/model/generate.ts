/**
 * Batched generation on a KV cache. Each distinct prompt runs once through the packed forward pass, and all its completions share its
 * keys and values: a completion has cache slots for its own tokens only. Then all sequences advance in lockstep, one recorded step per
 * token, sampled on the GPU, which also sees the end token: a sequence that has ended writes nothing more. The host submits a few tokens
 * at a time and does not wait for them: it learns one block late which sequences have ended, and drops them from the batch, which changes
 * no numbers of the others.
 */
import { BatonError } from '../errors.ts';
import { floats, type Slice } from '../gpu/buffers.ts';
import type { Gpu } from '../gpu/gpu.ts';
import type { Recorder, Recording } from '../gpu/recording.ts';
import { RecordingCache } from '../gpu/recording-cache.ts';
import {
  NO_SLOT,
  PLACE_WORDS,
  recordDecodeAttention,
} from '../kernels/attention/decode-attention.ts';
import { headChunk, logitsStride } from '../kernels/head/head.ts';
import { recordMatmul } from '../kernels/matmul/matmul.ts';
import { recordRmsNormForward } from '../kernels/rmsnorm/rmsnorm.ts';
import type { CacheAppend } from '../kernels/rope/rope.ts';
import { recordGatherRows } from '../kernels/rows/gather-rows.ts';
import {
  recordDecodeBegin,
  recordSample,
  type SamplingSettings,
  sampleSettings,
  usesFilters,
} from '../kernels/sample/sample.ts';
import { packBatch } from './batch.ts';
import {
  allocateGenerator,
  type GeneratorBuffers,
  type GeneratorOptions,
  PROMPT_BUCKET,
  ROW_BUCKET,
} from './generator-buffers.ts';
import type { KeptPass, KeptSequence } from './kept-pass.ts';
import { isLogprob, NoDistribution } from './logprob.ts';
import type { ParameterLayout } from './parameters.ts';
import { packedAttention, recordLayers, vocabularyOf, weightOf } from './transformer.ts';
import { Turns, type TurnTaker } from './turns.ts';

/** A sampled completion. */
export interface Generated {
  /** Token ids, including the end token if it was drawn. */
  readonly ids: number[];
  /** Log-probability of each id when it was drawn, at the sampling temperature, before top-k, top-p and min-p. */
  readonly logprobs: number[];
  /** True where the budget ended before the end token. */
  readonly truncated: boolean;
}

export interface GenerateRequest {
  /** Distinct prompts. */
  readonly prompts: readonly (readonly number[])[];
  /** Completions of each prompt. */
  readonly copies: number;
  readonly sampling: SamplingSettings;
  /** Philox key of this call's noise. */
  readonly key: readonly [number, number];
  /** Noise stream of the first sequence under the key: sequence i draws with uid + i. */
  readonly uid: number;
  /** Token budget of the completions of each prompt; without it, the budget of the options for all. */
  readonly budgets?: readonly number[];
  /** Keeps what the layers compute for a learner, if the generator has somewhere to keep it; changes no number. */
  readonly keep?: boolean;
  readonly signal?: AbortSignal;
}

/**
 * Tokens that are submitted at once. A sequence stays in the batch for up to two blocks less one token after its last. On a GPU these
 * cost less than the way to the host and back, on a software adapter they cost as much as any token.
 */
const BLOCK = { scalar: 2, lanes: 8 } as const;

/** Where a sequence is kept while it grows. */
type Keeping = KeptSequence & { readonly ownRows: number[] };

export class Generator {
  readonly gpu: Gpu;
  readonly layout: ParameterLayout;
  readonly options: GeneratorOptions;
  readonly #parameters: Slice;
  readonly #rope: Slice;
  readonly #buffers: GeneratorBuffers;
  readonly #held: readonly Slice[];
  readonly #recordings: RecordingCache;
  readonly #turns: TurnTaker;
  readonly #kept: KeptPass | null;

  private constructor(
    gpu: Gpu,
    layout: ParameterLayout,
    parameters: Slice,
    rope: Slice,
    options: GeneratorOptions,
    turns: TurnTaker,
    kept: KeptPass | null,
  ) {
    this.gpu = gpu;
    this.layout = layout;
    this.options = options;
    this.#parameters = parameters;
    this.#rope = rope;
    this.#turns = turns;
    this.#kept = kept;
    this.#recordings = new RecordingCache(gpu);
    const { buffers, held } = allocateGenerator(gpu, layout.config, options, kept !== null);
    this.#buffers = buffers;
    this.#held = held;
  }

  /**
   * @param parameters the flat parameters to sample from; may change between calls
   * @param rope a rope table of at least `positions` positions
   * @param turns where `generate` takes its turns: the learner that these parameters belong to, or turns of its own if nobody trains them
   * @param kept where a call may keep what the layers compute
   * @throws OutOfMemory
   */
  static create(
    gpu: Gpu,
    layout: ParameterLayout,
    parameters: Slice,
    rope: Slice,
    options: GeneratorOptions,
    turns: TurnTaker = new Turns(),
    kept: KeptPass | null = null,
  ): Promise<Generator> {
    return gpu.allocating(() => new Generator(gpu, layout, parameters, rope, options, turns, kept));
  }

  /**
   * Samples `copies` completions of each prompt, prompt by prompt. Takes a turn, so it must not be called inside another turn of the
   * same `turns`.
   * @throws Cancelled when the signal fires; RangeError when the request exceeds the options; NoDistribution
   */
  generate(request: GenerateRequest): Promise<Generated[]> {
    return this.#turns.turn(() => this.#generate(request));
  }

  async #generate(request: GenerateRequest): Promise<Generated[]> {
    const { prompts, copies, sampling, key, signal } = request;
    const kept = request.keep ? this.#roomToKeep(prompts) : null;
    const sequences = prompts.length * copies;
    const budgets = request.budgets ?? prompts.map(() => this.options.budget);
    this.#check(request, budgets);
    if (sequences === 0) return [];
    this.gpu.write(this.#buffers.settings, sampleSettings(sampling, key));
    if (request.keep) this.#kept?.forget();
    const keptOf = await this.#start(request, budgets, kept);
    const budget = budgets.reduce((most, b) => Math.max(most, b), 0);
    const most = this.options.block ?? BLOCK[this.gpu.info.profile];
    let active = Array.from({ length: sequences }, (_, i) => i);
    let keptRows = kept?.promptRows ?? 0;
    /** The state after the block before, on its way. */
    let coming: Promise<Uint32Array> | null = null;
    for (let drawn = 1; drawn < budget && active.length > 0; ) {
      throwIfCancelled(signal);
      const rows = this.#setActive(active);
      const step = await this.#decode(rows, sampling);
      const block = Math.min(most, budget - drawn);
      const from = keptRows;
      await this.gpu.replay(step, block, (time) =>
        kept ? kept.copies(this.#buffers.decode, rows, from + time * rows) : [],
      );
      for (let time = 0; kept && time < block; time++, keptRows += rows)
        for (const [row, sequence] of active.entries())
          keptOf[sequence].ownRows.push(keptRows + row);
      drawn += block;
      if (drawn >= budget) break;
      const before: Promise<Uint32Array> | null = coming;
      coming = this.gpu.readWords(this.#buffers.state);
      // Where it is not waited for any more, its failure is told by what comes after.
      coming.catch(() => undefined);
      const state = await before;
      if (state) active = active.filter((sequence) => state[4 * sequence + 2] > 0);
    }
    const generated = await this.#collect(copies, budgets);
    if (kept) for (const [i, { ids }] of generated.entries()) kept.hold(ids, keptOf[i]);
    return generated;
  }

  /** Compiles everything that a call needs. Shapes are data, so one small shape is enough. */
  async prepare(sampling: SamplingSettings): Promise<void> {
    const b = this.#buffers;
    const kept = this.#kept;
    await Promise.all([
      this.#decode(ROW_BUCKET, sampling),
      this.#recordings.get(
        `prepare ${sampling.temperature} ${usesFilters(sampling)}`,
        (recorder) => {
          this.#recordPrompts(recorder, PROMPT_BUCKET, 8, kept);
          this.#recordDraw(recorder, 1, b.prefill.output, b.sources, sampling);
        },
      ),
    ]);
  }

  #decode(rows: number, sampling: SamplingSettings): Promise<Recording> {
    const key = `decode ${rows} ${sampling.temperature} ${usesFilters(sampling)}`;
    return this.#recordings.get(key, (recorder) => this.#recordStep(recorder, rows, sampling));
  }

  destroy(): void {
    this.#recordings.destroy();
    const { prefill, decode } = this.#buffers;
    const shared = [prefill, decode].flatMap((a) => [
      a.output,
      ...a.layers.flatMap((l) => Object.values(l) as Slice[]),
    ]);
    for (const slice of new Set([...this.#held, ...shared])) this.gpu.free(slice);
  }

  /** Where a call with these prompts is kept, if there is room for them. */
  #roomToKeep(prompts: GenerateRequest['prompts']): KeptPass | null {
    const tokens = prompts.reduce((sum, prompt) => sum + prompt.length, 0);
    return this.#kept && tokens <= this.#kept.promptRows ? this.#kept : null;
  }

  #check({ prompts, copies }: GenerateRequest, budgets: readonly number[]): void {
    const { options } = this;
    const sequences = prompts.length * copies;
    const tokens = prompts.reduce((sum, prompt) => sum + prompt.length, 0);
    if (prompts.some((prompt) => prompt.length === 0))
      throw new RangeError('a prompt has no token');
    if (sequences > options.sequences)
      throw new RangeError(`${sequences} sequences, room for ${options.sequences}`);
    if (tokens > options.promptTokens)
      throw new RangeError(`${tokens} prompt tokens, room for ${options.promptTokens}`);
    if (budgets.length !== prompts.length)
      throw new RangeError(`${budgets.length} budgets for ${prompts.length} prompts`);
    for (const [p, budget] of budgets.entries()) {
      if (!(budget >= 1 && budget <= options.budget))
        throw new RangeError(`a budget of ${budget} tokens, room for 1 to ${options.budget}`);
      if (prompts[p].length + budget > options.positions) {
        throw new RangeError(
          `a prompt of ${prompts[p].length} tokens and ${budget} more do not fit ${options.positions} positions`,
        );
      }
    }
  }

  /** Fills the cache from the prompts and draws the first token of every sequence. @returns where each sequence is kept: its prompt alone as yet */
  async #start(
    request: GenerateRequest,
    budgets: readonly number[],
    kept: KeptPass | null,
  ): Promise<Keeping[]> {
    const { prompts, copies, sampling, uid } = request;
    const sequences = prompts.length * copies;
    const b = this.#buffers;
    const batch = packBatch(
      prompts.map((prompt) => ({ prompt, completion: [] })),
      PROMPT_BUCKET,
    );
    const state = new Uint32Array(4 * (this.options.sequences + 1));
    const runs = new Uint32Array(state.length);
    const keptOf: Keeping[] = [];
    const sources = new Uint32Array(sequences);
    const places = new Uint32Array(PLACE_WORDS * batch.rows).fill(NO_SLOT);
    let row = 0;
    let own = prompts.reduce((sum, prompt) => sum + prompt.length, 0);
    prompts.forEach((prompt, p) => {
      for (let copy = 0; copy < copies; copy++) {
        const sequence = p * copies + copy;
        const last = prompt[prompt.length - 1];
        state.set([last, prompt.length, budgets[p], uid + sequence], 4 * sequence);
        runs.set([row, prompt.length, own, 0], 4 * sequence);
        keptOf.push({ prompt, promptRow: row, ownRows: [] });
        own += budgets[p];
        sources[sequence] = row + prompt.length - 1;
      }
      for (const _ of prompt) {
        places[PLACE_WORDS * row] = row;
        row += 1;
      }
    });
    this.gpu.write(b.ids, batch.ids);
    this.gpu.write(b.positions, batch.positions);
    this.gpu.write(b.spans, batch.spans);
    this.gpu.write(b.state, state);
    this.gpu.write(b.runs, runs);
    this.gpu.write(b.sources, sources);
    this.gpu.write(b.places, places);
    this.#setActive(Array.from({ length: sequences }, (_, i) => i));
    const how = `${sampling.temperature} ${usesFilters(sampling)} ${kept !== null}`;
    const key = `start ${batch.rows} ${sequences} ${how}`;
    const recording = await this.#recordings.get(key, (recorder) => {
      this.#recordPrompts(recorder, batch.rows, batch.meanKeys, kept);
      this.#recordDraw(recorder, sequences, b.prefill.output, b.sources, sampling);
    });
    await this.gpu.replay(recording);
    return keptOf;
  }

  /** Uploads which sequences continue, padded with the one that is always finished; returns the number of rows. */
  #setActive(active: readonly number[]): number {
    const rows = Math.ceil(active.length / ROW_BUCKET) * ROW_BUCKET;
    const list = new Uint32Array(rows).fill(this.options.sequences);
    list.set(active);
    this.gpu.write(this.#buffers.active, list);
    return rows;
  }

  #recordPrompts(recorder: Recorder, rows: number, meanKeys: number, kept: KeptPass | null): void {
    const b = this.#buffers;
    const { config } = this.layout;
    const batch = {
      rows,
      meanKeys,
      ids: b.ids,
      positions: b.positions,
      spans: b.spans,
      rope: this.#rope,
    };
    const attend = packedAttention(recorder, config, batch);
    const appending = { ...attend, append: this.#append };
    recordLayers(recorder, this.layout, this.#parameters, b.prefill, batch, appending, (layer, a) =>
      kept?.recordKeep(recorder, layer, a, rows),
    );
  }

  #recordStep(recorder: Recorder, rows: number, sampling: SamplingSettings): void {
    const b = this.#buffers;
    const { positions } = this.options;
    recordDecodeBegin(recorder, {
      rows,
      capacity: positions,
      active: b.active,
      state: b.state,
      runs: b.runs,
      ids: b.ids,
      positions: b.positions,
      places: b.places,
    });
    const batch = { rows, ids: b.ids, positions: b.positions, rope: this.#rope };
    const { config } = this.layout;
    recordLayers(recorder, this.layout, this.#parameters, b.decode, batch, {
      append: this.#append,
      record: (layer, a) =>
        recordDecodeAttention(recorder, {
          rows,
          heads: config.num_attention_heads,
          kvHeads: config.num_key_value_heads,
          headDim: config.head_dim,
          places: b.places,
          qkv: a.qkv,
          cache: b.caches[layer],
          o: a.attended,
          lse: a.lse,
          meanKeys: positions / 2,
        }),
    });
    this.#recordDraw(recorder, rows, b.decode.output, null, sampling);
  }

  /** Appends the keys and values of new tokens to the cache of their layer. */
  readonly #append = (layer: number): CacheAppend => ({
    kvHeads: this.layout.config.num_key_value_heads,
    places: this.#buffers.places,
    cache: this.#buffers.caches[layer],
  });

  /** Final norm, logits and sampling, for the rows of `x` (only those in `sources`, if given), in chunks of rows. */
  #recordDraw(
    recorder: Recorder,
    rows: number,
    x: Slice,
    sources: Slice | null,
    sampling: SamplingSettings,
  ): void {
    const b = this.#buffers;
    const { config } = this.layout;
    const { hidden_size: width, vocab_size: vocabulary } = config;
    if (sources) recordGatherRows(recorder, { rows, width, index: sources, x, y: b.gathered });
    recordRmsNormForward(recorder, {
      rows,
      width,
      eps: config.rms_norm_eps,
      x: sources ? b.gathered : x,
      gain: weightOf(this.#parameters, this.layout.finalNorm),
      y: b.hidden,
      r: b.hiddenR,
    });
    const chunk = headChunk(rows, vocabulary);
    const stride = logitsStride(vocabulary);
    for (let first = 0; first < rows; first += chunk) {
      const count = Math.min(chunk, rows - first);
      recordMatmul(recorder, 'nt', {
        m: count,
        n: stride,
        k: width,
        a: floats(b.hidden, first * width, count * width),
        b: vocabularyOf(this.#parameters, this.layout.lmHead),
        c: b.logits,
        label: 'decode logits',
      });
      recordSample(recorder, {
        rows: count,
        vocabulary,
        stride,
        budget: this.options.budget,
        eos: config.eos_token_id ?? 0xffffffff,
        temperature: sampling.temperature,
        filters: usesFilters(sampling),
        active: floats(b.active, first, count),
        logits: b.logits,
        settings: b.settings,
        state: b.state,
        tokens: b.tokens,
        logprobs: b.logprobs,
      });
    }
  }

  /** Fills the unused end of a row whose sequence has a smaller budget than the options allow. */
  async #collect(copies: number, budgets: readonly number[]): Promise<Generated[]> {
    const { budget } = this.options;
    const sequences = budgets.length * copies;
    const b = this.#buffers;
    const [tokens, logprobs] = await Promise.all([
      this.gpu.readWords(floats(b.tokens, 0, sequences * budget)),
      this.gpu.readFloats(floats(b.logprobs, 0, sequences * budget)),
    ]);
    const eos = this.layout.config.eos_token_id;
    const out = Array.from({ length: sequences }, (_, i) => {
      const own = budgets[Math.floor(i / copies)];
      const first = (i + 1) * budget - own;
      const row = tokens.subarray(first, first + own);
      const ended = eos === null ? -1 : row.indexOf(eos);
      const length = ended < 0 ? own : ended + 1;
      return {
        ids: Array.from(row.subarray(0, length)),
        logprobs: Array.from(logprobs.subarray(first, first + length)),
        truncated: ended < 0,
      };
    });
    if (!out.every((one) => one.logprobs.every(isLogprob)))
      throw new NoDistribution(this.options.fp16 ?? false);
    return out;
  }
}

function throwIfCancelled(signal: AbortSignal | undefined): void {
  if (signal?.aborted) {
    throw new BatonError({
      kind: 'Cancelled',
      message: 'Generation was stopped',
      remedy: 'Nothing was lost.',
    });
  }
}
