import { describe, expect, it } from 'vitest';
import { parseModelConfig } from './config.ts';
import { initialiseParameters } from './initialise.ts';
import { parameterLayout } from './parameters.ts';

const layout = parameterLayout(
  parseModelConfig({
    model_type: 'qwen2',
    vocab_size: 101,
    hidden_size: 64,
    num_hidden_layers: 2,
    num_attention_heads: 4,
    intermediate_size: 128,
  }),
);
const flat = initialiseParameters(layout, 7);
const values = (name: string, of = flat) => {
  const tensor = layout.tensors.find((t) => t.name === name);
  if (!tensor) throw new Error(`no tensor ${name}`);
  return of.subarray(tensor.offset, tensor.offset + tensor.size);
};

function moments(x: Float32Array): { mean: number; deviation: number; kurtosis: number } {
  const mean = x.reduce((a, b) => a + b, 0) / x.length;
  const power = (p: number) => x.reduce((a, b) => a + (b - mean) ** p, 0) / x.length;
  return { mean, deviation: Math.sqrt(power(2)), kurtosis: power(4) / power(2) ** 2 };
}

describe('initialiseParameters', () => {
  it('gives the same bytes for the same seed, and others for another, also beyond 32 bits', () => {
    expect(initialiseParameters(layout, 7)).toEqual(flat);
    expect(initialiseParameters(layout, 8)).not.toEqual(flat);
    expect(initialiseParameters(layout, 7 + 2 ** 32)).not.toEqual(flat);
  });

  it.each([
    ['model.embed_tokens.weight', 0.02],
    ['model.layers.0.self_attn.q_proj.weight', 0.02],
    ['model.layers.1.mlp.gate_proj.weight', 0.02],
    ['model.layers.1.self_attn.o_proj.weight', 0.01],
    ['model.layers.0.mlp.down_proj.weight', 0.01],
  ])('draws %s from a normal distribution of deviation %d', (name, deviation) => {
    const x = values(name);
    const found = moments(x);
    // Five standard errors of each estimate.
    expect(Math.abs(found.mean)).toBeLessThan((5 * deviation) / Math.sqrt(x.length));
    expect(Math.abs(found.deviation / deviation - 1)).toBeLessThan(5 / Math.sqrt(2 * x.length));
    expect(Math.abs(found.kurtosis - 3)).toBeLessThan(5 * Math.sqrt(24 / x.length));
  });

  it('gives tensors of equal shape different values', () => {
    const q = values('model.layers.0.self_attn.q_proj.weight');
    const other = values('model.layers.1.self_attn.q_proj.weight');
    const correlation = q.reduce((sum, x, i) => sum + x * other[i], 0) / (q.length * 0.02 ** 2);
    expect(Math.abs(correlation)).toBeLessThan(5 / Math.sqrt(q.length));
  });

  it('sets norm gains to 1, biases and padding to 0', () => {
    expect(values('model.norm.weight').every((x) => x === 1)).toBe(true);
    expect(values('model.layers.1.input_layernorm.weight').every((x) => x === 1)).toBe(true);
    expect(values('model.layers.1.self_attn.k_proj.bias').every((x) => x === 0)).toBe(true);
    const rest = flat.slice();
    for (const { offset, size } of layout.tensors) rest.fill(0, offset, offset + size);
    expect(rest.every((x) => x === 0)).toBe(true);
  });

  it.each([-1, 0.5, 2 ** 53, Number.NaN])('refuses %d as a seed', (seed) => {
    expect(() => initialiseParameters(layout, seed)).toThrow(RangeError);
  });
});
