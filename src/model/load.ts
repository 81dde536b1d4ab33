/**
 * Loads a model from an ordinary Hugging Face folder: config.json, model.safetensors and, if text is wanted, tokenizer.json
 * with tokenizer_config.json. Bundled models and the user's own are loaded alike. Everything is checked before the parameters
 * are allocated.
 */
import { badFile } from '../errors.ts';
import { configTokenHead, type ModelConfig, parseModelConfig } from './config.ts';
import { type ParameterLayout, parameterLayout } from './parameters.ts';
import { parseSafetensors, type SafetensorsFile } from './safetensors.ts';
import { loadTokenizer, type Tokenizer } from './tokenizer.ts';
import {
  checkParameters,
  hasScalarHead,
  loadParameters,
  loadScalarHead,
  nonFiniteScalar,
  nonFiniteTensors,
  type ScalarWeights,
} from './weights.ts';

/** Reads a whole file of the folder; null if there is none. */
export type FileReader = (file: string) => Promise<Uint8Array | null>;

export interface LoadedModel {
  readonly config: ModelConfig;
  readonly layout: ParameterLayout;
  /** `layout.count` floats. */
  readonly parameters: Float32Array<ArrayBuffer>;
  /** The scalar head, which gives one number per token, read at the token's own row; null if the model has none. */
  readonly scalar: ScalarWeights | null;
  /** Null if the folder has no tokenizer.json: such a model takes token ids only. */
  readonly tokenizer: Tokenizer | null;
  /** SHA-256 of model.safetensors, hex. */
  readonly hash: string;
  /** Sentences for the log about what is unusual but not wrong. */
  readonly warnings: readonly string[];
}

const CONFIG_BYTES = 2 ** 20;
const TOKENIZER_BYTES = 64 * 2 ** 20;

/** SHA-256 in hex. */
export async function sha256Hex(bytes: Uint8Array): Promise<string> {
  // A view over shared memory cannot be hashed, so its type is ruled out here; file readers give plain buffers.
  const digest = await crypto.subtle.digest('SHA-256', bytes as Uint8Array<ArrayBuffer>);
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** The parsed JSON of a file, or null if there is none. */
async function readJson(read: FileReader, file: string, limit: number): Promise<unknown> {
  const bytes = await read(file);
  if (bytes === null) return null;
  if (bytes.length > limit)
    throw badFile(file, `${file} has ${bytes.length} bytes; at most ${limit}`);
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)) as unknown;
  } catch {
    throw badFile(file, `${file} is not valid JSON`);
  }
}

/**
 * Whether a model predicts tokens. If config.json has `architectures`, that decides: a ForCausalLM class does, a
 * ForTokenClassification class does not. Otherwise a model predicts no tokens if its file has a scalar head, no output matrix and
 * untied embeddings.
 * @throws BatonError BadFile for a scalar head of another class, whose numbers may mean something else
 */
function predictsTokens(json: unknown, config: ModelConfig, file: SafetensorsFile): boolean {
  const scalar = hasScalarHead(file);
  const said = configTokenHead(json);
  if (said === false && !scalar)
    throw badFile('model.safetensors: score.weight', 'model.safetensors: score.weight is missing');
  if (said !== undefined || !scalar) return said ?? true;
  if ((json as { architectures?: unknown }).architectures != null) {
    throw badFile(
      'config.json.architectures',
      'config.json: architectures is of a class whose score.weight is not read; LlamaForTokenClassification and Qwen2ForTokenClassification are supported',
    );
  }
  return config.tie_word_embeddings || file.tensors.has('lm_head.weight');
}

/** Which models the caller can use. */
export interface LoadOptions {
  /** Accepts models with a scalar head; without this they are refused. */
  readonly scalar?: boolean;
}

/**
 * Reads and checks a model folder.
 * @throws BatonError BadFile naming the file, and the part of it that is missing, wrong or not accepted.
 */
export async function loadModelFolder(
  read: FileReader,
  options: LoadOptions = {},
): Promise<LoadedModel> {
  const json = await readJson(read, 'config.json', CONFIG_BYTES);
  if (json === null) throw badFile('config.json', 'The folder has no config.json');
  const config = parseModelConfig(json);
  // Before any other file is read: refuses a model that is too large.
  parameterLayout(config);
  const tokenizerJson = await readJson(read, 'tokenizer.json', TOKENIZER_BYTES);
  const tokenizer =
    tokenizerJson === null
      ? null
      : loadTokenizer(
          tokenizerJson,
          (await readJson(read, 'tokenizer_config.json', TOKENIZER_BYTES)) ?? undefined,
          config,
        );
  if (tokenizer !== null && tokenizer.vocabSize > config.vocab_size) {
    throw badFile(
      'tokenizer.json',
      `tokenizer.json has ids up to ${tokenizer.vocabSize - 1}, the model only ${config.vocab_size} tokens`,
    );
  }
  const bytes = await read('model.safetensors');
  if (bytes === null) {
    throw badFile(
      'model.safetensors',
      'The folder has no model.safetensors',
      'Nothing was loaded. Weights are read from one safetensors file; convert other formats first.',
    );
  }
  const file = parseSafetensors(bytes);
  const tokenHead = predictsTokens(json, config, file);
  if (hasScalarHead(file) && !options.scalar) {
    throw badFile(
      'model.safetensors: score.weight',
      'model.safetensors: score.weight is a scalar head, one number per token, which has no use here',
      'Nothing was loaded. Reward models have such a head, and can be named where one is asked for; choose a model without it here.',
    );
  }
  const layout = parameterLayout(config, undefined, tokenHead);
  checkParameters(layout, file);
  const hash = await sha256Hex(bytes);
  const parameters = loadParameters(layout, file);
  const scalar = loadScalarHead(layout, file);
  const odd = [...nonFiniteTensors(layout, parameters), ...(scalar ? nonFiniteScalar(scalar) : [])];
  const warnings = odd.map(({ name, count }) => `${name} has ${count} values that are not finite`);
  if (
    tokenizer?.eosId != null &&
    config.eos_token_id != null &&
    tokenizer.eosId !== config.eos_token_id
  ) {
    warnings.push(
      `tokenizer_config.json ends a text with token ${tokenizer.eosId}, config.json with ${config.eos_token_id}`,
    );
  }
  return { config, layout, parameters, scalar, tokenizer, hash, warnings };
}
