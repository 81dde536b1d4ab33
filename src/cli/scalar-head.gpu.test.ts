/** `score` and `grad` on models with a scalar head, against the float64 oracle; and who refuses such a model. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { normals } from '../kernels/checking/data.ts';
import { valueForward } from '../kernels/value/value.reference.ts';
import { packBatch } from '../model/batch.ts';
import { modelConfigJson } from '../model/config.ts';
import { loadModelFolder } from '../model/load.ts';
import { parameterLayout } from '../model/parameters.ts';
import { referenceHidden, referenceScores } from '../model/reference.ts';
import { decodeTensor, parseSafetensors } from '../model/safetensors.ts';
import { saveParameters } from '../model/weights.ts';
import { labHere, scratchFolder, TINY, writeInput, writeTinyModel } from './testing/lab.ts';

const folder = scratchFolder();
const WIDTH = TINY.hidden_size;
const head = new Float32Array(WIDTH + 4);
head.set(normals(1, WIDTH + 1));

/** Writes a model folder with a scalar head, of a class of transformers. */
function write(name: string, architecture: string, tokenHead: boolean) {
  const { config, flat } = writeTinyModel(join(folder, name));
  // Tied, so that parameters lie the same way with and without a token head.
  const layout = parameterLayout(config, undefined, tokenHead);
  const json = { ...modelConfigJson(config), architectures: [architecture] };
  writeFileSync(join(folder, name, 'config.json'), JSON.stringify(json));
  const file = saveParameters(layout, flat, { head, bias: true });
  writeFileSync(join(folder, name, 'model.safetensors'), file);
  return { layout, flat };
}

const { layout, flat } = write('values', 'LlamaForTokenClassification', false);
write('both', 'LlamaForCausalLM', true);

const sequences = [
  { prompt: [1, 5, 9], completion: [7, 3, 3, 11] },
  { prompt: [4], completion: [] },
  { prompt: [8, 2], completion: [6, 60, 10, 2, 41] },
];
const batch = packBatch(sequences, 16);
const reference = {
  ids: batch.ids.subarray(0, batch.count),
  positions: batch.positions.subarray(0, batch.count),
  segmentStarts: batch.spans.filter((_, i) => i % 4 === 0).subarray(0, batch.count),
};
const sources = batch.sources.subarray(0, batch.targetCount);
const targets = batch.targets.subarray(0, batch.targetCount);
const coefficients = normals(2, targets.length);
const valueCoefficients = normals(3, targets.length);
const perLine = (flatNumbers: ArrayLike<number>) =>
  batch.completions.map(({ start, length }) =>
    Array.from(flatNumbers).slice(start, start + length),
  );
const lines = (...keys: ('coefficients' | 'value_coefficients')[]) =>
  sequences.map(({ prompt, completion }, i) => ({
    ...{ prompt_ids: prompt, completion_ids: completion },
    ...(keys.includes('coefficients') && { coefficients: perLine(coefficients)[i] }),
    ...(keys.includes('value_coefficients') && {
      value_coefficients: perLine(valueCoefficients)[i],
    }),
  }));

/** Values at the tokens' own rows. */
function valuesOf(p: ArrayLike<number>, h: ArrayLike<number> = head) {
  const rows = sources.map((row) => row + 1);
  const hidden = referenceHidden(layout, p, reference, rows);
  return valueForward({ rows: rows.length, width: WIDTH, hidden, head: h }).values;
}

const scoresOf = (p: ArrayLike<number>) =>
  referenceScores(layout, p, reference, { rows: sources, targets, temperature: 1 });

function dot(a: ArrayLike<number>, b: ArrayLike<number>): number {
  return Array.from(a).reduce((sum, x, i) => sum + x * b[i], 0);
}

const score = (model: string) =>
  labHere(
    ['score', '--model', model, '--input', writeInput(folder, `${model}.jsonl`, lines())],
    folder,
  );

const grad = (model: string, given: readonly object[], out: string) =>
  labHere(
    [
      ...['grad', '--model', model, '--out', out],
      ...['--input', writeInput(folder, `${out}.jsonl`, given)],
    ],
    folder,
  );

/** Expects a gradient file to hold the slopes of a loss, of every tensor and of the head. */
function expectSlopes(
  file: string,
  loss: (p: ArrayLike<number>, h: ArrayLike<number>) => number,
): void {
  const { tensors } = parseSafetensors(readFileSync(join(folder, file)));
  const own = [
    { name: 'score.weight', offset: 0, size: WIDTH },
    { name: 'score.bias', offset: WIDTH, size: 1 },
  ];
  const all = [...layout.tensors, ...own];
  expect([...tensors.keys()].sort()).toEqual(all.map(({ name }) => name).sort());
  for (const { name, offset, size } of all) {
    const stored = tensors.get(name);
    if (!stored) throw new Error(`${name} is missing`);
    const gradient = new Float32Array(size);
    decodeTensor(stored, gradient);
    const direction = normals(offset + 1, size);
    const moved = (by: number) => {
      const [p, h] = [Float64Array.from(flat), Float64Array.from(head)];
      const at = name.startsWith('score') ? h : p;
      for (let i = 0; i < size; i++) at[offset + i] += by * direction[i];
      return loss(p, h);
    };
    const slope = (moved(1e-5) - moved(-1e-5)) / 2e-5;
    expect(Math.abs(slope), name).toBeGreaterThan(1e-5);
    const error = Math.abs(dot(direction, gradient) - slope);
    expect(error, name).toBeLessThan(5e-4 * (1 + Math.abs(slope)));
  }
}

describe('a model with a scalar head', () => {
  it('is scored by its value at every completion token, and by log-probs where it predicts tokens', async () => {
    const want = perLine(valuesOf(flat));
    const { logprobs } = scoresOf(flat);
    for (const model of ['values', 'both']) {
      const { status, result, log } = await score(model);
      expect(status, log).toBe(0);
      for (const [i, entry] of result.results.entries()) {
        expect(Object.keys(entry)).toEqual(
          model === 'both' ? ['logprobs', 'entropies', 'values'] : ['values'],
        );
        expect(entry.values.length).toBe(want[i].length);
        for (const [t, value] of want[i].entries())
          expect(Math.abs(entry.values[t] - value)).toBeLessThan(5e-5);
        for (const [t, logp] of (entry.logprobs ?? []).entries())
          expect(Math.abs(logp - perLine(logprobs)[i][t])).toBeLessThan(5e-5);
      }
    }
  });

  it('gives the gradient of its values by every tensor, the head’s too', async () => {
    const { status, result, log } = await grad('values', lines('value_coefficients'), 'v.out');
    expect(status, log).toBe(0);
    expect(result.tensors).toBe(layout.tensors.length + 2);
    expect(result.objective).toBeCloseTo(dot(valueCoefficients, valuesOf(flat)), 3);
    expectSlopes('v.out', (p, h) => dot(valueCoefficients, valuesOf(p, h)));
  });

  it('gives the gradient of both kinds of numbers together where it has both heads, and a line may lack one', async () => {
    const given = lines('coefficients', 'value_coefficients');
    const { status, log } = await grad('both', given, 'b.out');
    expect(status, log).toBe(0);
    expectSlopes(
      'b.out',
      (p, h) => dot(valueCoefficients, valuesOf(p, h)) + dot(coefficients, scoresOf(p).logprobs),
    );
    const parts = lines('value_coefficients').map((line, i) =>
      i === 0 ? lines('coefficients')[0] : line,
    );
    const mixed = await grad('both', parts, 'm.out');
    expect(mixed.result.objective).toBeCloseTo(
      dot(perLine(coefficients)[0], scoresOf(flat).logprobs) +
        dot(perLine(valueCoefficients)[2], perLine(valuesOf(flat))[2]),
      3,
    );
  });

  it('refuses coefficients of a head that is not there, and lines without any', async () => {
    writeTinyModel(join(folder, 'tokens'));
    for (const [model, keys, field] of [
      ['values', ['coefficients'], 'line 1: coefficients'],
      ['tokens', ['coefficients', 'value_coefficients'], 'line 1: value_coefficients'],
      ['values', [], 'line 1: value_coefficients'],
      ['both', [], 'line 1: coefficients'],
    ] as const) {
      const { status, result } = await grad(model, lines(...keys), 'none');
      expect([status, result.error?.field]).toEqual([2, field]);
    }
    expect(existsSync(join(folder, 'none'))).toBe(false);
  });

  it('is loaded and saved again bit for bit', async () => {
    for (const name of ['values', 'both']) {
      const read = async (file: string) => readFileSync(join(folder, name, file));
      const model = await loadModelFolder(read, { scalar: true });
      const saved = saveParameters(model.layout, model.parameters, model.scalar);
      expect(Buffer.from(saved).equals(await read('model.safetensors'))).toBe(true);
    }
  });

  it('is refused by the commands that have no use for the head', async () => {
    const experiment = join(folder, 'experiment.json');
    writeFileSync(experiment, '{}');
    for (const command of [
      ['generate', '--prompt-ids', '5'],
      ['export-onnx', '--out', 'none.onnx'],
      ['eval', '--task', 'countdown'],
      ['train', '--experiment', experiment, '--out', 'none'],
    ]) {
      const { status, result } = await labHere([...command, '--model', 'both'], folder);
      expect([status, result.error?.field], command[0]).toEqual([
        2,
        'model.safetensors: score.weight',
      ]);
    }
  });
});
