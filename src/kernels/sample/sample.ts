/** Sampling on the GPU. @see sample.wgsl, sample-lanes.wgsl, decode-begin.wgsl */
import type { Slice } from '../../gpu/buffers.ts';
import type { Kernel } from '../../gpu/kernel.ts';
import type { Recorder } from '../../gpu/recording.ts';
import { expandWgsl } from '../../gpu/wgsl-template.ts';
import { NO_SLOT } from '../attention/decode-attention.ts';
import { groupGrid } from '../grid.ts';
import { loadTemplate } from '../templates.ts';
import { type Sharing, sharingOf, treeWgsl } from '../tree/tree.ts';
import { PHILOX } from './philox.ts';

const decodeBegin = loadTemplate('sample/decode-begin.wgsl');
const philox = loadTemplate('sample/philox.wgsl');
const sample = loadTemplate('sample/sample.wgsl');
const sampleLanes = loadTemplate('sample/sample-lanes.wgsl');

/** How tokens are drawn; names and meaning as in transformers' GenerationConfig. */
export interface SamplingSettings {
  readonly temperature: number;
  /** Keeps the k most likely tokens; 0 is off. */
  readonly topK: number;
  /** Keeps the fewest tokens whose probability reaches p; 1 is off. */
  readonly topP: number;
  /** Keeps tokens at least this share as likely as the most likely; 0 is off. */
  readonly minP: number;
  /** Takes the most likely token, without noise. */
  readonly greedy: boolean;
}

/** u32 words of the settings buffer. */
export const SAMPLE_SETTINGS = 8;

export interface SampleOptions {
  readonly rows: number;
  readonly vocabulary: number;
  /** Floats from one row of logits to the next. */
  readonly stride: number;
  /** Most tokens of a completion. */
  readonly budget: number;
  readonly eos: number;
  readonly temperature: number;
  /** Whether top-k, top-p or min-p may be on. */
  readonly filters: boolean;
  readonly active: Slice;
  readonly logits: Slice;
  readonly settings: Slice;
  readonly state: Slice;
  readonly tokens: Slice;
  readonly logprobs: Slice;
}

export function usesFilters(s: SamplingSettings): boolean {
  return s.topK > 0 || s.topP < 1 || s.minP > 0;
}

/** The words of the settings buffer. `key` is the run's Philox key. */
export function sampleSettings(
  s: SamplingSettings,
  key: readonly [number, number],
): Uint32Array<ArrayBuffer> {
  const words = new Uint32Array(SAMPLE_SETTINGS);
  const floats = new Float32Array(words.buffer);
  words[0] = key[0];
  words[1] = key[1];
  words[2] = s.topK;
  floats[3] = s.topP;
  floats[4] = s.minP > 0 ? Math.log(s.minP) : -100;
  words[5] = Number(s.greedy);
  return words;
}

/** The generator's functions in WGSL, from the constants of its twin in TypeScript. */
export function philoxWgsl(): string {
  return expandWgsl(philox, {
    ROUNDS: PHILOX.rounds,
    MULTIPLIER0: PHILOX.multiplier0,
    MULTIPLIER1: PHILOX.multiplier1,
    INCREMENT0: PHILOX.increment0,
    INCREMENT1: PHILOX.increment1,
  });
}

/** Lanes of a row in the `lanes` variant; each does blocks of four ids. Never 32: an Apple compiler drops the barriers of so small groups. */
function sampleLanesOf(vocabulary: number): number {
  return vocabulary > 4096 ? 256 : 64;
}

/** @param row a row's lanes, and what they exchange their sums through; null for the plain kernel, one row per invocation */
export function sampleKernel(
  filters: boolean,
  row: { readonly lanes: number; readonly sharing: Sharing } | null = null,
): Kernel {
  const bindings = ['read', 'read', 'read', 'write', 'write', 'write'] as const;
  const FILTERS = Number(filters);
  if (!row) {
    const source = philoxWgsl() + expandWgsl(sample, { FILTERS });
    return { name: 'sample', variant: 'scalar', source, bindings };
  }
  const { lanes, sharing } = row;
  const half = 'shape.half_lanes';
  const source =
    treeWgsl(sharing, { type: 'f32', threads: lanes, lanes, half }) +
    philoxWgsl() +
    expandWgsl(sampleLanes, { FILTERS, LANES: lanes });
  return { name: 'sample', variant: sharing.variant, source, bindings };
}

export function decodeBeginKernel(): Kernel {
  return {
    name: 'decode-begin',
    variant: 'plain',
    source: expandWgsl(decodeBegin, { NO_SLOT }),
    bindings: ['read', 'read', 'read', 'write', 'write', 'write'],
  };
}

export function recordSample(recorder: Recorder, options: SampleOptions): void {
  const { rows, vocabulary, stride, budget, eos, temperature, filters } = options;
  const { active, logits, settings, state, tokens, logprobs } = options;
  const sharing = sharingOf(recorder.gpu, 'sample');
  const row = sharing && { lanes: sampleLanesOf(vocabulary), sharing };
  const { grid, across } = groupGrid(row ? rows : Math.ceil(rows / 64));
  recorder.add({
    kernel: sampleKernel(filters, row),
    words: {
      u32: [rows, vocabulary, stride, budget, eos, ...(row ? [across, row.lanes / 2] : [])],
      f32: [1 / temperature],
    },
    bind: [active, logits, settings, state, tokens, logprobs],
    grid,
    flop: rows * vocabulary * (filters ? 400 : 100),
    bytes: 4 * rows * vocabulary,
  });
}

export interface DecodeBegin {
  readonly rows: number;
  /** Positions that the model knows. */
  readonly capacity: number;
  /** [rows] u32 */
  readonly active: Slice;
  /** [sequences] of (token, position, remaining, uid) */
  readonly state: Slice;
  /** [sequences] of (first slot of the prompt, its tokens, first slot of the sequence's own, 0) */
  readonly runs: Slice;
  readonly ids: Slice;
  readonly positions: Slice;
  /** @see decode-attention.ts */
  readonly places: Slice;
}

export function recordDecodeBegin(recorder: Recorder, options: DecodeBegin): void {
  const { rows, capacity, active, state, runs, ids, positions, places } = options;
  recorder.add({
    kernel: decodeBeginKernel(),
    words: { u32: [rows, capacity] },
    bind: [active, state, runs, ids, positions, places],
    grid: [Math.ceil(rows / 64)],
    bytes: 48 * rows,
  });
}
