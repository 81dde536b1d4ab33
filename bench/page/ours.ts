/** Baton's kernels as contestants: operands on the device, and one recording that is replayed. */
import { floats, type Slice } from '../../src/gpu/buffers.ts';
import type { Gpu } from '../../src/gpu/gpu.ts';
import { Recorder } from '../../src/gpu/recording.ts';
import {
  recordAttentionBackward,
  recordAttentionForward,
} from '../../src/kernels/attention/attention.ts';
import { spansOf } from '../../src/kernels/checking/data.ts';
import { recordTokenLogprob, recordTokenLogprobBackward } from '../../src/kernels/head/head.ts';
import { type MatmulForm, planesOf, recordMatmul } from '../../src/kernels/matmul/matmul.ts';
import type { Running } from './contestant.ts';

type Content = number | Float32Array<ArrayBuffer> | Uint32Array<ArrayBuffer>;

/** Buffers by name (sizes for zeros, or contents), the recording on them, and the buffers that hold the result. */
async function prepared(
  gpu: Gpu,
  contents: Readonly<Record<string, Content>>,
  record: (recorder: Recorder, at: (name: string) => Slice) => void,
  result: (read: (name: string) => Promise<Float32Array>) => Promise<Float32Array>,
): Promise<Running> {
  const slices = new Map<string, Slice>();
  for (const [name, content] of Object.entries(contents)) {
    const words = typeof content === 'number' ? content : content.length;
    const slice = gpu.allocate(`bench ${name}`, 4 * words);
    if (typeof content !== 'number') gpu.write(slice, content);
    slices.set(name, floats(slice, 0, words));
  }
  const at = (name: string): Slice => {
    const slice = slices.get(name);
    if (!slice) throw new RangeError(`there is no buffer ${name}`);
    return slice;
  };
  const recorder = new Recorder(gpu);
  record(recorder, at);
  const recording = recorder.build();
  return {
    async run(times) {
      const ready = await recording;
      for (let i = 0; i < times; i++) await gpu.replay(ready);
      await gpu.idle();
    },
    result: () => result((name) => gpu.readFloats(at(name))),
    async close() {
      (await recording).destroy();
      for (const slice of slices.values()) gpu.free(slice);
    },
  };
}

function transposed(x: Float32Array, rows: number, cols: number): Float32Array<ArrayBuffer> {
  const out = new Float32Array(x.length);
  for (let r = 0; r < rows; r++) for (let c = 0; c < cols; c++) out[c * rows + r] = x[r * cols + c];
  return out;
}

export interface Product {
  readonly form: MatmulForm;
  readonly m: number;
  readonly n: number;
  readonly k: number;
  /** [m, k] */
  readonly a: Float32Array<ArrayBuffer>;
  /** [k, n] */
  readonly b: Float32Array<ArrayBuffer>;
}

/** The product A B, in the forms that the model uses: in nt, weights are [out, in]; in tn, both operands are stored as rows of k. */
export function ourMatmul(gpu: Gpu, { form, m, n, k, a, b }: Product): Promise<Running> {
  const contents = {
    a: form === 'tn' ? transposed(a, m, k) : a,
    b: form === 'nt' ? transposed(b, k, n) : b,
    c: m * n,
    planes: form === 'tn' ? planesOf({ m, n, k }, gpu.info.profile) * m * n : 4,
  };
  return prepared(
    gpu,
    contents,
    (recorder, at) =>
      recordMatmul(recorder, form, {
        ...{ m, n, k, a: at('a'), b: at('b'), c: at('c') },
        ...(form === 'tn' && { planes: at('planes') }),
      }),
    (read) => read('c'),
  );
}

export interface Logits {
  readonly rows: number;
  readonly columns: number;
  /** [rows, columns] */
  readonly x: Float32Array<ArrayBuffer>;
}

/**
 * Softmax as training needs it: the log-probability of a target and the entropy, then the gradient of the logits,
 * softmax(x) - onehot(target), in place. So ours does more than a bare softmax. The target (token 0) is added back before the result is
 * compared.
 */
export function ourSoftmax(gpu: Gpu, { rows, columns, x }: Logits): Promise<Running> {
  const coefficients = Float32Array.from({ length: 2 * rows }, (_, i) => (i % 2 ? 0 : -1));
  return prepared(
    gpu,
    { targets: new Uint32Array(rows), logits: x, stats: 4 * rows, coefficients },
    (recorder, at) => {
      const all = {
        ...{ vocabulary: columns, temperature: 1, targets: at('targets') },
        ...{ logits: at('logits'), stats: at('stats'), coefficients: at('coefficients') },
      };
      recordTokenLogprob(recorder, all, 0, rows);
      recordTokenLogprobBackward(recorder, all, 0, rows);
    },
    async (read) => (await read('logits')).map((p, i) => (i % columns === 0 ? p + 1 : p)),
  );
}

export interface Heads {
  readonly length: number;
  readonly heads: number;
  readonly headDim: number;
  /** Each [length, heads, headDim] */
  readonly q: Float32Array<ArrayBuffer>;
  readonly k: Float32Array<ArrayBuffer>;
  readonly v: Float32Array<ArrayBuffer>;
  readonly dO: Float32Array<ArrayBuffer>;
  readonly backward: boolean;
}

/** [length, width] three times, as [length, 3 width], and back. */
function sideBySide(parts: readonly Float32Array[], width: number): Float32Array<ArrayBuffer> {
  const out = new Float32Array(parts.reduce((sum, part) => sum + part.length, 0));
  const stride = parts.length * width;
  parts.forEach((part, p) => {
    for (let i = 0; i < part.length; i++) {
      out[Math.floor(i / width) * stride + p * width + (i % width)] = part[i];
    }
  });
  return out;
}

function apart(x: Float32Array, parts: number, width: number): Float32Array {
  const out = new Float32Array(x.length);
  const each = x.length / parts;
  for (let i = 0; i < x.length; i++) {
    const column = i % (parts * width);
    const row = Math.floor(i / (parts * width));
    out[Math.floor(column / width) * each + row * width + (column % width)] = x[i];
  }
  return out;
}

/** Causal attention of one sequence. The result is the output, or the gradients of q, k and v one after the other. */
export function ourAttention(gpu: Gpu, x: Heads): Promise<Running> {
  const { length, heads, headDim, q, k, v, dO, backward } = x;
  const width = heads * headDim;
  const shape = { rows: length, heads, kvHeads: heads, headDim, meanKeys: length / 2 };
  const qkv = sideBySide([q, k, v], width);
  return prepared(
    gpu,
    {
      ...{ spans: spansOf([length]), qkv, o: q.length, lse: length * heads, dO },
      ...(backward && { delta: length * heads, dQkv: qkv.length }),
    },
    (recorder, at) => {
      const forward = { ...shape, spans: at('spans'), qkv: at('qkv'), o: at('o'), lse: at('lse') };
      recordAttentionForward(recorder, forward);
      if (!backward) return;
      const gradients = { dO: at('dO'), delta: at('delta'), dQkv: at('dQkv') };
      recordAttentionBackward(recorder, { ...forward, ...gradients });
    },
    async (read) => (backward ? apart(await read('dQkv'), 3, width) : read('o')),
  );
}
