/**
 * Where every tensor lies in the flat buffer. Parameters, gradients, both moments and the frozen reference share this
 * layout, so the optimiser, the gradient norm and a checkpoint are each one pass over one buffer.
 *
 * Order: all matrices (weight decay), then all norm gains and biases (none), so that decay is a comparison with
 * `decayEnd`. Tensors that are used as one matrix (q, k, v; gate, up) form a group without gaps. A group starts at a
 * multiple of 64 floats (256 bytes, WebGPU's alignment of storage bindings); the padding between groups stays zero.
 */
import { badFile } from '../errors.ts';
import { hasOutputBias, hasQkvBias, type ModelConfig } from './config.ts';

/** Every group starts at a multiple of this many floats. */
export const GROUP_ALIGNMENT = 64;
/** The same for a buffer of halves. @see half-weights.ts */
export const HALF_GROUP_ALIGNMENT = 128;
/** The longest flat buffer that is laid out: 2^28 floats, 1 GiB. */
export const MAX_PARAMETERS = 2 ** 28;

/** One tensor under its Hugging Face name. Offsets and sizes count floats. */
export interface TensorEntry {
  readonly name: string;
  readonly shape: readonly number[];
  readonly offset: number;
  readonly size: number;
  /** Whether AdamW decays it. */
  readonly decay: boolean;
}

/** A matrix in the flat buffer, row-major; a vector has one row. `size` = rows x cols. */
export interface Matrix {
  readonly offset: number;
  readonly rows: number;
  readonly cols: number;
  readonly size: number;
}

/** A run of tensors without gaps that is used as one matrix. */
export interface ParameterGroup extends Matrix {
  /** For example `model.layers.0.self_attn.qkv`. */
  readonly name: string;
  readonly decay: boolean;
  readonly tensors: readonly TensorEntry[];
}

/** The matrices of one layer; weights are [out, in] as in `nn.Linear`. */
export interface LayerParameters {
  /** [hidden] */
  readonly inputNorm: Matrix;
  /** [(Hq + 2 Hkv) D, hidden]: rows of q, then k, then v. */
  readonly qkv: Matrix;
  /** [(Hq + 2 Hkv) D] */
  readonly qkvBias?: Matrix;
  /** [hidden, Hq D] */
  readonly o: Matrix;
  /** [hidden]; only Llama with `attention_bias`. */
  readonly oBias?: Matrix;
  /** [hidden] */
  readonly postNorm: Matrix;
  /** [2 intermediate, hidden]: rows of gate, then up. */
  readonly gateUp: Matrix;
  /** [hidden, intermediate] */
  readonly down: Matrix;
}

export interface ParameterLayout {
  readonly config: ModelConfig;
  /** Floats of the flat buffer, padding included. */
  readonly count: number;
  /** Floats that are parameters, padding excluded: the size of the model. */
  readonly parameters: number;
  /** Floats before this index decay; those from it on do not. */
  readonly decayEnd: number;
  /** In order of offset. */
  readonly tensors: readonly TensorEntry[];
  readonly groups: readonly ParameterGroup[];
  readonly embed: Matrix;
  readonly layers: readonly LayerParameters[];
  readonly finalNorm: Matrix;
  /** Whether the model predicts tokens. */
  readonly tokenHead: boolean;
  /** Equal to `embed` if the embeddings are tied, or if there is no token head. */
  readonly lmHead: Matrix;
}

/** Places groups one after the other, each at an aligned start. */
class Builder {
  readonly groups: ParameterGroup[] = [];
  readonly #alignment: number;
  private end = 0;

  constructor(alignment: number) {
    this.#alignment = alignment;
  }

  /** Where the next group would start. */
  get next(): number {
    return Math.ceil(this.end / this.#alignment) * this.#alignment;
  }

  /**
   * Adds an embedding or output matrix and pads it with zeros to a multiple of 4 rows, so that kernels may read a vocabulary of
   * any size as whole vectors.
   */
  vocabulary(name: string, cols: number, tensor: string, rows: number): Matrix {
    const place = this.add(name, true, cols, [[tensor, rows]]);
    this.end = place.offset + Math.ceil(rows / 4) * 4 * cols;
    return place;
  }

  /** Adds tensors [name, rows] that stack to a matrix of `cols` columns. */
  matrix(name: string, cols: number, parts: readonly (readonly [string, number])[]): Matrix {
    return this.add(name, true, cols, parts);
  }

  /** Adds vectors [name, length] that join to one row. */
  vector(name: string, parts: readonly (readonly [string, number])[]): Matrix {
    return this.add(name, false, undefined, parts);
  }

  private add(
    name: string,
    decay: boolean,
    cols: number | undefined,
    parts: readonly (readonly [string, number])[],
  ): Matrix {
    const offset = this.next;
    let at = offset;
    const tensors = parts.map(([tensor, rows]): TensorEntry => {
      const shape = cols === undefined ? [rows] : [rows, cols];
      const entry = { name: tensor, shape, offset: at, size: rows * (cols ?? 1), decay };
      at += entry.size;
      return entry;
    });
    const total = parts.reduce((sum, [, rows]) => sum + rows, 0);
    const place =
      cols === undefined
        ? { offset, rows: 1, cols: total, size: total }
        : { offset, rows: total, cols, size: total * cols };
    this.groups.push({ name, decay, tensors, ...place });
    this.end = at;
    return place;
  }
}

/**
 * The layout of a model's parameters; the same config always gives the same layout.
 * @param alignment every group starts at a multiple of this many numbers
 * @param tokenHead false for a model that predicts no tokens: it has no output matrix, whatever the config ties
 * @throws BatonError BadFile when the model is larger than `MAX_PARAMETERS`.
 */
export function parameterLayout(
  config: ModelConfig,
  alignment: number = GROUP_ALIGNMENT,
  tokenHead = true,
): ParameterLayout {
  const { hidden_size: hidden, intermediate_size: inner, head_dim: dim } = config;
  const q = config.num_attention_heads * dim;
  const kv = config.num_key_value_heads * dim;
  const build = new Builder(alignment);

  const embedName = 'model.embed_tokens.weight';
  const embed = build.vocabulary('model.embed_tokens', hidden, embedName, config.vocab_size);
  const prefixes = Array.from({ length: config.num_hidden_layers }, (_, i) => `model.layers.${i}`);
  const weights = prefixes.map((p) => ({
    qkv: build.matrix(`${p}.self_attn.qkv`, hidden, [
      [`${p}.self_attn.q_proj.weight`, q],
      [`${p}.self_attn.k_proj.weight`, kv],
      [`${p}.self_attn.v_proj.weight`, kv],
    ]),
    o: build.matrix(`${p}.self_attn.o_proj`, q, [[`${p}.self_attn.o_proj.weight`, hidden]]),
    gateUp: build.matrix(`${p}.mlp.gate_up`, hidden, [
      [`${p}.mlp.gate_proj.weight`, inner],
      [`${p}.mlp.up_proj.weight`, inner],
    ]),
    down: build.matrix(`${p}.mlp.down_proj`, inner, [[`${p}.mlp.down_proj.weight`, hidden]]),
  }));
  const lmHead =
    config.tie_word_embeddings || !tokenHead
      ? embed
      : build.vocabulary('lm_head', hidden, 'lm_head.weight', config.vocab_size);

  const decayEnd = build.next;
  const layers = prefixes.map((p, i): LayerParameters => {
    const inputNorm = build.vector(`${p}.input_layernorm`, [
      [`${p}.input_layernorm.weight`, hidden],
    ]);
    const qkvBias =
      hasQkvBias(config) &&
      build.vector(`${p}.self_attn.qkv_bias`, [
        [`${p}.self_attn.q_proj.bias`, q],
        [`${p}.self_attn.k_proj.bias`, kv],
        [`${p}.self_attn.v_proj.bias`, kv],
      ]);
    const oBias =
      hasOutputBias(config) &&
      build.vector(`${p}.self_attn.o_bias`, [[`${p}.self_attn.o_proj.bias`, hidden]]);
    const postNorm = build.vector(`${p}.post_attention_layernorm`, [
      [`${p}.post_attention_layernorm.weight`, hidden],
    ]);
    return {
      inputNorm,
      postNorm,
      ...weights[i],
      ...(qkvBias && { qkvBias }),
      ...(oBias && { oBias }),
    };
  });
  const finalNorm = build.vector('model.norm', [['model.norm.weight', hidden]]);

  if (build.next > MAX_PARAMETERS) {
    throw badFile(
      'config.json',
      `The model has ${build.next} parameters, more than the ${MAX_PARAMETERS} that fit`,
      'Nothing was loaded. Choose a smaller model.',
    );
  }
  const tensors = build.groups.flatMap((group) => group.tensors);
  return {
    config,
    count: build.next,
    parameters: tensors.reduce((sum, tensor) => sum + tensor.size, 0),
    decayEnd,
    tensors,
    groups: build.groups,
    embed,
    layers,
    finalNorm,
    tokenHead,
    lmHead,
  };
}
