/** How likely given text is: what sampling said of it, whoever else is in the batch. */
import { afterAll, describe, expect, it } from 'vitest';
import { ReceiverHost } from './host.ts';
import { openNodeRuntime } from './node-runtime.ts';
import { OnnxReceiver } from './onnx-receiver.ts';
import type { ReceiverEvent } from './protocol.ts';
import { ReceiverClient, type ReceiverWorkerLike } from './receiver-client.ts';
import { bundledModel, bundledReader } from './testing/models.ts';

const runtime = await openNodeRuntime();
const id = 'policies/chain-nano';
const receiver = await OnnxReceiver.fromModel(runtime, id, await bundledModel(id));
const prompts = ['12+95+7:', '3+4:', '99+1+50+2:99+1=0,'].map((text) =>
  receiver.tokenizer.encode(text, { addSpecial: true }),
);
const sampled = await receiver.complete({
  prompts,
  budgets: [30, 12, 40],
  copies: 1,
  sampling: { temperature: 1.3, topK: 0, topP: 1, minP: 0, greedy: false },
  key: [5, 6],
  uid: 9,
});
const completions = sampled.map(({ ids }) => ids);
const request = { prompts, completions, temperature: 1.3 };

/** The largest difference between two lists of lists. */
function apart(a: readonly (readonly number[])[], b: readonly (readonly number[])[]): number {
  expect(a.map((row) => row.length)).toEqual(b.map((row) => row.length));
  return Math.max(...a.flatMap((row, i) => row.map((value, t) => Math.abs(value - b[i][t]))));
}

describe('scoring given text', () => {
  afterAll(() => receiver.close());

  it('says what sampling said, whoever else is in the batch', async () => {
    const all = await receiver.logprobs(request);
    expect(
      apart(
        all,
        sampled.map(({ logprobs }) => logprobs),
      ),
    ).toBeLessThan(1e-4);
    const alone = await receiver.logprobs({
      prompts: [prompts[1]],
      completions: [completions[1]],
      temperature: 1.3,
    });
    expect(apart(alone, [all[1]])).toBeLessThan(1e-4);
    const flat = await receiver.logprobs({ ...request, temperature: 2.6 });
    expect(apart(flat, all)).toBeGreaterThan(0.01);
  });

  it('gives nothing for a completion without tokens, and refuses what does not fit', async () => {
    const two = { prompts: prompts.slice(0, 2), temperature: 1 };
    const [none, some] = await receiver.logprobs({ ...two, completions: [[], completions[1]] });
    expect(none).toEqual([]);
    expect(some).toHaveLength(completions[1].length);
    const long = new Array(96).fill(3);
    const refused = [
      { ...two, completions: [completions[0]] },
      { ...two, completions: [long, []] },
      { ...two, completions: [[64], []] },
      { ...two, completions: [[], []], temperature: 0 },
    ];
    for (const bad of refused) await expect(receiver.logprobs(bad)).rejects.toThrow(RangeError);
  });

  it('goes through the worker’s protocol unchanged, and can be cancelled', async () => {
    const spawn = (): ReceiverWorkerLike => {
      const worker: ReceiverWorkerLike = {
        onmessage: null,
        onerror: null,
        terminate: () => undefined,
        postMessage: (command) => setTimeout(() => void host.handle(structuredClone(command)), 0),
      };
      const host = new ReceiverHost({
        runtime: async () => runtime,
        post: (event) =>
          worker.onmessage?.({ data: structuredClone(event) } as MessageEvent<ReceiverEvent>),
      });
      return worker;
    };
    const opened = await new ReceiverClient({ spawn, read: bundledReader }).open({
      kind: 'bundled',
      id,
    });
    expect(await opened.logprobs(request)).toEqual(await receiver.logprobs(request));
    const stop = new AbortController();
    const asked = opened.logprobs({ ...request, signal: stop.signal });
    stop.abort();
    await expect(asked).rejects.toMatchObject({ kind: 'Cancelled' });
    opened.close();
  });
});
