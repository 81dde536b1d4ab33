/** A receiver on our kernels: independent of what else is asked, honest about budgets and cancelling. */
import { readFileSync } from 'node:fs';
import { afterAll, describe, expect, it } from 'vitest';
import { testGpu } from '../gpu/testing/test-gpu.ts';
import { KernelReceiver } from './kernel-receiver.ts';
import { loadModelFolder } from './load.ts';
import type { ReceiverRequest } from './receiver.ts';

const gpu = await testGpu();
const folder = new URL('../../public/models/policies/chain-nano/', import.meta.url);
const model = await loadModelFolder(async (file) => {
  try {
    return new Uint8Array(readFileSync(new URL(file, folder)));
  } catch {
    return null;
  }
});
const receiver = await KernelReceiver.create(gpu, 'policies/chain-nano', model);
afterAll(() => receiver.close());

const encode = (text: string) => receiver.tokenizer.encode(text, { addSpecial: true });
const TEXTS = ['12+95+7:', '12+95+7:12+95=7,', '3+4:', '99+1+50+2:99+1=0,0+50=50,50+2'];
const plain = { temperature: 1, topK: 0, topP: 1, minP: 0, greedy: false };
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

describe('KernelReceiver', () => {
  it('continues from a cut as the model was taught to', async () => {
    const out = await receiver.complete(
      request({ copies: 1, sampling: { ...plain, greedy: true }, budgets: [30, 30, 30, 30] }),
    );
    expect(out.slice(1).map((o) => receiver.tokenizer.decode(o.ids))).toEqual([
      '7+7=14',
      '3+4=7',
      '=52',
    ]);
    expect(out.every((o) => !o.truncated)).toBe(true);
  });

  it('gives a prompt the same continuations alone and among others, whatever the budgets of those', async () => {
    const all = await receiver.complete(request());
    for (const p of TEXTS.keys()) {
      const alone = await receiver.complete(
        request({
          prompts: [encode(TEXTS[p])],
          budgets: [request().budgets[p]],
          uid: 9 + 3 * p,
        }),
      );
      expect(ids(alone)).toEqual(ids(all).slice(3 * p, 3 * p + 3));
    }
  });

  it('does not depend on how many fit at once', async () => {
    const few = await receiver.complete(
      request({ prompts: [encode('8+9+10:')], budgets: [9], copies: 7 }),
    );
    const many = await receiver.complete(
      request({ prompts: [encode('8+9+10:')], budgets: [9], copies: 300 }),
    );
    expect(ids(many).slice(0, 7)).toEqual(ids(few));
    expect(many).toHaveLength(300);
  });

  it('ends at each prompt’s own budget and says so', async () => {
    const out = await receiver.complete(request({ budgets: [1, 2, 3, 1], copies: 1 }));
    expect(out.map((o) => o.ids.length)).toEqual([1, 2, 3, 1]);
    expect(out.every((o) => o.truncated)).toBe(true);
    expect(out.every((o) => o.logprobs.length === o.ids.length)).toBe(true);
  });

  it('refuses what does not fit its positions, and still works afterwards', async () => {
    await expect(receiver.complete(request({ budgets: [96, 1, 1, 1] }))).rejects.toThrow(
      RangeError,
    );
    await expect(receiver.complete(request({ budgets: [1, 1] }))).rejects.toThrow(RangeError);
    expect(await receiver.complete(request())).toHaveLength(12);
  });

  it('takes half the memory in half precision, and continues nearly as in full precision', async () => {
    const before = gpu.bytes;
    const full = await KernelReceiver.create(gpu, 'policies/chain-nano', model);
    const fullBytes = gpu.bytes - before;
    const half = await KernelReceiver.create(gpu, 'policies/chain-nano', model, true);
    const halfBytes = gpu.bytes - before - fullBytes;
    expect(halfBytes).toBeLessThan(0.7 * fullBytes);
    const asked = request({ copies: 20 });
    const [a, b] = [await full.complete(asked), await half.complete(asked)];
    expect(await half.complete(asked)).toEqual(b);
    const equal = a.filter((o, i) => o.ids.join() === b[i].ids.join()).length;
    expect(equal / a.length).toBeGreaterThan(0.9);
    full.close();
    half.close();
    expect(gpu.bytes).toBe(before);
  });

  it('throws where activations exceed half precision, instead of returning meaningless tokens', async () => {
    const parameters = model.parameters.slice();
    const gain = model.layout.layers[0].postNorm;
    parameters.fill(6e4, gain.offset, gain.offset + gain.size);
    const large = { ...model, parameters };
    const full = await KernelReceiver.create(gpu, 'policies/chain-nano', large);
    expect(await full.complete(request())).toHaveLength(12);
    full.close();
    const half = await KernelReceiver.create(gpu, 'policies/chain-nano', large, true);
    await expect(half.complete(request())).rejects.toMatchObject({
      kind: 'NonFinite',
      remedy: expect.stringContaining('half precision'),
    });
    half.close();
  });

  it('stops when it is cancelled', async () => {
    const stop = AbortSignal.abort();
    await expect(receiver.complete(request({ signal: stop }))).rejects.toMatchObject({
      kind: 'Cancelled',
    });
  });
});
