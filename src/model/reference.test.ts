import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseModelConfig } from './config.ts';
import { type ParameterLayout, parameterLayout } from './parameters.ts';
import {
  type ReferenceBatch,
  referenceGradient,
  referenceLogits,
  referenceScores,
} from './reference.ts';

/** What make_llama_fixture.py wrote. */
interface Fixture {
  readonly config: unknown;
  readonly sequences: readonly (readonly number[])[];
  readonly temperature: number;
  readonly rows: readonly number[];
  readonly targets: readonly number[];
  readonly coefficients: readonly number[];
  readonly entropy_coefficients: readonly number[];
  readonly logits: string;
  readonly logprobs: string;
  readonly entropies: string;
  readonly names: readonly string[];
  readonly gradients: Readonly<Record<string, string>>;
}

const fixtures: Record<string, Fixture> = JSON.parse(
  readFileSync(new URL('./fixtures/llama.json', import.meta.url), 'utf8'),
);

function doubles(base64: string): Float64Array {
  return new Float64Array(new Uint8Array(Buffer.from(base64, 'base64')).buffer);
}

function pack(sequences: readonly (readonly number[])[]): ReferenceBatch {
  const starts = sequences.map((_, s) => sequences.slice(0, s).reduce((n, x) => n + x.length, 0));
  return {
    ids: sequences.flat(),
    positions: sequences.flatMap((ids) => ids.map((_, i) => i)),
    segmentStarts: sequences.flatMap((ids, s) => ids.map(() => starts[s])),
  };
}

/** The weights of the fixture's closed formula. */
function formulaWeights(layout: ParameterLayout, names: readonly string[]): Float64Array {
  const flat = new Float64Array(layout.count);
  for (const { name, offset, size } of layout.tensors) {
    const gain = name.includes('norm') ? 1 : 0;
    const t = names.indexOf(name);
    expect(t, name).toBeGreaterThanOrEqual(0);
    for (let i = 0; i < size; i++) flat[offset + i] = gain + 0.2 * Math.sin(i + 1 + 100 * t);
  }
  return flat;
}

function farthest(a: ArrayLike<number>, b: ArrayLike<number>): number {
  expect(a.length).toBe(b.length);
  return Array.from(a).reduce((worst, x, i) => Math.max(worst, Math.abs(x - b[i])), 0);
}

describe.each(Object.keys(fixtures))('the float64 reference of %s', (key) => {
  const fixture = fixtures[key];
  const layout = parameterLayout(parseModelConfig(fixture.config));
  const p = formulaWeights(layout, fixture.names);
  const batch = pack(fixture.sequences);
  const { rows, targets, temperature, coefficients } = fixture;
  const entropyCoefficients = fixture.entropy_coefficients;
  const scored = { rows, targets, temperature };

  it('gives the logits, log-probabilities and entropies of PyTorch, sequence by sequence', () => {
    expect(farthest(referenceLogits(layout, p, batch, rows), doubles(fixture.logits))).toBeLessThan(
      1e-12,
    );
    const scores = referenceScores(layout, p, batch, scored);
    expect(farthest(scores.logprobs, doubles(fixture.logprobs))).toBeLessThan(1e-12);
    expect(farthest(scores.entropies, doubles(fixture.entropies))).toBeLessThan(1e-12);
  });

  it("gives PyTorch's gradient of every tensor, and none in the padding", () => {
    const g = referenceGradient(layout, p, batch, { ...scored, coefficients, entropyCoefficients });
    expect([...fixture.names].sort()).toEqual(layout.tensors.map((t) => t.name).sort());
    for (const { name, offset, size } of layout.tensors) {
      const expected = doubles(fixture.gradients[name]);
      const scale = Math.sqrt(expected.reduce((sum, x) => sum + x * x, 0) / size);
      // A shift of all keys changes no softmax, so the true gradient of the key bias may be rounding noise only.
      const distance = farthest(g.subarray(offset, offset + size), expected);
      expect(distance, name).toBeLessThan(1e-11 * Math.max(scale, 1e-3));
      g.fill(0, offset, offset + size);
    }
    expect(g.every((x) => x === 0)).toBe(true);
  });

  it('agrees with central differences in every tensor', () => {
    const objective = (at: Float64Array) => {
      const { logprobs, entropies } = referenceScores(layout, at, batch, scored);
      return logprobs.reduce((sum, lp, i) => {
        return sum + coefficients[i] * lp + entropyCoefficients[i] * entropies[i];
      }, 0);
    };
    const g = referenceGradient(layout, p, batch, { ...scored, coefficients, entropyCoefficients });
    for (const { name, offset, size } of layout.tensors) {
      // One direction of unit length in each tensor, and the slope along it from both sides.
      const raw = Float64Array.from({ length: size }, (_, i) => Math.cos(1.7 * i * i + offset));
      const length = Math.hypot(...raw);
      const direction = raw.map((d) => d / length);
      const eps = 1e-5;
      const moved = (sign: number) => {
        const q = p.slice();
        for (let i = 0; i < size; i++) q[offset + i] += sign * eps * direction[i];
        return objective(q);
      };
      const slope = (moved(1) - moved(-1)) / (2 * eps);
      const expected = direction.reduce((sum, d, i) => sum + d * g[offset + i], 0);
      expect(Math.abs(slope - expected), name).toBeLessThan(1e-8 * (1 + Math.abs(expected)));
    }
  });

  it('is not changed by other packed sequences or later tokens', () => {
    const alone = pack([fixture.sequences[2]]);
    const from = fixture.sequences[0].length + fixture.sequences[1].length;
    const local = [0, 3, 8];
    const inBatch = referenceLogits(
      layout,
      p,
      batch,
      local.map((r) => r + from),
    );
    expect(farthest(referenceLogits(layout, p, alone, local), inBatch)).toBe(0);
    const cut = pack([fixture.sequences[2].slice(0, 4)]);
    expect(
      farthest(
        referenceLogits(layout, p, cut, [0, 3]),
        inBatch.subarray(0, 2 * layout.lmHead.rows),
      ),
    ).toBe(0);
  });

  it('gives a zero gradient where no coefficient asks for one', () => {
    const none = new Float64Array(rows.length);
    const zero = { ...scored, coefficients: none, entropyCoefficients: none };
    expect(referenceGradient(layout, p, batch, zero).every((x) => x === 0)).toBe(true);
  });
});
