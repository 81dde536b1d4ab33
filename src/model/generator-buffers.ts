/** The GPU memory of a generator: caches, the state of every sequence, and activations for its passes. */
import type { Slice } from '../gpu/buffers.ts';
import type { Memory } from '../gpu/memory.ts';
import { type KvCache, PLACE_WORDS } from '../kernels/attention/decode-attention.ts';
import { headChunk, logitsStride } from '../kernels/head/head.ts';
import { SAMPLE_SETTINGS } from '../kernels/sample/sample.ts';
import { type Activations, allocateActivations, widths } from './activations.ts';
import type { ModelConfig } from './config.ts';

export interface GeneratorOptions {
  /** Most sequences in one call. */
  readonly sequences: number;
  /** Most tokens in all distinct prompts of a call together. */
  readonly promptTokens: number;
  /** Longest sequence: prompt and completion. */
  readonly positions: number;
  /** Most tokens of a completion. */
  readonly budget: number;
  /** Stores caches and activations as halves. */
  readonly fp16?: boolean;
  /** Tokens that are submitted at once; without it, as many as suit the device. Changes no number. */
  readonly block?: number;
}

/** Rows of a decode batch are rounded up to this. */
export const ROW_BUCKET = 16;
export const PROMPT_BUCKET = 64;

export interface GeneratorBuffers {
  readonly prefill: Activations;
  readonly decode: Activations;
  readonly caches: readonly KvCache[];
  /** [sequences + 1] of (token, position, remaining, uid). The last entry is a sequence that is always finished. */
  readonly state: Slice;
  readonly active: Slice;
  readonly tokens: Slice;
  readonly logprobs: Slice;
  readonly settings: Slice;
  readonly ids: Slice;
  readonly positions: Slice;
  readonly spans: Slice;
  /** Per sequence, the cache slots of its prompt and of its own tokens: (first, count, first own, 0). */
  readonly runs: Slice;
  /** Per row, the cache slot that it writes and the sequence whose slots it reads. */
  readonly places: Slice;
  /** Per sequence, the row of the prompt's last token. */
  readonly sources: Slice;
  readonly gathered: Slice;
  readonly hidden: Slice;
  readonly hiddenR: Slice;
  readonly logits: Slice;
}

/** Most rows of a decode step, and of the prompts of a call. */
export function mostRows({
  sequences,
  promptTokens,
}: Pick<GeneratorOptions, 'sequences' | 'promptTokens'>) {
  return {
    rows: Math.ceil(sequences / ROW_BUCKET) * ROW_BUCKET,
    promptRows: Math.ceil(promptTokens / PROMPT_BUCKET) * PROMPT_BUCKET,
  };
}

/**
 * @param keeps gives every layer of a decode step activations of its own, for what they hold to be kept after the step
 * @returns all buffers, and a list of those to be freed
 * @throws OutOfMemory, where the memory is a device's
 */
export function allocateGenerator(
  memory: Memory,
  config: ModelConfig,
  { sequences, promptTokens, positions, budget, fp16 = false }: GeneratorOptions,
  keeps = false,
): { readonly buffers: GeneratorBuffers; readonly held: readonly Slice[] } {
  const held: Slice[] = [];
  const { rows, promptRows } = mostRows({ sequences, promptTokens });
  const { hidden_size: hidden, vocab_size: vocabulary } = config;
  const make = (label: string, count: number, half = false): Slice => {
    const slice = memory.allocateNumbers(label, count, half);
    held.push(slice);
    return slice;
  };
  // A call needs slots for the tokens of its prompts and for the budget of each sequence; no sequence needs more than `positions`.
  const slots = Math.min(promptTokens + sequences * budget, sequences * positions);
  const cacheFloats = slots * widths(config).kv;
  const buffers = {
    prefill: allocateActivations(memory, config, promptRows, false, fp16),
    decode: allocateActivations(memory, config, rows, keeps, fp16),
    caches: Array.from({ length: config.num_hidden_layers }, (_, i) => ({
      keys: make(`key cache ${i}`, cacheFloats, fp16),
      values: make(`value cache ${i}`, cacheFloats, fp16),
      slots,
    })),
    state: make('sequence state', 4 * (sequences + 1)),
    active: make('active', rows),
    tokens: make('sampled tokens', sequences * budget),
    logprobs: make('sampled logprobs', sequences * budget),
    settings: make('sample settings', SAMPLE_SETTINGS),
    ids: make('decode ids', Math.max(rows, promptRows)),
    positions: make('decode positions', Math.max(rows, promptRows)),
    spans: make('prompt spans', 4 * promptRows),
    runs: make('slots of sequences', 4 * (sequences + 1)),
    places: make('places', PLACE_WORDS * Math.max(rows, promptRows)),
    sources: make('prompt ends', rows),
    gathered: make('prompt hidden', rows * hidden),
    hidden: make('decode hidden', rows * hidden, fp16),
    hiddenR: make('decode hidden r', rows),
    logits: make('decode logits', headChunk(rows, vocabulary) * logitsStride(vocabulary)),
  };
  return { buffers, held };
}
