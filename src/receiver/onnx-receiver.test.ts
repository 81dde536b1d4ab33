/** A receiver on the ONNX runtime: the tokens of the definition, whatever else is in the request. */
import { describe, expect, it } from 'vitest';
import { scaled, scores } from '../kernels/sample/sample.reference.ts';
import type { ReceiverRequest } from '../model/receiver.ts';
import { referenceLogits } from '../model/reference.ts';
import { openNodeRuntime } from './node-runtime.ts';
import { onnxModel } from './onnx/export-onnx.ts';
import { encodeModel, type NodeSpec, type TensorSpec } from './onnx/model-proto.ts';
import { OnnxReceiver } from './onnx-receiver.ts';
import { bundledModel } from './testing/models.ts';

const runtime = await openNodeRuntime();
const model = await bundledModel('policies/chain-nano');
const receiver = await OnnxReceiver.fromModel(runtime, 'policies/chain-nano', model);

const encode = (text: string) => receiver.tokenizer.encode(text, { addSpecial: true });
const TEXTS = ['12+95+7:', '12+95+7:12+95=7,', '3+4:', '99+1+50+2:99+1=0,0+50=50,50+2'];
const plain = { temperature: 1.3, topK: 0, topP: 1, minP: 0, greedy: false };
const request = (more: Partial<ReceiverRequest> = {}): ReceiverRequest => ({
  prompts: TEXTS.map(encode),
  budgets: [30, 12, 40, 3],
  copies: 3,
  sampling: plain,
  key: [5, 6],
  uid: 9,
  ...more,
});
const ids = (out: readonly { readonly ids: readonly number[] }[]) => out.map((o) => o.ids);

/** The continuation by definition: the whole sequence through the float64 model for every token. */
function defined(prompt: readonly number[], budget: number, uid: number, key: [number, number]) {
  const { layout, parameters, config } = model;
  const sequence = [...prompt];
  while (sequence.length < prompt.length + budget) {
    const positions = sequence.map((_, i) => i);
    const batch = { ids: sequence, positions, segmentStarts: sequence.map(() => 0) };
    const logits = referenceLogits(layout, parameters, batch, [sequence.length - 1]);
    const u = scaled(logits, plain.temperature);
    const all = scores(u, plain, key, sequence.length, uid);
    const token = all.indexOf(all.reduce((a, b) => Math.max(a, b)));
    sequence.push(token);
    if (token === config.eos_token_id) break;
  }
  return sequence.slice(prompt.length);
}

/** The exported file without the input position_ids: it counts the mask's ones instead, as some exporters do. */
function countingFile() {
  const spec = onnxModel(model);
  const whole = (name: string, value: bigint, shape: readonly number[]): TensorSpec => {
    const bytes = new Uint8Array(BigInt64Array.of(value).buffer);
    const data = { size: 8, write: (to: Uint8Array, at: number) => to.set(bytes, at) };
    return { name, element: 'int64', shape, data };
  };
  const node = (op: string, inputs: readonly string[], output: string): NodeSpec => ({
    op,
    name: `count/${op}`,
    inputs,
    outputs: [output],
    attributes: {},
  });
  return encodeModel({
    ...spec,
    graph: {
      ...spec.graph,
      inputs: spec.graph.inputs.filter(({ name }) => name !== 'position_ids'),
      constants: [
        ...spec.graph.constants,
        whole('count.axis', 1n, []),
        whole('count.one', 1n, [1]),
        whole('count.end', 2n ** 62n, [1]),
      ],
      nodes: [
        node('CumSum', ['attention_mask', 'count.axis'], 'count.upto'),
        node('Sub', ['count.upto', 'count.one'], 'count.places'),
        node('Shape', ['input_ids'], 'count.shape'),
        node('Gather', ['count.shape', 'count.one'], 'count.new'),
        node('Neg', ['count.new'], 'count.start'),
        node('Slice', ['count.places', 'count.start', 'count.end', 'count.one'], 'position_ids'),
        ...spec.graph.nodes,
      ],
    },
  });
}

describe('OnnxReceiver', () => {
  it('draws the tokens that the float64 model draws with the same noise', async () => {
    const asked = request({ budgets: [14, 12, 14, 3], copies: 2 });
    const out = await receiver.complete(asked);
    const { prompts, budgets, copies, key, uid } = asked;
    for (const [i, { ids: drawn, truncated, logprobs }] of out.entries()) {
      const p = Math.floor(i / copies);
      expect(drawn).toEqual(defined(prompts[p], budgets[p], uid + i, [...key]));
      expect(truncated).toBe(!drawn.includes(2));
      expect(logprobs).toHaveLength(drawn.length);
      expect(logprobs.every((l) => l <= 0 && Number.isFinite(l))).toBe(true);
    }
  });

  it('goes on from a cut as the model was taught to, greedily', async () => {
    const greedy = { ...plain, greedy: true };
    const out = await receiver.complete(
      request({ copies: 1, sampling: greedy, budgets: [30, 30, 30, 30] }),
    );
    expect(out.slice(1).map((o) => receiver.tokenizer.decode(o.ids))).toEqual([
      '7+7=14',
      '3+4=7',
      '=52',
    ]);
  });

  it('gives a prompt the same continuations alone and among others, in any order', async () => {
    const all = await receiver.complete(request());
    for (const p of TEXTS.keys()) {
      const alone = await receiver.complete(
        request({ prompts: [encode(TEXTS[p])], budgets: [request().budgets[p]], uid: 9 + 3 * p }),
      );
      expect(ids(alone)).toEqual(ids(all).slice(3 * p, 3 * p + 3));
    }
  });

  it('does not depend on how much fits at once', async () => {
    const small = await OnnxReceiver.fromModel(runtime, 'small', model, { memory: 2 ** 18 });
    const big = request({
      prompts: [encode('8+9+10:'), encode('1+2:')],
      budgets: [6, 12],
      copies: 60,
    });
    expect(ids(await small.complete(big))).toEqual(ids(await receiver.complete(big)));
    small.close();
  });

  it('writes the same tokens with a decoder that counts positions itself', async () => {
    const { tokenizer } = model;
    if (!tokenizer) throw new Error('the model has a tokenizer');
    const source = { id: 'counting', file: countingFile(), tokenizer, positions: 96, eosId: 2 };
    const counting = await OnnxReceiver.create(runtime, source);
    expect(ids(await counting.complete(request()))).toEqual(
      ids(await receiver.complete(request())),
    );
    counting.close();
  });

  it('lets several calls wait for one another, on one runtime', async () => {
    const other = await OnnxReceiver.fromModel(runtime, 'other', model);
    const calls = [receiver, other, receiver, other].map((r) => r.complete(request()));
    const [first, ...rest] = (await Promise.all(calls)).map(ids);
    for (const out of rest) expect(out).toEqual(first);
    other.close();
  });

  it('stops between two tokens when it is cancelled in the middle, and goes on afterwards', async () => {
    const stop = new AbortController();
    const long = request({
      copies: 40,
      signal: stop.signal,
      sampling: { ...plain, temperature: 9 },
    });
    setTimeout(() => stop.abort(), 20);
    await expect(receiver.complete(long)).rejects.toMatchObject({ kind: 'Cancelled' });
    expect(await receiver.complete(request())).toHaveLength(12);
  });

  it.each<[string, Partial<ReceiverRequest>]>([
    ['a prompt and a budget beyond its positions', { budgets: [96, 1, 1, 1] }],
    ['fewer budgets than prompts', { budgets: [1, 1] }],
    ['a budget of nothing', { budgets: [0, 1, 1, 1] }],
    ['an empty prompt', { prompts: [[]], budgets: [1] }],
    ['a token that it does not have', { prompts: [[1, 64]], budgets: [1] }],
  ])('refuses %s', async (_, more) => {
    await expect(receiver.complete(request(more))).rejects.toThrow(RangeError);
  });

  it('answers nothing for no prompts', async () => {
    expect(await receiver.complete(request({ prompts: [], budgets: [] }))).toEqual([]);
  });

  it('is of no use once it is closed', async () => {
    const other = await OnnxReceiver.fromModel(runtime, 'closed', model);
    const before = other.complete(request());
    other.close();
    expect(await before).toHaveLength(12);
    await expect(other.complete(request())).rejects.toThrow(/closed/);
  });
});
