import { describe, expect, it } from 'vitest';
import { parseModelConfig } from '../../model/config.ts';
import { parameterLayout } from '../../model/parameters.ts';
import { halfAsWide } from './own-trunk.ts';

const model = (changes: object = {}) =>
  parseModelConfig({
    ...{ model_type: 'llama', vocab_size: 40, hidden_size: 64, num_hidden_layers: 2 },
    ...{ num_attention_heads: 4, intermediate_size: 176, max_position_embeddings: 128 },
    ...changes,
  });

describe('a trunk of its own', () => {
  it('reads what the policy reads with half its width', () => {
    expect(halfAsWide(model())).toEqual({
      ...model(),
      ...{ hidden_size: 32, intermediate_size: 88 },
      ...{ num_attention_heads: 2, num_key_value_heads: 2 },
    });
  });

  it.each([
    { num_attention_heads: 1, hidden_size: 16 },
    { num_attention_heads: 6, num_key_value_heads: 2, hidden_size: 96 },
    { num_attention_heads: 10, num_key_value_heads: 2, hidden_size: 80 },
    { num_attention_heads: 2, hidden_size: 8, intermediate_size: 8 },
  ])('is a model whatever the policy is: %o', (changes) => {
    const config = halfAsWide(model(changes));
    const { num_attention_heads: heads, num_key_value_heads: shared } = config;
    expect(heads % shared).toBe(0);
    expect(parameterLayout(config, undefined, false).config).toEqual(config);
  });
});
