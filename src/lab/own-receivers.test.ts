/** Decoders of one's own, and on what the service of a run opens them. */
import { describe, expect, it } from 'vitest';
import { BatonError, badFile } from '../errors.ts';
import type { Gpu } from '../gpu/gpu.ts';
import { characterTokenizerJson } from '../model/character-tokenizer.ts';
import type { LoadedModel } from '../model/load.ts';
import type { Receiver } from '../model/receiver.ts';
import { loadTokenizer } from '../model/tokenizer.ts';
import { OwnReceivers } from './own-receivers.ts';
import { createReceivers } from './receivers.ts';

function known(id: string, complete: Receiver['complete'] = async () => []) {
  const log = { closed: 0 };
  const receiver = {
    ...{ id, backend: 'onnx', positions: 8, complete },
    close: () => {
      log.closed += 1;
    },
  } as unknown as Receiver;
  return { receiver, log };
}
const files = (name: string) => ({ model: new File(['onnx'], name), beside: [] });

describe('decoders that are brought', () => {
  it('are opened once to see that they can be, and again for whoever asks', async () => {
    const opened: string[] = [];
    const { receiver, log } = known('own/a');
    const own = new OwnReceivers(async ({ id }, backend) => {
      opened.push(`${id} ${backend}`);
      return receiver;
    });
    await expect(own.open('own/a', 'onnx')).rejects.toMatchObject({ kind: 'BadConfig' });
    await own.bring('own/a', files('a.onnx'));
    expect(log.closed).toBe(1);
    expect(await own.open('own/a', 'onnx-webgpu')).toBe(receiver);
    expect(opened).toEqual(['own/a onnx', 'own/a onnx-webgpu']);
  });

  it('leave what was there where they are refused', async () => {
    const { receiver } = known('own/a');
    let good = true;
    const own = new OwnReceivers(async () => {
      if (!good) throw badFile('model.onnx', 'cut off');
      return receiver;
    });
    await own.bring('own/a', files('a.onnx'));
    good = false;
    await expect(own.bring('own/a', files('a.onnx'))).rejects.toMatchObject({ kind: 'BadFile' });
    good = true;
    expect(await own.open('own/a', 'onnx')).toBe(receiver);
  });
});

describe('the receivers of a run', () => {
  const service = (openOnnx: (id: string) => Promise<Receiver>, policy = {} as LoadedModel) => {
    const asked: string[] = [];
    const made = createReceivers({
      gpu: {} as Gpu,
      policy,
      load: async () => Promise.reject(new Error('no kernels here')),
      openOnnx: (id, backend) => {
        asked.push(`${id} ${backend}`);
        return openOnnx(id);
      },
    });
    return { ...made, asked };
  };

  it('of one’s own run on an ONNX runtime, whatever the others run on', async () => {
    const { open, asked } = service(async (id) => known(id).receiver);
    await open('own/a', 'kernels');
    await open('own/a', 'onnx');
    await open('own/a', 'onnx-webgpu');
    await expect(open('receivers/b', 'kernels')).rejects.toThrow('no kernels here');
    expect(asked).toEqual(['own/a onnx', 'own/a onnx-webgpu']);
  });

  it('are refused as soon as they are opened where they lack characters of the policy', async () => {
    const tokenizer = loadTokenizer(characterTokenizerJson());
    const json = structuredClone(characterTokenizerJson()) as { model: { vocab: object } };
    json.model.vocab = { '<pad>': 0, '<bos>': 1, '<eos>': 2, '0': 3, '+': 4 };
    const foreign = known('own/a');
    const log = foreign.log;
    let reads = loadTokenizer(json);
    const { open, asked } = service(
      async (id) => ({ ...known(id).receiver, tokenizer: reads, close: foreign.receiver.close }),
      { tokenizer } as LoadedModel,
    );
    await expect(open('own/a', 'onnx')).rejects.toMatchObject({
      ...{ kind: 'BadConfig', field: 'receivers' },
      message: expect.stringMatching(/own\/a cannot write "1" "2" .* more/),
    });
    expect(log.closed).toBe(1);
    // The policy as it was before the run reads what it writes; and a better file under the same name is looked at anew.
    await open('policy', 'onnx');
    reads = tokenizer;
    await open('own/a', 'onnx');
    expect(asked).toEqual(['own/a onnx', 'policy onnx', 'own/a onnx']);
  });

  it('are opened anew after they have failed, and not after they were cancelled', async () => {
    const failures = [
      new BatonError({ kind: 'Cancelled', message: 'stopped', remedy: '' }),
      new Error('gone'),
    ];
    const { receiver, log } = known('own/a', async () => Promise.reject(failures.shift()));
    const { open, asked } = service(async () => receiver);
    const request = {} as Parameters<Receiver['complete']>[0];
    await expect((await open('own/a', 'onnx')).complete(request)).rejects.toThrow('stopped');
    await expect((await open('own/a', 'onnx')).complete(request)).rejects.toThrow('gone');
    expect([asked.length, log.closed]).toEqual([1, 1]);
    await open('own/a', 'onnx');
    expect(asked).toHaveLength(2);
  });
});
