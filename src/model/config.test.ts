import { describe, expect, it } from 'vitest';
import { BatonError } from '../errors.ts';
import { hasOutputBias, hasQkvBias, modelConfigJson, parseModelConfig } from './config.ts';

const nano = {
  model_type: 'llama',
  vocab_size: 64,
  hidden_size: 64,
  num_hidden_layers: 4,
  num_attention_heads: 4,
  num_key_value_heads: 2,
  intermediate_size: 176,
  rope_theta: 10000,
  bos_token_id: 1,
  eos_token_id: 2,
};

function failure(json: unknown): BatonError {
  try {
    parseModelConfig(json);
  } catch (error) {
    if (error instanceof BatonError) return error;
    throw error;
  }
  throw new Error('the config was accepted');
}

describe('parseModelConfig', () => {
  it("fills in Hugging Face's defaults", () => {
    const { num_key_value_heads: _, rope_theta: __, ...rest } = nano;
    expect(parseModelConfig(rest)).toEqual({
      ...rest,
      num_key_value_heads: 4,
      head_dim: 16,
      rms_norm_eps: 1e-6,
      rope_theta: 10000,
      max_position_embeddings: 2048,
      tie_word_embeddings: false,
      attention_bias: false,
      pad_token_id: null,
    });
  });

  it('reads back what modelConfigJson writes', () => {
    for (const json of [
      nano,
      { ...nano, model_type: 'qwen2' },
      { ...nano, attention_bias: true },
    ]) {
      const config = parseModelConfig(json);
      const text = JSON.stringify(modelConfigJson(config));
      expect(parseModelConfig(JSON.parse(text))).toEqual(config);
    }
  });

  it('gives qwen2 biases on q, k and v only, and llama on all four by attention_bias', () => {
    const biases = (json: object) => {
      const config = parseModelConfig({ ...nano, ...json });
      return [hasQkvBias(config), hasOutputBias(config)];
    };
    expect(biases({})).toEqual([false, false]);
    expect(biases({ attention_bias: true })).toEqual([true, true]);
    expect(biases({ model_type: 'qwen2' })).toEqual([true, false]);
    expect(biases({ model_type: 'qwen2', attention_bias: true })).toEqual([true, false]);
  });

  it('reads rope_theta where transformers 5 puts it', () => {
    const { rope_theta: _, ...rest } = nano;
    const rope = { rope_type: 'default', rope_theta: 5e5 };
    expect(parseModelConfig({ ...rest, rope_parameters: rope }).rope_theta).toBe(5e5);
    const yarn = { rope_type: 'yarn', rope_theta: 5e5 };
    expect(failure({ ...rest, rope_parameters: yarn }).field).toBe(
      'config.json.rope_parameters.rope_type',
    );
  });

  it('accepts options that are written but turned off, as published configs do', () => {
    const published = {
      ...nano,
      model_type: 'qwen2',
      sliding_window: 32768,
      use_sliding_window: false,
      rope_scaling: null,
      hidden_act: 'silu',
      eos_token_id: [2],
      layer_types: ['full_attention', 'full_attention'],
      torch_dtype: 'bfloat16',
    };
    expect(parseModelConfig(published).eos_token_id).toBe(2);
  });

  it.each([
    ['model_type', 'gpt2', 'llama and qwen2'],
    ['hidden_size', undefined, 'missing'],
    ['hidden_size', '64', 'must be a number'],
    ['hidden_size', 64.5, 'whole number'],
    ['hidden_size', -64, 'between'],
    ['hidden_size', 2 ** 40, 'between'],
    ['hidden_size', 62, 'not divisible'],
    ['num_attention_heads', 5, 'not a multiple'],
    ['num_hidden_layers', 0, 'between'],
    ['num_hidden_layers', 1e9, 'between'],
    ['intermediate_size', 174, 'multiple of 4'],
    ['head_dim', 18, 'multiple of 4'],
    ['head_dim', 132, 'at most 128'],
    ['vocab_size', 1, 'between'],
    ['rms_norm_eps', 0, 'between'],
    ['tie_word_embeddings', 'yes', 'true or false'],
    ['eos_token_id', 64, 'outside the vocabulary'],
    ['eos_token_id', [1, 2], 'several'],
    ['hidden_act', 'gelu', 'only silu'],
    ['mlp_bias', true, 'not supported'],
    ['rope_scaling', { type: 'linear', factor: 2 }, 'not supported'],
    ['sliding_window', 128, 'not supported'],
    ['use_sliding_window', true, 'not supported'],
    ['layer_types', ['sliding_attention'], 'not supported'],
    ['quantization_config', { bits: 4 }, 'not supported'],
    ['partial_rotary_factor', 0.5, 'not supported'],
  ])('refuses %s = %j, naming it', (key, value, reason) => {
    const error = failure({ ...nano, [key]: value });
    expect(error.kind).toBe('BadFile');
    expect(error.field).toBe(`config.json.${key}`);
    expect(error.message).toContain(reason);
  });

  it('takes the model type from the architecture where it is not named, and else for Llama', () => {
    const typeOf = (more: object) =>
      parseModelConfig({ ...nano, model_type: undefined, ...more }).model_type;
    expect(typeOf({})).toBe('llama');
    expect(typeOf({ architectures: ['LlamaForCausalLM'] })).toBe('llama');
    expect(typeOf({ architectures: ['Qwen2ForCausalLM'] })).toBe('qwen2');
    for (const architectures of [['GPT2LMHeadModel'], [], 'LlamaForCausalLM', [null]]) {
      const error = failure({ ...nano, model_type: undefined, architectures });
      expect(error.field).toBe('config.json.architectures');
    }
  });

  it.each([null, undefined, 7, 'llama', [nano]])('refuses %j, which is not an object', (json) => {
    expect(failure(json).message).toContain('not a JSON object');
  });

  it('reads own keys only', () => {
    expect(failure(Object.create(nano)).message).toContain('hidden_size is missing');
  });
});
