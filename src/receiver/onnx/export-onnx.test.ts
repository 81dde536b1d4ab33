/** The exported file against the float64 definition of the model, run by onnxruntime-web. */
import * as ort from 'onnxruntime-web';
import { describe, expect, it } from 'vitest';
import { valueForward } from '../../kernels/value/value.reference.ts';
import { referenceHidden, referenceLogits } from '../../model/reference.ts';
import { bundledModel, randomModel, SHAPES, type TestModel } from '../testing/models.ts';
import { exportOnnx } from './export-onnx.ts';

ort.env.wasm.numThreads = 1;

const ints = (values: readonly number[], dims: readonly number[]) =>
  new ort.Tensor('int64', BigInt64Array.from(values, BigInt), dims);

/** A fixed sequence of ids that is nobody's pattern. */
const someIds = (count: number, vocabulary: number, seed: number) =>
  Array.from({ length: count }, (_, i) => (7 * i * i + 13 * i * seed + seed) % vocabulary);

async function open({ layout, parameters }: TestModel) {
  const session = await ort.InferenceSession.create(exportOnnx({ layout, parameters }), {
    executionProviders: ['wasm'],
  });
  const { num_key_value_heads: kv, head_dim: dim, num_hidden_layers: layers } = layout.config;
  const nothing = (rows: number) =>
    Object.fromEntries(
      Array.from({ length: layers }, (_, n) => ['key', 'value'].map((w) => [n, w] as const))
        .flat()
        .map(([n, w]) => [
          `past_key_values.${n}.${w}`,
          new ort.Tensor('float32', new Float32Array(0), [rows, kv, 0, dim]),
        ]),
    );
  const carried = (out: ort.InferenceSession.OnnxValueMapType) =>
    Object.fromEntries(
      Object.entries(out)
        .filter(([name]) => name !== 'logits')
        .map(([name, tensor]) => [name.replace('present', 'past_key_values'), tensor]),
    );
  return { session, nothing, carried };
}

/** Logits [ids.length, vocabulary] by definition. */
function expected({ layout, parameters }: TestModel, ids: readonly number[]) {
  const all = ids.map((_, i) => i);
  const batch = { ids, positions: all, segmentStarts: ids.map(() => 0) };
  return referenceLogits(layout, parameters, batch, all);
}

function worst(a: ArrayLike<number>, b: ArrayLike<number>): number {
  expect(a.length).toBe(b.length);
  let most = 0;
  for (let i = 0; i < a.length; i++) most = Math.max(most, Math.abs(a[i] - b[i]));
  return most;
}

async function logits(tensor: ort.OnnxValue) {
  return (await (tensor as ort.Tensor).getData()) as Float32Array;
}

const MODELS: readonly (readonly [string, () => Promise<TestModel>])[] = [
  ...Object.entries(SHAPES).map(([name, json]) => [name, async () => randomModel(json)] as const),
  ['countdown-nano', () => bundledModel('policies/countdown-nano')],
];

describe.each(MODELS)('exportOnnx, %s', (_, make) => {
  it('gives the logits of the definition, at once and token by token on its cache', async () => {
    const model = await make();
    const { session, nothing, carried } = await open(model);
    const { vocab_size: vocabulary } = model.layout.config;
    const ids = someIds(11, vocabulary, 5);
    const wanted = expected(model, ids);
    expect(worst(wanted, new Float64Array(wanted.length))).toBeGreaterThan(0.5);

    const whole = await session.run({
      input_ids: ints(ids, [1, 11]),
      position_ids: ints([...ids.keys()], [1, 11]),
      attention_mask: ints(new Array(11).fill(1), [1, 11]),
      ...nothing(1),
    });
    expect(worst(await logits(whole.logits), wanted)).toBeLessThan(1e-4);

    let past: Record<string, ort.OnnxValue> = nothing(1);
    let at = 0;
    for (const count of [4, 1, 3, 1, 1, 1]) {
      const out = await session.run({
        input_ids: ints(ids.slice(at, at + count), [1, count]),
        position_ids: ints(
          Array.from({ length: count }, (_, i) => at + i),
          [1, count],
        ),
        attention_mask: ints(new Array(at + count).fill(1), [1, at + count]),
        ...past,
      });
      const here = wanted.subarray(at * vocabulary, (at + count) * vocabulary);
      expect(worst(await logits(out.logits), here)).toBeLessThan(1e-4);
      past = carried(out);
      at += count;
    }
    await session.release();
  });

  it('gives rows of several lengths, padded on the left, the logits they have alone', async () => {
    const model = await make();
    const { session, nothing, carried } = await open(model);
    const { vocab_size: vocabulary } = model.layout.config;
    const rows = [9, 3, 6].map((length, i) => someIds(length, vocabulary, 2 + i));
    // The last two tokens of each row go through the cache.
    const width = 7;
    const heads = rows.map((row) => row.slice(0, -2));
    const pad = (row: readonly number[], fill: number) => [
      ...new Array(width - row.length).fill(fill),
      ...row,
    ];
    const mask = heads.map((row) => pad(new Array(row.length).fill(1), 0));
    const first = await session.run({
      input_ids: ints(
        heads.flatMap((row) => pad(row, 1)),
        [3, width],
      ),
      position_ids: ints(
        heads.flatMap((row) => pad([...row.keys()], 1)),
        [3, width],
      ),
      attention_mask: ints(mask.flat(), [3, width]),
      ...nothing(3),
    });
    const second = await session.run({
      input_ids: ints(
        rows.flatMap((row) => row.slice(-2)),
        [3, 2],
      ),
      position_ids: ints(
        rows.flatMap((row) => [row.length - 2, row.length - 1]),
        [3, 2],
      ),
      attention_mask: ints(
        mask.flatMap((row) => [...row, 1, 1]),
        [3, width + 2],
      ),
      ...carried(first),
    });
    const prompts = await logits(first.logits);
    const ends = await logits(second.logits);
    rows.forEach((row, r) => {
      const wanted = expected(model, row);
      const split = (row.length - 2) * vocabulary;
      const start = (r * width + width - row.length + 2) * vocabulary;
      const got = prompts.subarray(start, (r + 1) * width * vocabulary);
      expect(worst(got, wanted.subarray(0, split))).toBeLessThan(1e-4);
      const tail = ends.subarray(2 * r * vocabulary, 2 * (r + 1) * vocabulary);
      expect(worst(tail, wanted.subarray(split))).toBeLessThan(1e-4);
    });
    await session.release();
  });
});

describe('exportOnnx', () => {
  it('names its inputs and outputs as Optimum does, and gives equal bytes for equal models', async () => {
    const model = randomModel(SHAPES['grouped queries']);
    const { session } = await open(model);
    const cache = ['0.key', '0.value', '1.key', '1.value'];
    expect([...session.inputNames].sort()).toEqual(
      [
        'input_ids',
        'attention_mask',
        'position_ids',
        ...cache.map((name) => `past_key_values.${name}`),
      ].sort(),
    );
    expect([...session.outputNames].sort()).toEqual(
      ['logits', ...cache.map((name) => `present.${name}`)].sort(),
    );
    await session.release();
    expect(exportOnnx(model)).toEqual(exportOnnx(model));
    const text = new TextDecoder('latin1').decode(exportOnnx(model, { sourceHash: 'ab12' }));
    expect(text).toContain('source_sha256');
    expect(text).toContain('ab12');
  });

  it('gives one logit per token where there is a scalar head in place of the token head', async () => {
    const { layout, parameters } = randomModel(SHAPES['grouped queries']);
    const width = layout.config.hidden_size;
    const head = Float32Array.from({ length: width + 4 }, (_, i) => Math.sin(i + 1));
    const scalar = { head, bias: true };
    const bare = { layout, parameters, scalar };
    const ids = someIds(9, layout.config.vocab_size, 3);
    const session = await ort.InferenceSession.create(exportOnnx(bare), {
      executionProviders: ['wasm'],
    });
    const { nothing } = await open(randomModel(SHAPES['grouped queries']));
    const out = await session.run({
      input_ids: ints(ids, [1, ids.length]),
      attention_mask: ints(
        ids.map(() => 1),
        [1, ids.length],
      ),
      position_ids: ints([...ids.keys()], [1, ids.length]),
      ...nothing(1),
    });
    const rows = [...ids.keys()];
    const batch = { ids, positions: rows, segmentStarts: ids.map(() => 0) };
    const hidden = referenceHidden(layout, parameters, batch, rows);
    const { values } = valueForward({ rows: ids.length, width, hidden, head });
    expect((out.logits as ort.Tensor).dims).toEqual([1, ids.length, 1]);
    expect(worst(await logits(out.logits), values)).toBeLessThan(1e-4);
    await session.release();
  });

  it('refuses a context whose table of rotations would not fit a file', () => {
    const model = randomModel({ ...(SHAPES.untied as object), max_position_embeddings: 2 ** 19 });
    expect(() => exportOnnx(model)).toThrow(/positions/);
  });
});
