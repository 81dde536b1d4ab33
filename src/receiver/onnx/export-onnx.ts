/**
 * A model as one .onnx file that any ONNX runtime takes: a decoder with a KV cache, under the names that Optimum gives and
 * transformers.js asks for.
 *
 *   input_ids, position_ids [batch, sequence] and attention_mask [batch, past + sequence], int64;
 *   past_key_values.N.key and .value [batch, kv_heads, past, head_dim]
 *   -> logits [batch, sequence, vocab_size], or [batch, sequence, 1] of a model with a scalar head; present.N.key and .value [batch, kv_heads, past + sequence, head_dim]
 *
 * Keys in the cache are already rotated. A query attends to a key if the key's attention_mask is 1 and the key is not later than the
 * query, so shorter rows are padded on the left. Only plain operations of opset 17 are used, in patterns that runtimes can fuse
 * (RMSNorm as Pow, ReduceMean, Sqrt, Div; matrices stored [in, out]).
 */
import { badConfig } from '../../errors.ts';
import { ropeTable } from '../../kernels/rope/rope.ts';
import type { LayerParameters, Matrix, ParameterLayout } from '../../model/parameters.ts';
import type { ScalarWeights } from '../../model/weights.ts';
import { floatData, GraphBuilder, transposedData } from './graph-builder.ts';
import { encodeModel, type ModelSpec } from './model-proto.ts';

/** Version of the default operator set. Every runtime since 2022 reads 17. */
export const ONNX_OPSET = 17;
/** The file format's version that belongs to it. */
const IR_VERSION = 8;
/** Added to the score of a masked key: its weight becomes exactly 0, and a row without keys stays finite. */
const UNSEEN = -1e30;

export interface OnnxExport {
  readonly layout: ParameterLayout;
  /** The flat parameters of that layout. */
  readonly parameters: Float32Array;
  /** A scalar head, which then stands in place of the token head: one logit per token. */
  readonly scalar?: ScalarWeights | null;
}

export interface OnnxExportOptions {
  /** SHA-256 of the model.safetensors that the weights come from, hex; written to the metadata. */
  readonly sourceHash?: string;
  /** Version of Baton for the file's producer. */
  readonly version?: string;
}

/** Values that all layers share. */
interface Shared {
  readonly g: GraphBuilder;
  readonly model: OnnxExport;
  /** [batch, 1, sequence, head_dim] each; the first half of the sines is negative. */
  readonly cos: string;
  readonly sin: string;
  /** [batch, 1, sequence, past + sequence], 0 or `UNSEEN`. */
  readonly mask: string;
}

function slice({ parameters }: OnnxExport, { offset, size }: Matrix): Float32Array {
  return parameters.subarray(offset, offset + size);
}

/** x [.., in] times a matrix that is stored as [out, in]. */
function linear(shared: Shared, x: string, name: string, matrix: Matrix, bias?: Matrix): string {
  const { g, model } = shared;
  const { rows, cols } = matrix;
  const data = transposedData(slice(model, matrix), rows, cols);
  const y = g.op('MatMul', [x, g.weight(`${name}.weight`, [cols, rows], data)]);
  if (!bias) return y;
  return g.op('Add', [y, g.weight(`${name}.bias`, [rows], floatData(slice(model, bias)))]);
}

/** x / sqrt(mean(x^2) + eps) * gain over the last axis. */
function rmsNorm({ g, model }: Shared, x: string, name: string, gain: Matrix): string {
  const eps = g.float(model.layout.config.rms_norm_eps);
  const squares = g.op('Pow', [x, g.float(2)]);
  const mean = g.op('ReduceMean', [squares], { axes: [-1], keepdims: 1 });
  const root = g.op('Sqrt', [g.op('Add', [mean, eps])]);
  const weight = g.weight(`${name}.weight`, [gain.size], floatData(slice(model, gain)));
  return g.op('Mul', [g.op('Div', [x, root]), weight]);
}

/** Rotates heads [batch, heads, sequence, head_dim] by their positions; element i pairs with i + head_dim / 2. @see kernels/rope */
function rotate({ g, model, cos, sin }: Shared, x: string): string {
  const half = model.layout.config.head_dim / 2;
  const [first, second] = g.ops('Split', [x, g.ints(half, half)], 2, { axis: -1 });
  const swapped = g.op('Concat', [second, first], { axis: -1 });
  return g.op('Add', [g.op('Mul', [x, cos]), g.op('Mul', [swapped, sin])]);
}

/** @param n index of the layer @param x [batch, sequence, hidden], normalised */
function attention(shared: Shared, n: number, layer: LayerParameters, x: string): string {
  const { g, model } = shared;
  const {
    num_attention_heads: heads,
    num_key_value_heads: kv,
    head_dim: dim,
  } = model.layout.config;
  const name = `model.layers.${n}.self_attn`;
  const qkv = linear(shared, x, `${name}.qkv_proj`, layer.qkv, layer.qkvBias);
  const split = g.op('Reshape', [qkv, g.ints(0, 0, heads + 2 * kv, dim)]);
  const byHead = g.op('Transpose', [split], { perm: [0, 2, 1, 3] });
  const [qk, v] = g.ops('Split', [byHead, g.ints(heads + kv, kv)], 2, { axis: 1 });
  const [q, k] = g.ops('Split', [rotate(shared, qk), g.ints(heads, kv)], 2, { axis: 1 });

  const past = (what: string) => {
    const given = `past_key_values.${n}.${what}`;
    return g.input(given, 'float32', ['batch_size', kv, 'past_sequence_length', dim]);
  };
  const present = (what: string, now: string) => {
    const named = `present.${n}.${what}`;
    g.output(named, 'float32', ['batch_size', kv, 'total_sequence_length', dim]);
    return g.op('Concat', [past(what), now], { axis: 2 }, named);
  };
  const keys = g.op('Transpose', [present('key', k)], { perm: [0, 1, 3, 2] });
  const values = present('value', v);

  // Queries that share a key-value head are adjacent, so they are rows of one matrix and no key is copied.
  const grouped = (y: string) => (heads === kv ? y : g.op('Reshape', [y, g.ints(0, kv, -1, dim)]));
  const perKv = (y: string) => (heads === kv ? y : g.op('Reshape', [y, g.ints(0, kv, -1, 0)]));
  const perHead = (y: string) => (heads === kv ? y : g.op('Reshape', [y, g.ints(0, heads, -1, 0)]));
  const scores = g.op('Mul', [g.op('MatMul', [grouped(q), keys]), g.float(1 / Math.sqrt(dim))]);
  const seen = g.op('Add', [perHead(scores), shared.mask]);
  const weights = perKv(g.op('Softmax', [seen], { axis: -1 }));
  const mixed = perHead(g.op('MatMul', [weights, values]));
  const rows = g.op('Transpose', [mixed], { perm: [0, 2, 1, 3] });
  const joined = g.op('Reshape', [rows, g.ints(0, 0, heads * dim)]);
  return linear(shared, joined, `${name}.o_proj`, layer.o, layer.oBias);
}

/** down(silu(gate) * up) */
function mlp(shared: Shared, n: number, layer: LayerParameters, x: string): string {
  const { g, model } = shared;
  const { intermediate_size: inner } = model.layout.config;
  const name = `model.layers.${n}.mlp`;
  const both = linear(shared, x, `${name}.gate_up_proj`, layer.gateUp);
  const [gate, up] = g.ops('Split', [both, g.ints(inner, inner)], 2, { axis: -1 });
  const silu = g.op('Mul', [gate, g.op('Sigmoid', [gate])]);
  return linear(shared, g.op('Mul', [silu, up]), `${name}.down_proj`, layer.down);
}

/** Cosines and signed sines of the rows' positions, from a table computed in float64. */
function rotation(g: GraphBuilder, model: OnnxExport, positions: string) {
  const { head_dim: dim, max_position_embeddings: count, rope_theta: theta } = model.layout.config;
  const half = dim / 2;
  const table = ropeTable(count, dim, theta);
  const cos = new Float32Array(count * dim);
  const sin = new Float32Array(count * dim);
  for (let p = 0; p < count; p++) {
    for (let i = 0; i < half; i++) {
      const at = 2 * (p * half + i);
      cos[p * dim + i] = table[at];
      cos[p * dim + half + i] = table[at];
      sin[p * dim + i] = -table[at + 1];
      sin[p * dim + half + i] = table[at + 1];
    }
  }
  const rows = (name: string, data: Float32Array) => {
    const all = g.weight(name, [count, dim], floatData(data));
    return g.op('Unsqueeze', [g.op('Gather', [all, positions], { axis: 0 }), g.ints(1)]);
  };
  return { cos: rows('rope.cos', cos), sin: rows('rope.sin', sin) };
}

/** The mask added to scores: 0 if the key is a token and not later than the query, else `UNSEEN`. */
function maskOf(g: GraphBuilder, ids: string, attentionMask: string): string {
  const length = (x: string) => g.op('Gather', [g.op('Shape', [x]), g.int(1)], { axis: 0 });
  const total = length(attentionMask);
  const past = g.op('Sub', [total, length(ids)]);
  const keys = g.op('Range', [g.int(0), total, g.int(1)]);
  const queries = g.op('Unsqueeze', [g.op('Range', [past, total, g.int(1)]), g.ints(1)]);
  const causal = g.op('LessOrEqual', [keys, queries]);
  const real = g.op('Greater', [attentionMask, g.int(0)]);
  const seen = g.op('And', [g.op('Unsqueeze', [real, g.ints(1, 2)]), causal]);
  return g.op('Where', [seen, g.float(0), g.float(UNSEEN)]);
}

/** Most positions for which a file holds the table of rotations. */
const MAX_POSITIONS = 2 ** 18;

/**
 * The bytes of the .onnx file of a model; equal input gives equal bytes.
 * @throws BadConfig if the file would be longer than the format allows (2 GiB)
 */
export function exportOnnx(
  model: OnnxExport,
  options: OnnxExportOptions = {},
): Uint8Array<ArrayBuffer> {
  return encodeModel(onnxModel(model, options));
}

/** What `exportOnnx` writes, before it becomes bytes; its graph has the names and shapes of inputs and outputs. */
export function onnxModel(
  model: OnnxExport,
  { sourceHash, version = '' }: OnnxExportOptions = {},
): ModelSpec {
  const { layout, scalar } = model;
  const { config } = layout;
  const { max_position_embeddings: positions } = config;
  const total = 4 * (layout.parameters + 2 * positions * config.head_dim);
  if (positions > MAX_POSITIONS || total > 2 ** 31 - 2 ** 20) {
    throw badConfig(
      'max_position_embeddings',
      `The file would have ${total} bytes for ${positions} positions; an .onnx file holds 2 GiB, and Baton writes at most ${MAX_POSITIONS} positions`,
      'Nothing was written. Lower max_position_embeddings in config.json, or take a smaller model.',
    );
  }
  const g = new GraphBuilder();
  g.scope('model');
  const ids = g.input('input_ids', 'int64', ['batch_size', 'sequence_length']);
  const attended = g.input('attention_mask', 'int64', ['batch_size', 'total_sequence_length']);
  const places = g.input('position_ids', 'int64', ['batch_size', 'sequence_length']);
  g.output('logits', 'float32', ['batch_size', 'sequence_length', scalar ? 1 : config.vocab_size]);

  const shared: Shared = {
    g,
    model,
    ...rotation(g, model, places),
    mask: maskOf(g, ids, attended),
  };
  const { embed, lmHead } = layout;
  const table = g.weight(
    'model.embed_tokens.weight',
    [embed.rows, embed.cols],
    floatData(slice(model, embed)),
  );
  let x = g.op('Gather', [table, ids], { axis: 0 });
  layout.layers.forEach((layer, n) => {
    const name = `model.layers.${n}`;
    g.scope(name);
    const normed = rmsNorm(shared, x, `${name}.input_layernorm`, layer.inputNorm);
    const middle = g.op('Add', [x, attention(shared, n, layer, normed)]);
    const second = rmsNorm(shared, middle, `${name}.post_attention_layernorm`, layer.postNorm);
    x = g.op('Add', [middle, mlp(shared, n, layer, second)]);
  });
  g.scope('head');
  const last = rmsNorm(shared, x, 'model.norm', layout.finalNorm);
  if (scalar) {
    const width = config.hidden_size;
    const weight = g.weight('score.weight', [width, 1], floatData(scalar.head.subarray(0, width)));
    const bias = g.weight('score.bias', [1], floatData(scalar.head.subarray(width, width + 1)));
    g.op('Add', [g.op('MatMul', [last, weight]), bias], {}, 'logits');
  } else if (lmHead === embed) {
    // The embedding is stored once. A runtime transposes it when it loads the file, or multiplies by it as it is.
    g.op('MatMul', [last, g.op('Transpose', [table], { perm: [1, 0] })], {}, 'logits');
  } else {
    const data = transposedData(slice(model, lmHead), lmHead.rows, lmHead.cols);
    g.op(
      'MatMul',
      [last, g.weight('lm_head.weight', [lmHead.cols, lmHead.rows], data)],
      {},
      'logits',
    );
  }
  return {
    irVersion: IR_VERSION,
    opset: ONNX_OPSET,
    producer: 'baton',
    producerVersion: version,
    description: scalar
      ? 'A reward model: a decoder with a KV cache that gives one logit per token.'
      : 'A decoder with a KV cache, in the layout of Optimum and transformers.js.',
    metadata: [
      ['model_type', config.model_type],
      ['weights_layout', 'float32, matrices [in, out]'],
      ...(sourceHash === undefined ? [] : [['source_sha256', sourceHash] as const]),
    ],
    graph: g.graph(config.model_type),
  };
}
