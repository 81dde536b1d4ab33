/**
 * The description of a model, under the names of Hugging Face's config.json, and how that file is read. Only what the kernels
 * really compute is accepted: an option that would change the mathematics (RoPE scaling, sliding windows, other activations)
 * is refused by name instead of being ignored.
 */
import { type BatonError, badFile } from '../errors.ts';
import { isShallow } from '../untrusted.ts';

/** A decoder of the Llama family. Field names and meanings are those of `LlamaConfig` and `Qwen2Config`. */
export interface ModelConfig {
  /** `qwen2` is Llama with biases on q, k and v. */
  readonly model_type: 'llama' | 'qwen2';
  readonly vocab_size: number;
  readonly hidden_size: number;
  readonly num_hidden_layers: number;
  readonly num_attention_heads: number;
  readonly num_key_value_heads: number;
  readonly head_dim: number;
  readonly intermediate_size: number;
  readonly rms_norm_eps: number;
  readonly rope_theta: number;
  readonly max_position_embeddings: number;
  readonly tie_word_embeddings: boolean;
  /** Llama only: biases on q, k, v and o. */
  readonly attention_bias: boolean;
  readonly bos_token_id: number | null;
  readonly eos_token_id: number | null;
  readonly pad_token_id: number | null;
}

/** Whether q, k and v have biases. */
export function hasQkvBias(config: ModelConfig): boolean {
  return config.model_type === 'qwen2' || config.attention_bias;
}

/** Whether the attention's output projection has a bias (Llama with `attention_bias`; never Qwen2). */
export function hasOutputBias(config: ModelConfig): boolean {
  return config.model_type === 'llama' && config.attention_bias;
}

const REMEDY =
  'Nothing was loaded. Choose a Llama or Qwen2 model without these options, or correct config.json.';

type Json = Readonly<Record<string, unknown>>;

/** Reads typed values from one JSON object; every failure names the key. */
class Reader {
  private readonly json: Json;
  private readonly where: string;

  constructor(json: unknown, where: string) {
    if (typeof json !== 'object' || json === null || Array.isArray(json)) {
      throw badFile(where, `${where} is not a JSON object`, REMEDY);
    }
    if (!isShallow(json)) throw badFile(where, `${where} is nested too deeply`, REMEDY);
    this.json = json as Json;
    this.where = where;
  }

  fail(key: string, why: string): BatonError {
    return badFile(`${this.where}.${key}`, `${this.where}: ${key} ${why}`, REMEDY);
  }

  /** The own value of a key; null counts as absent, as in Hugging Face's configs. */
  get(key: string): unknown {
    return Object.hasOwn(this.json, key) ? (this.json[key] ?? undefined) : undefined;
  }

  number(key: string, low: number, high: number, fallback?: number): number {
    const value = this.get(key) ?? fallback;
    if (value === undefined) throw this.fail(key, 'is missing');
    if (typeof value !== 'number' || !Number.isFinite(value)) {
      throw this.fail(key, `must be a number, not ${shown(value)}`);
    }
    if (value < low || value > high) {
      throw this.fail(key, `must be between ${low} and ${high}, not ${value}`);
    }
    return value;
  }

  integer(key: string, low: number, high: number, fallback?: number): number {
    const value = this.number(key, low, high, fallback);
    if (!Number.isInteger(value)) throw this.fail(key, `must be a whole number, not ${value}`);
    return value;
  }

  boolean(key: string, fallback: boolean): boolean {
    const value = this.get(key) ?? fallback;
    if (typeof value !== 'boolean')
      throw this.fail(key, `must be true or false, not ${shown(value)}`);
    return value;
  }

  /** Refuses a key unless its value is one of `allowed`, absent or null. */
  only(key: string, allowed: readonly unknown[], why: string): void {
    const value = this.get(key);
    if (value !== undefined && !allowed.includes(value)) {
      throw this.fail(key, `is ${shown(value)}: ${why}`);
    }
  }

  /** A token id below the vocabulary size, or null. A list of one id is accepted. */
  token(key: string, vocabulary: number): number | null {
    const raw = this.get(key);
    const value = Array.isArray(raw) && raw.length === 1 ? raw[0] : raw;
    if (value === undefined) return null;
    if (Array.isArray(value)) throw this.fail(key, 'lists several tokens; one is supported');
    if (typeof value !== 'number' || !Number.isInteger(value)) {
      throw this.fail(key, `must be a token id, not ${shown(value)}`);
    }
    // Some published configs write -1 for "none".
    if (value === -1) return null;
    if (value < 0 || value >= vocabulary) {
      throw this.fail(key, `is ${value}, outside the vocabulary of ${vocabulary}`);
    }
    return value;
  }
}

/** A value as text for an error message, cut short. */
function shown(value: unknown): string {
  const text = typeof value === 'string' ? JSON.stringify(value) : (JSON.stringify(value) ?? '');
  return text.length > 40 ? `${text.slice(0, 40)}…` : text;
}

function refuseUnsupported(reader: Reader): void {
  reader.only('hidden_act', ['silu', 'swish'], 'only silu (SwiGLU) is supported');
  reader.only('mlp_bias', [false], 'biases in the MLP are not supported');
  reader.only('rope_scaling', [], 'scaled rotary embeddings are not supported');
  reader.only('partial_rotary_factor', [1], 'partly rotated heads are not supported');
  reader.only('use_sliding_window', [false], 'sliding-window attention is not supported');
  reader.only('quantization_config', [], 'quantised weights are not supported');
  // Qwen2 writes a window size even where `use_sliding_window` turns it off.
  if (reader.get('use_sliding_window') === undefined) {
    reader.only('sliding_window', [], 'sliding-window attention is not supported');
  }
  const kinds = reader.get('layer_types');
  if (
    kinds !== undefined &&
    !(Array.isArray(kinds) && kinds.every((k) => k === 'full_attention'))
  ) {
    throw reader.fail('layer_types', 'has a kind other than full_attention: not supported');
  }
}

/** `rope_theta` is at the top level or, since transformers 5, in `rope_parameters`. */
function ropeTheta(reader: Reader, where: string): number {
  const nested = reader.get('rope_parameters');
  if (nested === undefined) return reader.number('rope_theta', 1, 1e12, 10000);
  const rope = new Reader(nested, `${where}.rope_parameters`);
  rope.only('rope_type', ['default'], 'scaled rotary embeddings are not supported');
  rope.only('partial_rotary_factor', [1], 'partly rotated heads are not supported');
  return rope.number('rope_theta', 1, 1e12, reader.number('rope_theta', 1, 1e12, 10000));
}

/** Classes of the transformers library whose weights are read: the model type of each, and whether it predicts tokens. */
const ARCHITECTURES: ReadonlyMap<unknown, { type: ModelConfig['model_type']; tokenHead: boolean }> =
  new Map([
    ['LlamaForCausalLM', { type: 'llama', tokenHead: true }],
    ['Qwen2ForCausalLM', { type: 'qwen2', tokenHead: true }],
    ['LlamaForTokenClassification', { type: 'llama', tokenHead: false }],
    ['Qwen2ForTokenClassification', { type: 'qwen2', tokenHead: false }],
  ]);

function architectureOf(reader: Reader) {
  const value = reader.get('architectures');
  return { value, known: ARCHITECTURES.get(Array.isArray(value) ? value[0] : undefined) };
}

/**
 * The model type of a config that does not name it: older and hand-written ones have only `architectures`, or neither.
 * Llama is then assumed; weights of another model are refused later, by the names of their tensors.
 */
function typeOfArchitecture(reader: Reader): unknown {
  const { value, known } = architectureOf(reader);
  if (value === undefined) return 'llama';
  if (known) return known.type;
  const names = [...ARCHITECTURES.keys()].join(', ');
  throw reader.fail('architectures', `is ${shown(value)}; ${names} are supported`);
}

/**
 * Whether a parsed config.json describes a model that predicts tokens; undefined where its `architectures` does not say.
 * @throws BatonError BadFile where it is not a JSON object
 */
export function configTokenHead(json: unknown): boolean | undefined {
  return architectureOf(new Reader(json, 'config.json')).known?.tokenHead;
}

/**
 * Checks a parsed config.json and fills in Hugging Face's defaults. Keys that do not change the mathematics are ignored.
 * @param where the name used in errors: `config.json`, or the object's place in a recipe.
 * @throws BatonError BadFile whose field is `<where>.<key>`: missing, of the wrong type, out of range, or unsupported.
 */
export function parseModelConfig(json: unknown, where = 'config.json'): ModelConfig {
  const reader = new Reader(json, where);
  const type = reader.get('model_type') ?? typeOfArchitecture(reader);
  if (type !== 'llama' && type !== 'qwen2') {
    throw reader.fail('model_type', `is ${shown(type)}; llama and qwen2 are supported`);
  }
  refuseUnsupported(reader);

  const hidden = reader.integer('hidden_size', 4, 16384);
  const heads = reader.integer('num_attention_heads', 1, 256);
  const kvHeads = reader.integer('num_key_value_heads', 1, 256, heads);
  if (heads % kvHeads !== 0) {
    throw reader.fail(
      'num_attention_heads',
      `${heads} is not a multiple of ${kvHeads} key-value heads`,
    );
  }
  if (reader.get('head_dim') === undefined && hidden % heads !== 0) {
    throw reader.fail('hidden_size', `${hidden} is not divisible by ${heads} attention heads`);
  }
  const headDim = reader.integer('head_dim', 1, 16384, hidden / heads);
  const intermediate = reader.integer('intermediate_size', 4, 131072);
  for (const [key, value] of [
    ['hidden_size', hidden],
    ['head_dim', headDim],
    ['intermediate_size', intermediate],
  ] as const) {
    if (value % 4 !== 0) {
      throw reader.fail(
        key,
        `is ${value}: the kernels read four numbers at a time, so it must be a multiple of 4`,
      );
    }
  }
  if (headDim > 128) {
    throw reader.fail(
      'head_dim',
      `is ${headDim}: the attention kernels hold a head in registers, at most 128`,
    );
  }
  const vocabulary = reader.integer('vocab_size', 2, 1_000_000);
  return {
    model_type: type,
    vocab_size: vocabulary,
    hidden_size: hidden,
    num_hidden_layers: reader.integer('num_hidden_layers', 1, 128),
    num_attention_heads: heads,
    num_key_value_heads: kvHeads,
    head_dim: headDim,
    intermediate_size: intermediate,
    rms_norm_eps: reader.number('rms_norm_eps', 1e-12, 0.1, 1e-6),
    rope_theta: ropeTheta(reader, where),
    max_position_embeddings: reader.integer('max_position_embeddings', 1, 10_000_000, 2048),
    tie_word_embeddings: reader.boolean('tie_word_embeddings', false),
    attention_bias: reader.boolean('attention_bias', false),
    bos_token_id: reader.token('bos_token_id', vocabulary),
    eos_token_id: reader.token('eos_token_id', vocabulary),
    pad_token_id: reader.token('pad_token_id', vocabulary),
  };
}

/** The config.json of a model, as transformers reads it. The text form is `JSON.stringify(x, null, 2)`. */
export function modelConfigJson(config: ModelConfig): Readonly<Record<string, unknown>> {
  return {
    architectures: [config.model_type === 'qwen2' ? 'Qwen2ForCausalLM' : 'LlamaForCausalLM'],
    ...config,
    hidden_act: 'silu',
    torch_dtype: 'float32',
  };
}
