import { describe, expect, it } from 'vitest';
import { parseModelConfig } from './config.ts';
import { parameterLayout } from './parameters.ts';
import { type FloatTensor, parseSafetensors, writeSafetensors } from './safetensors.ts';
import { checkParameters, loadParameters, nonFiniteTensors, saveParameters } from './weights.ts';

const json = {
  model_type: 'qwen2',
  vocab_size: 11,
  hidden_size: 12,
  num_hidden_layers: 2,
  num_attention_heads: 3,
  num_key_value_heads: 1,
  head_dim: 4,
  intermediate_size: 20,
};
const layout = parameterLayout(parseModelConfig(json));
const tied = parameterLayout(parseModelConfig({ ...json, tie_word_embeddings: true }));

/** A flat buffer whose every parameter is a different number, padding zero. */
function numbered(of = layout): Float32Array {
  const flat = new Float32Array(of.count);
  for (const { offset, size } of of.tensors) {
    for (let i = offset; i < offset + size; i++) flat[i] = i + 1;
  }
  return flat;
}

/** The file of a model with a change to its list of tensors. */
function changed(of: typeof layout, change: (list: FloatTensor[]) => FloatTensor[]) {
  const flat = numbered(of);
  const list = of.tensors.map(({ name, shape, offset, size }) => ({
    name,
    shape,
    data: flat.slice(offset, offset + size),
  }));
  return parseSafetensors(writeSafetensors(change(list)));
}

describe('the weights of a model', () => {
  it('come back from a file as they were, in whatever order the file has them', () => {
    const flat = numbered();
    expect(loadParameters(layout, parseSafetensors(saveParameters(layout, flat)))).toEqual(flat);
    expect(
      loadParameters(
        layout,
        changed(layout, (list) => list.reverse()),
      ),
    ).toEqual(flat);
  });

  it("carry Hugging Face's names and shapes", () => {
    const { tensors } = parseSafetensors(saveParameters(layout, numbered()));
    expect(tensors.get('model.layers.1.self_attn.k_proj.weight')?.shape).toEqual([4, 12]);
    expect(tensors.get('model.layers.1.self_attn.k_proj.bias')?.shape).toEqual([4]);
    expect(tensors.get('model.layers.0.mlp.down_proj.weight')?.shape).toEqual([12, 20]);
    expect(tensors.get('lm_head.weight')?.shape).toEqual([11, 12]);
    expect(tensors.size).toBe(3 + 2 * 12);
  });

  it('are refused when a tensor is missing, unexpected, or of another shape', () => {
    const without = changed(layout, (list) => list.slice(1));
    expect(() => checkParameters(layout, without)).toThrow('model.embed_tokens.weight is missing');
    const extra = { name: 'model.extra', shape: [1], data: new Float32Array(1) };
    const more = changed(layout, (list) => [...list, extra]);
    expect(() => checkParameters(layout, more)).toThrow(
      'model.extra is not a tensor of this model',
    );
    const turned = changed(layout, (list) =>
      list.map((t) => (t.name.includes('1.mlp.down') ? { ...t, shape: [20, 12] } : t)),
    );
    expect(() => checkParameters(layout, turned)).toThrow(
      'model.layers.1.mlp.down_proj.weight has shape [20,12], where config.json means [12,20]',
    );
  });

  it('of a tied model may repeat the embedding as output head, but not differ from it', () => {
    const head = (scale: number) =>
      changed(tied, (list) => {
        return [
          ...list,
          { ...list[0], name: 'lm_head.weight', data: list[0].data.map((x) => x * scale) },
        ];
      });
    expect(loadParameters(tied, head(1))).toEqual(numbered(tied));
    expect(() => checkParameters(tied, head(2))).toThrow('lm_head.weight differs');
  });

  it('of an old checkpoint may come with its rotary tables', () => {
    const table = {
      name: 'model.layers.0.self_attn.rotary_emb.inv_freq',
      shape: [2],
      data: new Float32Array(2),
    };
    expect(
      loadParameters(
        layout,
        changed(layout, (list) => [...list, table]),
      ),
    ).toEqual(numbered());
  });

  it('are searched for values that are not finite', () => {
    const flat = numbered();
    expect(nonFiniteTensors(layout, flat)).toEqual([]);
    flat[layout.layers[1].down.offset + 3] = Number.NaN;
    flat[layout.finalNorm.offset] = Number.POSITIVE_INFINITY;
    expect(nonFiniteTensors(layout, flat)).toEqual([
      { name: 'model.layers.1.mlp.down_proj.weight', count: 1 },
      { name: 'model.norm.weight', count: 1 },
    ]);
  });
});
