/** A bundled reward model on the ONNX runtime, against its float64 definition, whatever else is in the request. */
import { describe, expect, it } from 'vitest';
import { valueForward } from '../kernels/value/value.reference.ts';
import { loadModelFolder } from '../model/load.ts';
import { referenceHidden } from '../model/reference.ts';
import { openNodeRuntime } from './node-runtime.ts';
import { OnnxReward } from './onnx-reward.ts';
import { bundledModel, bundledReader } from './testing/models.ts';

const runtime = await openNodeRuntime();
const id = 'reward-models/chain-carry';
const model = await loadModelFolder(bundledReader(id), { scalar: true });
const reward = await OnnxReward.fromModel(runtime, id, model);
const encode = (text: string) => [...(model.tokenizer?.encode(text) ?? [])];
const begin = (text: string) => [...(model.tokenizer?.encode(text, { addSpecial: true }) ?? [])];

const TRACES = [
  ['7+8+5+9:', '7+8=15,15+5=20,20+9=29'],
  ['7+8+5+9:', '7+8=5'],
  ['1+2+3+4:', '1'],
] as const;
const prompts = TRACES.map(([question]) => begin(question));
const completions = TRACES.map(([, trace]) => encode(trace));

function defined(prompt: readonly number[], completion: readonly number[]): number[] {
  const { layout, parameters, scalar } = model;
  const ids = [...prompt, ...completion];
  const rows = [...ids.keys()];
  const batch = { ids, positions: rows, segmentStarts: ids.map(() => 0) };
  const hidden = referenceHidden(layout, parameters, batch, rows);
  const width = layout.config.hidden_size;
  const { values } = valueForward({
    ...{ rows: ids.length, width, hidden, head: scalar?.head ?? new Float32Array(width + 1) },
  });
  return Array.from(values).slice(prompt.length);
}

describe('a reward model on the ONNX runtime', () => {
  it('says at every token of a trace what it says by definition', async () => {
    const said = await reward.values({ prompts, completions });
    said.forEach((row, i) => {
      const wanted = defined(prompts[i], completions[i]);
      expect(row).toHaveLength(wanted.length);
      const worst = Math.max(...row.map((value, t) => Math.abs(value - wanted[t])));
      expect(worst).toBeLessThan(1e-4);
    });
  });

  it('says of an empty trace nothing', async () => {
    expect(await reward.values({ prompts: prompts.slice(0, 1), completions: [[]] })).toEqual([[]]);
  });

  it('refuses by name what is no reward model, and tokens or lengths that it lacks', async () => {
    const policy = await bundledModel('policies/chain-nano');
    await expect(
      OnnxReward.fromModel(runtime, 'policies/chain-nano', policy),
    ).rejects.toMatchObject({ kind: 'BadFile', field: 'model.safetensors: score.weight' });
    const one = (completion: number[]) =>
      reward.values({ prompts: prompts.slice(0, 1), completions: [completion] });
    await expect(one([model.config.vocab_size])).rejects.toThrow('is no token');
    await expect(one(new Array(reward.positions).fill(5))).rejects.toThrow('do not fit');
  });
});
