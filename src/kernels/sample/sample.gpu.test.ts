import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { testGpu } from '../../gpu/testing/test-gpu.ts';
import { integers, normals } from '../checking/data.ts';
import { both, input, output, runKernel } from '../checking/run.ts';
import { describeCheck } from '../testing/describe-check.ts';
import { supportsVariant, VARIANTS } from '../variants.ts';
import { philox4x32 } from './philox.ts';
import { decodeBeginCheck, sampleCheck } from './sample.check.ts';
import { keptTokens, scaled } from './sample.reference.ts';
import {
  philoxWgsl,
  recordSample,
  type SamplingSettings,
  sampleSettings,
  usesFilters,
} from './sample.ts';

const gpu = await testGpu();
const variants = VARIANTS.sample.filter((v) => supportsVariant(gpu.info, v));
const PLAIN: SamplingSettings = { temperature: 1, topK: 0, topP: 1, minP: 0, greedy: false };

describeCheck(gpu, sampleCheck);
describeCheck(gpu, decodeBeginCheck);

interface Draw {
  readonly logits: Float32Array<ArrayBuffer>;
  readonly vocabulary: number;
  readonly settings?: SamplingSettings;
  /** uid of the sequence of each row. */
  readonly uids: readonly number[];
  readonly position?: number;
  readonly key?: readonly [number, number];
}

/** One token and its log-probability for each row. */
async function draw({ logits, vocabulary, settings = PLAIN, uids, position = 3, key }: Draw) {
  const rows = uids.length;
  const { floats, words } = await runKernel(
    gpu,
    {
      active: input(Uint32Array.from(uids, (_, row) => row)),
      logits: input(logits),
      settings: input(sampleSettings(settings, key ?? [5, 6])),
      state: both(Uint32Array.from(uids.flatMap((uid) => [0, position, 1, uid]))),
      tokens: output(rows),
      logprobs: output(rows),
    },
    (recorder, slices) =>
      recordSample(recorder, {
        ...{ rows, vocabulary, stride: logits.length / rows, budget: 1, eos: vocabulary },
        ...{ temperature: settings.temperature, filters: usesFilters(settings) },
        ...slices,
      }),
  );
  return { tokens: words.tokens, logprobs: floats.logprobs };
}

/** The same row of logits for everybody, stride a multiple of 4. */
function repeated(row: readonly number[], rows: number): Float32Array<ArrayBuffer> {
  const stride = Math.ceil(row.length / 4) * 4;
  return Float32Array.from({ length: rows * stride }, (_, i) => row[i % stride] ?? Number.NaN);
}

const upTo = (n: number) => Array.from({ length: n }, (_, i) => i);

function chiSquare(counts: readonly number[], probabilities: readonly number[]): number {
  const total = counts.reduce((a, b) => a + b, 0);
  return counts.reduce(
    (sum, n, i) => sum + (n - total * probabilities[i]) ** 2 / (total * probabilities[i]),
    0,
  );
}

describe('the generator in WGSL', () => {
  it('equals its TypeScript twin word for word, at the edges too', async () => {
    const blocks = integers(1, 6 * 500, 2 ** 32);
    blocks.set([0, 0, 0, 0, 0, 0].concat(Array(6).fill(0xffffffff)));
    const source = `${philoxWgsl()}
      @group(0) @binding(0) var<uniform> count: u32;
      @group(0) @binding(1) var<storage, read> blocks: array<u32>;
      @group(0) @binding(2) var<storage, read_write> result: array<vec4u>;
      @compute @workgroup_size(64)
      fn main(@builtin(global_invocation_id) id: vec3u) {
        if (id.x >= count) { return; }
        let b = 6u * id.x;
        let counter = vec4u(blocks[b], blocks[b + 1u], blocks[b + 2u], blocks[b + 3u]);
        result[id.x] = philox(counter, vec2u(blocks[b + 4u], blocks[b + 5u]));
      }`;
    const { words } = await runKernel(
      gpu,
      { blocks: input(blocks), result: output(4 * 500) },
      (recorder, slices) =>
        recorder.add({
          kernel: { name: 'philox', variant: 'test', source, bindings: ['read', 'write'] },
          words: { u32: [500] },
          bind: [slices.blocks, slices.result],
          grid: [8],
        }),
    );
    const expected = upTo(500).flatMap((i) => {
      const [a, b, c, d, k0, k1] = blocks.subarray(6 * i, 6 * i + 6);
      return philox4x32([a, b, c, d], [k0, k1]);
    });
    expect([...words.result]).toEqual(expected);
  });
});

describe.each(variants)('draws (%s)', (variant) => {
  beforeAll(() => void gpu.variants.set('sample', variant));
  afterAll(() => void gpu.variants.delete('sample'));
  const probabilities = [0.45, 0.25, 0.12, 0.08, 0.05, 0.03, 0.015, 0.005];
  const rows = 65_536;

  it('follow the distribution: chi-square of 262,144 draws, and of pairs at neighbouring positions', async () => {
    const logits = repeated(probabilities.map(Math.log), rows);
    const uids = upTo(rows);
    const draws: Uint32Array[] = [];
    for (const position of [0, 1, 2, 3]) {
      draws.push((await draw({ logits, vocabulary: 8, uids, position })).tokens);
    }
    const counts = Array(8).fill(0);
    for (const tokens of draws) for (const token of tokens) counts[token] += 1;
    // 7 degrees of freedom: above 27.9 once in 10,000 times.
    expect(chiSquare(counts, probabilities)).toBeLessThan(27.9);
    const tilted = probabilities.map((p) => p ** 1.03);
    const mass = tilted.reduce((a, b) => a + b, 0);
    expect(
      chiSquare(
        counts,
        tilted.map((p) => p / mass),
      ),
    ).toBeGreaterThan(27.9);
    const pairs = Array(64).fill(0);
    for (let i = 0; i < rows; i++) pairs[8 * draws[0][i] + draws[1][i]] += 1;
    const joint = probabilities.flatMap((p) => probabilities.map((q) => p * q));
    // 63 degrees of freedom: above 113.5 once in 10,000 times.
    expect(chiSquare(pairs, joint)).toBeLessThan(113.5);
  });

  it.each<Partial<SamplingSettings>>([
    { topK: 7 },
    { topP: 0.5 },
    { minP: 0.8 },
    { topK: 30, topP: 0.4, minP: 0.7, temperature: 0.6 },
  ])('reach exactly the tokens that %j keeps', async (some) => {
    const settings = { ...PLAIN, ...some };
    // Nearly flat, so that every kept token comes up among 4,096 draws; ids 3 and 60 tie.
    const row = [...normals(4, 65, 0.2)];
    row[60] = row[3];
    const { tokens } = await draw({
      ...{ logits: repeated(row, 4096), vocabulary: 65, settings, uids: upTo(4096) },
    });
    const kept = keptTokens(scaled(Float32Array.from(row), settings.temperature), settings);
    const expected = upTo(65).filter((j) => kept[j]);
    expect(expected.length).toBeGreaterThan(1);
    expect(expected.length).toBeLessThan(60);
    expect([...new Set(tokens)].sort((a, b) => a - b)).toEqual(expected);
  });

  it('take the lower id where greedy scores tie', async () => {
    const settings = { ...PLAIN, greedy: true };
    const tied = [
      [1, 1, 1, 1, 1],
      [0, 2, 1, 1, 2],
      [-3, -9, -9, -9, -3],
    ].map((row) => [...row, ...[9, 9, 9]]);
    const logits = Float32Array.from(tied.flat());
    const { tokens } = await draw({ logits, vocabulary: 5, settings, uids: [1, 2, 3] });
    expect([...tokens]).toEqual([0, 1, 0]);
  });

  it('depend neither on the order of the rows nor on how many there are', async () => {
    const logits = normals(6, 40 * 64);
    const whole = await draw({ logits, vocabulary: 63, uids: upTo(40) });
    const order = upTo(40).map((i) => (i * 7 + 3) % 40);
    const shuffled = Float32Array.from(
      order.flatMap((i) => [...logits.subarray(64 * i, 64 * i + 64)]),
    );
    const again = await draw({ logits: shuffled, vocabulary: 63, uids: order });
    expect([...again.tokens]).toEqual(order.map((i) => whole.tokens[i]));
    expect([...again.logprobs]).toEqual(order.map((i) => whole.logprobs[i]));
    const alone = await draw({
      ...{ logits: logits.slice(64 * 11, 64 * 12), vocabulary: 63, uids: [11] },
    });
    expect(alone.tokens[0]).toBe(whole.tokens[11]);
  });

  it('change with the key, the position and the sequence', async () => {
    const logits = repeated(Array(64).fill(0), 64);
    const base = { logits, vocabulary: 64, uids: upTo(64) };
    const first = await draw(base);
    const others = [
      { key: [5, 7] as const },
      { position: 4 },
      { uids: upTo(64).map((i) => i + 64) },
    ];
    for (const other of others) {
      const { tokens } = await draw({ ...base, ...other });
      expect(tokens.filter((token, i) => token === first.tokens[i]).length).toBeLessThan(10);
    }
  });
});

it('makes the same draws in both families, filters or not, except where two tokens all but tie', async () => {
  const logits = normals(6, 512 * 64);
  const filters = { ...PLAIN, topK: 20, topP: 0.8, minP: 0.02 };
  for (const settings of [PLAIN, filters]) {
    const drawn: Uint32Array[] = [];
    for (const variant of variants) {
      gpu.variants.set('sample', variant);
      drawn.push((await draw({ logits, vocabulary: 63, settings, uids: upTo(512) })).tokens);
    }
    gpu.variants.delete('sample');
    const [scalar, lanes, subgroups = lanes] = drawn;
    expect(subgroups).toEqual(lanes);
    expect(lanes.filter((token, i) => token !== scalar[i]).length).toBeLessThan(3);
  }
});
