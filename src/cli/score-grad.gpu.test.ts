/** `score` and `grad` as a person runs them, against the float64 oracle. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { packBatch, type SequenceTokens } from '../model/batch.ts';
import { referenceGradient, referenceScores } from '../model/reference.ts';
import { parseSafetensors } from '../model/safetensors.ts';
import { loadParameters, saveParameters } from '../model/weights.ts';
import { randomStream } from '../rl/random.ts';
import {
  labChild,
  labHere,
  scratchFolder,
  TINY,
  writeInput,
  writeTinyModel,
} from './testing/lab.ts';

const folder = scratchFolder();
const { layout, flat } = writeTinyModel(join(folder, 'model'), {
  json: { ...TINY, max_position_embeddings: 512 },
  tokenizer: false,
});
const temperature = 0.8;

// More tokens than one micro-batch holds; a completion without tokens; one that fills all positions.
const random = randomStream(4, 'test');
const draw = (n: number) => Array.from({ length: n }, () => random.below(64));
const sequences: SequenceTokens[] = [
  [3, 5],
  [1, 0],
  [2, 300],
  [12, 500],
  [200, 210],
  [1, 63],
].map(([prompt, completion]) => ({ prompt: draw(prompt), completion: draw(completion) }));
const coefficients = sequences.map(({ completion }) => completion.map(() => random.normal()));
const input = writeInput(
  folder,
  'lines.jsonl',
  sequences.map(({ prompt, completion }, i) => ({
    prompt_ids: prompt,
    completion_ids: completion,
    coefficients: coefficients[i],
  })),
);

function packed() {
  const batch = packBatch(sequences, 64);
  const tokens = {
    ids: batch.ids.subarray(0, batch.count),
    positions: batch.positions.subarray(0, batch.count),
    segmentStarts: batch.spans.filter((_, i) => i % 4 === 0).subarray(0, batch.count),
  };
  const scored = {
    rows: batch.sources.subarray(0, batch.targetCount),
    targets: batch.targets.subarray(0, batch.targetCount),
    temperature,
  };
  return { tokens, scored };
}

describe('scoring', () => {
  const options = ['--model', 'model', '--input', input, '--temperature', `${temperature}`];

  it('gives the oracle’s log-prob and entropy of every completion token, line by line', async () => {
    const { status, result, log } = await labChild(['score', ...options], folder);
    expect(status, log).toBe(0);
    expect(result.results.length).toBe(sequences.length);
    const { tokens, scored } = packed();
    const want = referenceScores(layout, flat, tokens, scored);
    let at = 0;
    for (const [i, { completion }] of sequences.entries()) {
      const { logprobs, entropies } = result.results[i];
      expect(logprobs.length).toBe(completion.length);
      expect(entropies.length).toBe(completion.length);
      for (let t = 0; t < completion.length; t++, at++) {
        expect(Math.abs(logprobs[t] - want.logprobs[at])).toBeLessThan(5e-5);
        expect(Math.abs(entropies[t] - want.entropies[at])).toBeLessThan(5e-5);
      }
    }
  });

  it('gives the oracle’s gradient of every tensor under its Hugging Face name, over several micro-batches', async () => {
    const out = join(folder, 'gradient.safetensors');
    const { status, result, log } = await labChild(['grad', ...options, '--out', out], folder);
    expect(status, log).toBe(0);
    expect(result.tokens).toBe(coefficients.flat().length);
    const file = parseSafetensors(readFileSync(out));
    expect([...file.tensors.keys()].sort()).toEqual(layout.tensors.map((t) => t.name).sort());
    const got = loadParameters(layout, file);
    const { tokens, scored } = packed();
    const want = referenceGradient(layout, flat, tokens, {
      ...scored,
      coefficients: coefficients.flat(),
      entropyCoefficients: new Float32Array(coefficients.flat().length),
    });
    for (const { name, offset, size } of layout.tensors) {
      const a = got.subarray(offset, offset + size);
      const b = want.subarray(offset, offset + size);
      const rms = Math.sqrt(b.reduce((sum, x) => sum + x * x, 0) / size);
      const worst = a.reduce((most, x, i) => Math.max(most, Math.abs(x - b[i])), 0);
      expect(worst / rms, name).toBeLessThan(2e-3);
    }
  });

  it('answers bad input with status 2, and the field as the last line of standard output', async () => {
    const bad = writeInput(folder, 'bad.jsonl', [{ prompt_ids: [1], completion_ids: [64] }]);
    const run = await labChild(['score', '--model', 'model', '--input', bad], folder);
    expect(run.status).toBe(2);
    expect(run.result.error).toMatchObject({ kind: 'BadFile', field: 'line 1: completion_ids' });
    expect(run.log).toContain('line 1: completion_ids');
  });
});

describe('numbers beyond f32', () => {
  const args = (command: string, more: readonly string[]) => [
    command,
    '--model',
    'broken',
    ...more,
  ];
  const one = { prompt_ids: [5], completion_ids: [6], coefficients: [3e38] };
  const line = writeInput(folder, 'one.jsonl', [one]);

  it('are told as NonFinite and not as an answer, and nothing is written', async () => {
    const { layout, flat } = writeTinyModel(join(folder, 'broken'), { tokenizer: false });
    const { offset } = layout.embed;
    flat.fill(Number.NaN, offset + 5 * TINY.hidden_size, offset + 6 * TINY.hidden_size);
    writeFileSync(join(folder, 'broken/model.safetensors'), saveParameters(layout, flat));
    for (const command of [
      args('score', ['--input', line, '--out', 'none']),
      args('grad', ['--input', line, '--out', 'none']),
      args('generate', ['--prompt-ids', '5', '--out', 'none']),
      ['grad', '--model', 'model', '--input', line, '--out', 'none'],
    ]) {
      const { status, result } = await labHere(command, folder);
      expect([status, result.error?.kind], command.join(' ')).toEqual([1, 'NonFinite']);
    }
    expect(existsSync(join(folder, 'none'))).toBe(false);
  });
});
