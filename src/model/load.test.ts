import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { characterTokenizerConfigJson, characterTokenizerJson } from './character-tokenizer.ts';
import { modelConfigJson, parseModelConfig } from './config.ts';
import { initialiseParameters } from './initialise.ts';
import { loadModelFolder } from './load.ts';
import { parameterLayout } from './parameters.ts';
import { writeSafetensors } from './safetensors.ts';
import { saveParameters } from './weights.ts';

const config = parseModelConfig({
  model_type: 'llama',
  vocab_size: 64,
  hidden_size: 16,
  num_hidden_layers: 2,
  num_attention_heads: 2,
  intermediate_size: 24,
  bos_token_id: 1,
  eos_token_id: 2,
});
const layout = parameterLayout(config);
const parameters = initialiseParameters(layout, 3);
const weights = saveParameters(layout, parameters);
const text = (value: unknown) => new TextEncoder().encode(JSON.stringify(value));
const folder: Record<string, Uint8Array> = {
  'config.json': text(modelConfigJson(config)),
  'model.safetensors': weights,
  'tokenizer.json': text(characterTokenizerJson()),
  'tokenizer_config.json': text(characterTokenizerConfigJson(256)),
};

/** A reader of the folder above with some files replaced (null: absent), which remembers what was asked for. */
function reader(changes: Record<string, Uint8Array | null> = {}) {
  const asked: string[] = [];
  const files: Record<string, Uint8Array | null> = { ...folder, ...changes };
  const read = async (file: string) => {
    asked.push(file);
    return files[file] ?? null;
  };
  return { read, asked };
}

describe('loadModelFolder', () => {
  it('gives back the model that was saved, with its hash', async () => {
    const model = await loadModelFolder(reader().read);
    expect(model.config).toEqual(config);
    expect(model.parameters).toEqual(parameters);
    expect(model.hash).toBe(createHash('sha256').update(weights).digest('hex'));
    expect(model.tokenizer?.encode('1+2', { addSpecial: true })).toEqual([1, 4, 13, 5]);
    expect(model.warnings).toEqual([]);
  });

  it('works without a tokenizer, and without tokenizer_config.json by the ids of config.json', async () => {
    const bare = await loadModelFolder(reader({ 'tokenizer.json': null }).read);
    expect(bare.tokenizer).toBeNull();
    const half = await loadModelFolder(reader({ 'tokenizer_config.json': null }).read);
    expect([half.tokenizer?.bosId, half.tokenizer?.eosId]).toEqual([1, 2]);
  });

  it('warns of weights that are not finite and of end tokens that disagree', async () => {
    const odd = parameters.slice();
    odd[layout.embed.offset] = Number.NaN;
    const changes = {
      'model.safetensors': saveParameters(layout, odd),
      'config.json': text({ ...modelConfigJson(config), eos_token_id: 3 }),
    };
    const { warnings } = await loadModelFolder(reader(changes).read);
    expect(warnings[0]).toContain('model.embed_tokens.weight has 1 values');
    expect(warnings[1]).toContain('token 2, config.json with 3');
  });

  it.each([
    ['config.json', null, 'no config.json'],
    ['config.json', new TextEncoder().encode('<html>'), 'config.json is not valid JSON'],
    ['config.json', new Uint8Array(2 ** 20 + 1), 'at most'],
    ['config.json', text({ ...modelConfigJson(config), hidden_size: 32 }), 'has shape'],
    ['config.json', text({ ...modelConfigJson(config), vocab_size: 60 }), 'ids up to 63'],
    ['model.safetensors', null, 'no model.safetensors'],
    ['model.safetensors', weights.subarray(0, weights.length - 4), 'data_offsets'],
    ['tokenizer.json', text([]), 'not a JSON object'],
    ['tokenizer_config.json', text(7), 'not a JSON object'],
  ])('refuses a bad %s (case %#), saying what is wrong', async (name, bytes, reason) => {
    const attempt = loadModelFolder(reader({ [name]: bytes }).read);
    await expect(attempt).rejects.toMatchObject({ kind: 'BadFile' });
    await expect(attempt).rejects.toThrow(reason);
  });

  it('does not read the weights of a model that it refuses for its config', async () => {
    const { read, asked } = reader({ 'config.json': text({ model_type: 'gpt2' }) });
    await expect(loadModelFolder(read)).rejects.toThrow('gpt2');
    expect(asked).toEqual(['config.json']);
  });
});

describe('a model with a scalar head', () => {
  const head = new Float32Array(20);
  head.set([...Array(17).keys()].map((i) => i / 8 - 1));
  const alone = parameterLayout(config, undefined, false);
  const flat = initialiseParameters(alone, 4);
  const { architectures: _, ...silent } = modelConfigJson(config);
  const named = (...architectures: string[]) => ({ ...silent, architectures });
  const load = (json: object, file: Uint8Array, scalar = true) => {
    const changes = { 'config.json': text(json), 'model.safetensors': file };
    return loadModelFolder(reader(changes).read, { scalar });
  };

  it.each([true, false])(
    'gives back the head that was saved, and is saved again bit for bit (bias %s)',
    async (bias) => {
      const own = head.slice();
      if (!bias) own[16] = 0;
      const file = saveParameters(alone, flat, { head: own, bias });
      const model = await load(named('LlamaForTokenClassification'), file);
      expect(model.scalar).toEqual({ head: own, bias });
      expect(model.layout.tokenHead).toBe(false);
      expect(model.parameters).toEqual(flat);
      expect(saveParameters(model.layout, model.parameters, model.scalar)).toEqual(file);
    },
  );

  it('predicts tokens if its architecture says so or, without one, if there is an output matrix', async () => {
    const scalar = { head, bias: true };
    const [bare, both] = [
      saveParameters(alone, flat, scalar),
      saveParameters(layout, parameters, scalar),
    ];
    const tied = { tie_word_embeddings: true };
    const says = async (json: object, file: Uint8Array) =>
      (await load(json, file)).layout.tokenHead;
    expect(await says(named('LlamaForCausalLM'), both)).toBe(true);
    expect(await says(silent, both)).toBe(true);
    expect(await says(silent, bare)).toBe(false);
    expect(await says({ ...silent, ...tied }, bare)).toBe(true);
    expect(await says({ ...named('LlamaForTokenClassification'), ...tied }, bare)).toBe(false);
    await expect(load(named('LlamaForCausalLM'), bare)).rejects.toThrow(
      'lm_head.weight is missing',
    );
    await expect(load(named('LlamaForTokenClassification'), both)).rejects.toThrow(
      'lm_head.weight',
    );
  });

  it('is refused by name where the caller has no use for the head, where the head is missing, and where it means something else', async () => {
    const file = saveParameters(layout, parameters, { head, bias: true });
    const refused = load(named('LlamaForCausalLM'), file, false);
    await expect(refused).rejects.toMatchObject({
      kind: 'BadFile',
      field: 'model.safetensors: score.weight',
    });
    await expect(load(named('LlamaForTokenClassification'), weights)).rejects.toThrow(
      'score.weight is missing',
    );
    await expect(load(named('LlamaForSequenceClassification'), file)).rejects.toThrow(
      'architectures',
    );
    const labels = writeSafetensors([
      ...alone.tensors.map(({ name, shape, offset, size }) => ({
        ...{ name, shape, data: flat.subarray(offset, offset + size) },
      })),
      { name: 'score.weight', shape: [2, 16], data: new Float32Array(32) },
    ]);
    await expect(load(named('LlamaForTokenClassification'), labels)).rejects.toThrow(
      'score.weight has shape [2,16]',
    );
    const broken = { head: head.with(16, Number.NaN), bias: true };
    const { warnings } = await load(silent, saveParameters(alone, flat, broken));
    expect(warnings[0]).toContain('score.bias has 1 values');
  });
});
