/** The two kinds of receiver: the same tokens from the same requests, greedy and drawn. */
import { afterAll, describe, expect, it } from 'vitest';
import { testGpu } from '../gpu/testing/test-gpu.ts';
import { KernelReceiver } from '../model/kernel-receiver.ts';
import type { ReceiverRequest } from '../model/receiver.ts';
import { openNodeRuntime } from './node-runtime.ts';
import { OnnxReceiver } from './onnx-receiver.ts';
import { bundledModel } from './testing/models.ts';

const id = 'policies/countdown-nano';
const model = await bundledModel(id);
const kernels = await KernelReceiver.create(await testGpu(), id, model);
const onnx = await OnnxReceiver.fromModel(await openNodeRuntime(), id, model);
afterAll(() => {
  kernels.close();
  onnx.close();
});

const TEXTS = ['3,5,8=16:', '25,7,11=43:25+', '1,2,3=6:', '9,4,2,6=21:9+4=13,'];
const plain = { temperature: 1, topK: 0, topP: 1, minP: 0, greedy: false };
const request = (more: Partial<ReceiverRequest> = {}): ReceiverRequest => ({
  prompts: TEXTS.map((text) => onnx.tokenizer.encode(text, { addSpecial: true })),
  budgets: [40, 50, 60, 30],
  copies: 4,
  sampling: plain,
  key: [77, 3],
  uid: 5,
  ...more,
});

describe('a receiver on an ONNX runtime and one on our kernels', () => {
  it.each([
    ['greedily', { ...plain, greedy: true }],
    ['by chance', plain],
    ['with filters', { temperature: 0.8, topK: 12, topP: 0.9, minP: 0.02, greedy: false }],
  ])('write the same tokens %s', async (_, sampling) => {
    const [a, b] = [
      await kernels.complete(request({ sampling })),
      await onnx.complete(request({ sampling })),
    ];
    expect(b.map((o) => o.ids)).toEqual(a.map((o) => o.ids));
    expect(b.map((o) => o.truncated)).toEqual(a.map((o) => o.truncated));
    for (const [i, { logprobs }] of b.entries()) {
      logprobs.forEach((l, t) => {
        expect(Math.abs(l - a[i].logprobs[t])).toBeLessThan(1e-4);
      });
    }
  });
});
