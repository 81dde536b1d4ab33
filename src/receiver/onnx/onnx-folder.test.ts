/**
 * The exported folder in transformers.js, which shares no code with us but the runtime: its build for Node, on onnxruntime-web
 * in the place of onnxruntime-node (package.json, `overrides`).
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { AutoModelForCausalLM, AutoTokenizer, env, type Tensor } from '@huggingface/transformers';
import { afterAll, describe, expect, it } from 'vitest';
import {
  characterTokenizerConfigJson,
  characterTokenizerJson,
} from '../../model/character-tokenizer.ts';
import { referenceLogits } from '../../model/reference.ts';
import { bundledModel, bundledReader, randomModel, SHAPES } from '../testing/models.ts';
import { type OnnxFolderSource, onnxFolder } from './onnx-folder.ts';

const root = mkdtempSync(join(tmpdir(), 'baton-onnx-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));
env.allowRemoteModels = false;
env.localModelPath = root;
// Where it finds the web runtime it would fetch the binary from a server; the one beside the runtime is meant.
env.useWasmCache = false;
const { wasm } = env.backends.onnx;
if (wasm) Object.assign(wasm, { wasmPaths: undefined, numThreads: 1 });

/** Writes the folder and lets transformers.js go on with texts, several at once, greedily. */
async function transformersGreedy(name: string, source: OnnxFolderSource, texts: string[]) {
  for (const [file, content] of onnxFolder(source, { sourceHash: '00' })) {
    mkdirSync(dirname(join(root, name, file)), { recursive: true });
    writeFileSync(join(root, name, file), content);
  }
  const tokenizer = await AutoTokenizer.from_pretrained(name);
  tokenizer.padding_side = 'left';
  const model = await AutoModelForCausalLM.from_pretrained(name, { dtype: 'fp32' });
  const inputs = tokenizer(texts, { padding: true });
  const out = (await model.generate({
    ...inputs,
    max_new_tokens: 24,
    do_sample: false,
  })) as Tensor;
  await model.dispose();
  const prompts = texts.map((text) => tokenizer.encode(text));
  const width = Math.max(...prompts.map((prompt) => prompt.length));
  return out.tolist().map((row: bigint[], i: number) => ({
    prompt: prompts[i],
    completion: row.slice(width).map(Number),
  }));
}

/** What the float64 model would write at each place of a sequence: the most likely token. */
function greedyAfter({ layout, parameters }: OnnxFolderSource, ids: readonly number[]) {
  const places = ids.map((_, i) => i);
  const batch = { ids, positions: places, segmentStarts: ids.map(() => 0) };
  const logits = referenceLogits(layout, parameters, batch, places);
  const vocabulary = layout.config.vocab_size;
  return places.map((i) => {
    const row = logits.subarray(i * vocabulary, (i + 1) * vocabulary);
    return row.indexOf(row.reduce((a, b) => Math.max(a, b)));
  });
}

function expectGreedy(
  source: OnnxFolderSource,
  { prompt, completion }: { prompt: number[]; completion: number[] },
) {
  const end = completion.indexOf(source.layout.config.eos_token_id ?? -1);
  const own = end < 0 ? completion : completion.slice(0, end + 1);
  const wanted = greedyAfter(source, [...prompt, ...own]);
  expect(own).toEqual(wanted.slice(prompt.length - 1, -1));
  return own;
}

describe('onnxFolder', () => {
  it('is loaded by transformers.js, whose greedy tokens are those of our definition', async () => {
    const { layout, parameters, tokenizer } = await bundledModel('policies/countdown-nano');
    const read = bundledReader('policies/countdown-nano');
    const source = {
      layout,
      parameters,
      tokenizerJson: (await read('tokenizer.json')) ?? undefined,
      tokenizerConfig: (await read('tokenizer_config.json')) ?? undefined,
    };
    const texts = ['3,5,8=16:', '25,7,11=43:25+', '1,2,3=6:'];
    const rows = await transformersGreedy('countdown-nano', source, texts);
    for (const [i, row] of rows.entries()) {
      expect(row.prompt).toEqual(tokenizer?.encode(texts[i], { addSpecial: true }));
      expect(expectGreedy(source, row).length).toBeGreaterThan(3);
    }
  });

  it('keeps its meaning with grouped queries, wide heads and biases', async () => {
    const shape = {
      ...SHAPES['one key-value head, heads wider than the hidden size'],
      vocab_size: 64,
      attention_bias: true,
    };
    const source = {
      ...randomModel(shape, 5),
      tokenizerJson: new TextEncoder().encode(JSON.stringify(characterTokenizerJson())),
      tokenizerConfig: new TextEncoder().encode(JSON.stringify(characterTokenizerConfigJson(64))),
    };
    const rows = await transformersGreedy('random', source, ['12+7', '5', '1+2+3+4']);
    const lengths = rows.map(
      (row: { prompt: number[]; completion: number[] }) => expectGreedy(source, row).length,
    );
    expect(Math.max(...lengths)).toBeGreaterThan(3);
  });
});
