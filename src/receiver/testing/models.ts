/** Models for the tests of receivers: random ones of many shapes, and bundled ones. */
import { readFileSync } from 'node:fs';
import { parseModelConfig } from '../../model/config.ts';
import { initialiseParameters } from '../../model/initialise.ts';
import { type FileReader, type LoadedModel, loadModelFolder } from '../../model/load.ts';
import { type ParameterLayout, parameterLayout } from '../../model/parameters.ts';

/** Two layers, eight heads of width eight, and a vocabulary that is not a multiple of four. */
const SMALL = {
  model_type: 'llama',
  vocab_size: 61,
  hidden_size: 32,
  num_hidden_layers: 2,
  num_attention_heads: 4,
  num_key_value_heads: 4,
  intermediate_size: 48,
  max_position_embeddings: 64,
  tie_word_embeddings: true,
  bos_token_id: 1,
  eos_token_id: 2,
  pad_token_id: 0,
};

/** Shapes that differ in details that a graph may get wrong. */
export const SHAPES: Readonly<Record<string, object>> = {
  'tied, one key a query': SMALL,
  'grouped queries': { ...SMALL, num_key_value_heads: 2 },
  'one key-value head, heads wider than the hidden size': {
    ...SMALL,
    num_key_value_heads: 1,
    head_dim: 20,
  },
  untied: { ...SMALL, tie_word_embeddings: false, rms_norm_eps: 1e-4 },
  'llama with attention biases': { ...SMALL, attention_bias: true, num_key_value_heads: 2 },
  'qwen2, another rope_theta': { ...SMALL, model_type: 'qwen2', rope_theta: 1e6 },
};

export interface TestModel {
  readonly layout: ParameterLayout;
  readonly parameters: Float32Array<ArrayBuffer>;
}

/** A random model whose tokens differ in probability, biases and gains included. */
export function randomModel(json: object, seed = 3): TestModel {
  const layout = parameterLayout(parseModelConfig(json));
  const parameters = initialiseParameters(layout, seed);
  for (let i = 0; i < parameters.length; i++) {
    // Gains of 1 and biases of 0, the usual initial values, would hide that a graph leaves them out.
    parameters[i] =
      i < layout.decayEnd ? 6 * parameters[i] : parameters[i] + 0.3 * Math.sin(i * seed);
  }
  return { layout, parameters: parameters as Float32Array<ArrayBuffer> };
}

/** Reads the files of a bundled model. */
export function bundledReader(id: string): FileReader {
  const folder = new URL(`../../../public/models/${id}/`, import.meta.url);
  return async (file) => {
    try {
      return new Uint8Array(readFileSync(new URL(file, folder)));
    } catch {
      return null;
    }
  };
}

export function bundledModel(id: string): Promise<LoadedModel> {
  return loadModelFolder(bundledReader(id));
}
