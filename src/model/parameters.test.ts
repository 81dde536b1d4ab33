import { describe, expect, it } from 'vitest';
import { parseModelConfig } from './config.ts';
import { GROUP_ALIGNMENT, type Matrix, parameterLayout } from './parameters.ts';

const base = {
  model_type: 'llama',
  vocab_size: 37,
  hidden_size: 20,
  num_hidden_layers: 2,
  num_attention_heads: 6,
  num_key_value_heads: 2,
  head_dim: 4,
  intermediate_size: 28,
};
const variants = [
  {},
  { tie_word_embeddings: true },
  { model_type: 'qwen2' },
  { attention_bias: true, tie_word_embeddings: true },
];
const layouts = variants.map((v) => parameterLayout(parseModelConfig({ ...base, ...v })));

describe('parameterLayout', () => {
  it.each(layouts)('covers every float once: tensors in order, none overlapping', (layout) => {
    let end = 0;
    for (const tensor of layout.tensors) {
      expect(tensor.offset).toBeGreaterThanOrEqual(end);
      expect(tensor.size).toBe(tensor.shape.reduce((a, b) => a * b, 1));
      end = tensor.offset + tensor.size;
    }
    expect(layout.count).toBe(Math.ceil(end / GROUP_ALIGNMENT) * GROUP_ALIGNMENT);
    expect(layout.groups.flatMap((g) => g.tensors)).toEqual(layout.tensors);
  });

  it.each(layouts)('starts groups at 256 bytes and leaves no gap within one', (layout) => {
    for (const group of layout.groups) {
      expect(group.offset % GROUP_ALIGNMENT).toBe(0);
      let at = group.offset;
      for (const tensor of group.tensors) {
        expect(tensor.offset).toBe(at);
        at += tensor.size;
      }
      expect(at - group.offset).toBe(group.size);
      expect(group.rows * group.cols).toBe(group.size);
    }
  });

  it.each(layouts)('splits decayed matrices from gains and biases at decayEnd', (layout) => {
    for (const { name, shape, offset, decay } of layout.tensors) {
      expect(decay).toBe(shape.length === 2);
      expect(offset < layout.decayEnd).toBe(decay);
      expect(decay).toBe(!name.includes('norm') && !name.endsWith('bias'));
    }
  });

  it('gives the matrices the kernels use, with q, k, v and gate, up stacked', () => {
    const layout = layouts[2];
    const sizes = (m: Matrix | undefined) => m && [m.rows, m.cols];
    const layer = layout.layers[1];
    expect(sizes(layout.embed)).toEqual([37, 20]);
    expect(sizes(layer.qkv)).toEqual([40, 20]);
    expect(sizes(layer.qkvBias)).toEqual([1, 40]);
    expect(sizes(layer.o)).toEqual([20, 24]);
    expect(sizes(layer.oBias)).toBeUndefined();
    expect(sizes(layer.gateUp)).toEqual([56, 20]);
    expect(sizes(layer.down)).toEqual([20, 28]);
    expect(sizes(layer.inputNorm)).toEqual([1, 20]);
    expect(sizes(layout.lmHead)).toEqual([37, 20]);
    const offsetOf = (name: string) => layout.tensors.find((t) => t.name === name)?.offset;
    const at = 'model.layers.1.self_attn';
    expect(offsetOf(`${at}.q_proj.weight`)).toBe(layer.qkv.offset);
    expect(offsetOf(`${at}.k_proj.weight`)).toBe(layer.qkv.offset + 24 * 20);
    expect(offsetOf(`${at}.v_proj.weight`)).toBe(layer.qkv.offset + 32 * 20);
    expect(offsetOf(`${at}.v_proj.bias`)).toBe((layer.qkvBias?.offset ?? 0) + 32);
    expect(offsetOf('model.layers.1.mlp.up_proj.weight')).toBe(layer.gateUp.offset + 28 * 20);
  });

  it('uses the embedding as output head when tied', () => {
    expect(layouts[1].lmHead).toBe(layouts[1].embed);
    expect(layouts[1].tensors.some((t) => t.name === 'lm_head.weight')).toBe(false);
    expect(layouts[0].lmHead).not.toEqual(layouts[0].embed);
  });

  it('counts parameters without padding', () => {
    // The model of the step benchmark: 2 layers, d 64, 4 heads, SwiGLU of 172, vocabulary 64, untied.
    const bench = { ...base, vocab_size: 64, hidden_size: 64, num_attention_heads: 4 };
    const config = { ...bench, num_key_value_heads: 4, head_dim: 16, intermediate_size: 172 };
    const layout = parameterLayout(parseModelConfig(config));
    const perLayer = 4 * 64 * 64 + 3 * 64 * 172 + 2 * 64;
    expect(layout.parameters).toBe(2 * 64 * 64 + 2 * perLayer + 64);
  });

  it('refuses a model that no buffer could hold', () => {
    const config = parseModelConfig({ ...base, hidden_size: 16384, intermediate_size: 131072 });
    expect(() => parameterLayout(config)).toThrow(/more than/);
  });
});
