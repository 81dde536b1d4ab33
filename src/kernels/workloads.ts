/**
 * Typical work of every kernel that has variants: what the tuner times. Sizes are those of a model of width 128 with heads of 16 on
 * 1,024 tokens, and of 128 sequences that generate. The numbers are zeros, which cost as much as others; only indices are filled in.
 */
import type { Slice } from '../gpu/buffers.ts';
import type { Gpu } from '../gpu/gpu.ts';
import { Recorder, type Recording } from '../gpu/recording.ts';
import { recordAttentionBackward, recordAttentionForward } from './attention/attention.ts';
import { PLACE_WORDS, recordDecodeAttention } from './attention/decode-attention.ts';
import { recordTokenLogprob, recordTokenLogprobBackward } from './head/head.ts';
import { FEW_ROWS, type MatmulForm, type MatmulShape, recordMatmul } from './matmul/matmul.ts';
import { NORM_PARTS, recordAdamW } from './optimizer/adamw.ts';
import {
  columnPlanes,
  recordColumnSums,
  recordRmsNormBackward,
  recordRmsNormForward,
} from './rmsnorm/rmsnorm.ts';
import { recordSample, SAMPLE_SETTINGS } from './sample/sample.ts';
import type { VariantKernel } from './variants.ts';

/** The product that matters most in each form: time is measured on it. */
export type TuneShapes = Readonly<Record<MatmulForm, MatmulShape>>;

/** A buffer: its number of words (zeros), or its words. */
type Content = number | Uint32Array<ArrayBuffer>;

/** Buffers by name, and what is recorded on them. */
interface Workload {
  readonly buffers: Readonly<Record<string, Content>>;
  readonly record: (recorder: Recorder, buffer: (name: string) => Slice) => void;
  /** The buffers that are halves with `fp16`. */
  readonly halves?: readonly string[];
}

const ROWS = 1024;
const WIDTH = 128;
const HEADS = { heads: 8, kvHeads: 8, headDim: 16 };
/** Tokens of each segment, and keys of a sequence that generates. */
const LENGTH = 64;
const SEQUENCES = 128;
const VOCABULARY = 64;
const PARAMETERS = 1 << 20;
/** About as many as a step of decoding has. */
const PRODUCTS_OF_FEW_ROWS = 16;
/** Draws that a sampled sequence has left, more than are ever timed. */
const DRAWS = 4096;

/** @param times products in a row: one of few rows is too short for a clock */
function product(form: MatmulForm, { m, n, k }: MatmulShape, times = 1): Workload {
  return {
    buffers: { a: m * k, b: n * k, c: m * n },
    halves: form === 'nt' ? ['a', 'c'] : form === 'tn' ? ['b'] : [],
    record: (recorder, at) => {
      const operands = { a: at('a'), b: at('b'), c: at('c') };
      for (let i = 0; i < times; i++) recordMatmul(recorder, form, { m, n, k, ...operands });
    },
  };
}

/** Packed segments of 64. The backward pass records both of its kernels, whichever is asked for. */
function attention(backward: boolean): Workload {
  const spans = Uint32Array.from({ length: 4 * ROWS }, (_, i) => {
    const start = Math.floor(i / 4 / LENGTH) * LENGTH;
    return i % 4 === 1 ? start + LENGTH : start;
  });
  const shape = { ...HEADS, rows: ROWS, meanKeys: LENGTH / 2 };
  const buffers = {
    ...{ spans, qkv: 3 * ROWS * WIDTH, o: ROWS * WIDTH, lse: ROWS * HEADS.heads },
    ...{ dO: ROWS * WIDTH, delta: ROWS * HEADS.heads, dQkv: 3 * ROWS * WIDTH },
  };
  return {
    buffers,
    halves: ['qkv', 'o'],
    record: (recorder, at) => {
      const forward = { ...shape, spans: at('spans'), qkv: at('qkv'), o: at('o'), lse: at('lse') };
      if (!backward) recordAttentionForward(recorder, forward);
      else {
        const gradients = { dO: at('dO'), delta: at('delta'), dQkv: at('dQkv') };
        recordAttentionBackward(recorder, { ...forward, ...gradients });
      }
    },
  };
}

/** Half of a sequence's keys are its prompt's, which eight sequences share. */
function decoding(): Workload {
  const prompt = LENGTH / 2;
  const prompts = (SEQUENCES / 8) * prompt;
  const slots = prompts + SEQUENCES * prompt;
  const places = new Uint32Array(PLACE_WORDS * SEQUENCES);
  for (let s = 0; s < SEQUENCES; s++) {
    const own = prompts + s * prompt;
    places.set([own + prompt - 1, (s >> 3) * prompt, prompt, own], PLACE_WORDS * s);
  }
  return {
    buffers: {
      ...{ places, qkv: 3 * SEQUENCES * WIDTH, keys: slots * WIDTH, values: slots * WIDTH },
      ...{ o: SEQUENCES * WIDTH, lse: SEQUENCES * HEADS.heads },
    },
    halves: ['qkv', 'keys', 'values', 'o'],
    record: (recorder, at) =>
      recordDecodeAttention(recorder, {
        ...{ ...HEADS, rows: SEQUENCES, meanKeys: LENGTH, places: at('places'), qkv: at('qkv') },
        ...{ cache: { keys: at('keys'), values: at('values'), slots }, o: at('o') },
        lse: at('lse'),
      }),
  };
}

type NormKernel = 'rmsnorm-forward' | 'rmsnorm-backward' | 'column-sums';

function norm(kernel: NormKernel): Workload {
  const all = ROWS * WIDTH;
  const shape = { rows: ROWS, width: WIDTH };
  return {
    buffers: {
      ...{ x: all, y: all, dy: all, dx: all, gain: WIDTH, r: ROWS, dGain: WIDTH },
      planes: columnPlanes(ROWS) * WIDTH,
    },
    halves: kernel === 'rmsnorm-forward' ? ['y'] : [],
    record: (recorder, at) => {
      const inputs = { ...shape, x: at('x'), gain: at('gain'), r: at('r') };
      const sums = { dGain: at('dGain'), planes: at('planes') };
      if (kernel === 'rmsnorm-forward')
        recordRmsNormForward(recorder, { ...inputs, eps: 1e-5, y: at('y') });
      else if (kernel === 'rmsnorm-backward') {
        const gradients = { dy: at('dy'), dx: at('dx'), accumulate: true };
        recordRmsNormBackward(recorder, { ...inputs, ...gradients, ...sums });
      } else {
        const { dGain: target, planes } = sums;
        recordColumnSums(recorder, { ...shape, g: at('dy'), target, planes });
      }
    },
  };
}

/** Rows of logits; the backward pass makes their gradients in place. */
function head(backward: boolean): Workload {
  return {
    buffers: {
      ...{ targets: ROWS, stats: 4 * ROWS, coefficients: 2 * ROWS, logits: ROWS * VOCABULARY },
    },
    record: (recorder, at) => {
      const rows = {
        ...{ vocabulary: VOCABULARY, temperature: 1, targets: at('targets') },
        ...{ logits: at('logits'), stats: at('stats') },
      };
      if (!backward) recordTokenLogprob(recorder, rows, 0, ROWS);
      else {
        const coefficients = at('coefficients');
        recordTokenLogprobBackward(recorder, { ...rows, coefficients }, 0, ROWS);
      }
    },
  };
}

function update(): Workload {
  const flat = PARAMETERS;
  return {
    buffers: {
      ...{ settings: 8, stats: 4, partials: 2 * NORM_PARTS },
      ...{ parameters: flat, gradients: flat, m: flat, v: flat },
    },
    record: (recorder, at) =>
      recordAdamW(recorder, {
        ...{ count: flat, decayEnd: flat, settings: at('settings'), stats: at('stats') },
        ...{ partials: at('partials'), parameters: at('parameters'), gradients: at('gradients') },
        ...{ m: at('m'), v: at('v') },
      }),
  };
}

function sampling(): Workload {
  const state = Uint32Array.from({ length: 4 * SEQUENCES }, (_, i) => (i % 4 === 2 ? DRAWS : i));
  return {
    buffers: {
      ...{ active: Uint32Array.from({ length: SEQUENCES }, (_, i) => i), state },
      ...{ logits: SEQUENCES * VOCABULARY, settings: SAMPLE_SETTINGS },
      ...{ tokens: SEQUENCES * DRAWS, logprobs: SEQUENCES * DRAWS },
    },
    record: (recorder, at) =>
      recordSample(recorder, {
        ...{ rows: SEQUENCES, vocabulary: VOCABULARY, stride: VOCABULARY, budget: DRAWS },
        ...{ eos: VOCABULARY, temperature: 1, filters: false, active: at('active') },
        ...{ logits: at('logits'), settings: at('settings'), state: at('state') },
        ...{ tokens: at('tokens'), logprobs: at('logprobs') },
      }),
  };
}

function workloadOf(kernel: VariantKernel, shapes: TuneShapes): Workload {
  switch (kernel) {
    case 'matmul-nt':
      return product('nt', shapes.nt);
    case 'matmul-nn':
      return product('nn', shapes.nn);
    case 'matmul-tn':
      return product('tn', shapes.tn);
    case 'matmul-few':
      return product('nt', { ...shapes.nt, m: FEW_ROWS / 2 }, PRODUCTS_OF_FEW_ROWS);
    case 'attention-forward':
      return attention(false);
    case 'attention-backward-q':
    case 'attention-backward-kv':
      return attention(true);
    case 'decode-attention':
      return decoding();
    case 'rmsnorm-forward':
    case 'rmsnorm-backward':
    case 'column-sums':
      return norm(kernel);
    case 'token-logprob':
    case 'token-logprob-backward':
      return head(kernel === 'token-logprob-backward');
    case 'gradient-norm':
      return update();
    case 'sample':
      return sampling();
    default:
      return kernel satisfies never;
  }
}

/** Whether a kernel has operands that are halves in a run with `fp16`. */
export function hasHalves(kernel: VariantKernel, shapes: TuneShapes): boolean {
  return (workloadOf(kernel, shapes).halves ?? []).length > 0;
}

/** Work that is ready to replay, with buffers of its own. */
export interface PreparedWork {
  readonly recording: Recording;
  destroy(): void;
}

/**
 * Records a kernel's work under the variants in force now and compiles it. Everything is recorded before the first wait.
 * @param fp16 whether to store as halves what a run with `fp16` stores so
 * @throws ShaderError and OutOfMemory, with everything given back
 */
export async function prepareWork(
  gpu: Gpu,
  kernel: VariantKernel,
  shapes: TuneShapes,
  fp16 = false,
): Promise<PreparedWork> {
  const { buffers, record, halves = [] } = workloadOf(kernel, shapes);
  const slices = new Map<string, Slice>();
  const free = () => {
    for (const slice of slices.values()) gpu.free(slice);
  };
  const recorder = new Recorder(gpu);
  const at = (name: string): Slice => {
    const slice = slices.get(name);
    if (!slice) throw new RangeError(`${kernel} has no buffer ${name}`);
    return slice;
  };
  await gpu.allocating(() => {
    for (const [name, content] of Object.entries(buffers)) {
      const count = typeof content === 'number' ? content : content.length;
      const half = fp16 && halves.includes(name);
      const slice = gpu.allocateNumbers(`tuning ${name}`, count, half);
      if (typeof content !== 'number') gpu.write(slice, content);
      slices.set(name, slice);
    }
    record(recorder, at);
  });
  try {
    const recording = await recorder.build();
    return {
      recording,
      destroy: () => {
        recording.destroy();
        free();
      },
    };
  } catch (error) {
    free();
    throw error;
  }
}
