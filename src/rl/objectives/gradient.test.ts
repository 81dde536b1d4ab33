import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { prepareAggregation } from './aggregation.ts';
import { objectiveMetrics } from './metrics.ts';
import { tokenCoefficients } from './objective.ts';
import { isSequenceLevel, LOSS_TYPES, type ObjectiveSettings } from './settings.ts';
import { settingsOf } from './testing.ts';

const logp = fc.double({ min: -3, max: -0.05, noNaN: true });
const token = fc.record({
  old: logp,
  shift: fc.double({ min: -0.8, max: 0.8, noNaN: true }),
  ref: logp,
  entropy: fc.double({ min: 0, max: 2, noNaN: true }),
});
const sequence = fc.record({
  advantage: fc.double({ min: -2, max: 2, noNaN: true }),
  truncated: fc.boolean(),
  tokens: fc.array(token, { minLength: 1, maxLength: 5 }),
});
const sequences = fc.array(sequence, { minLength: 1, maxLength: 5 });
type Sequences = typeof sequences extends fc.Arbitrary<infer T> ? T : never;

function pack(list: Sequences) {
  const tokens = list.flatMap((item) => item.tokens);
  let start = 0;
  return {
    sequences: list.map(({ advantage, truncated, tokens: { length } }) => {
      start += length;
      return { start: start - length, length, advantage, truncated };
    }),
    logp: tokens.map(({ old, shift }) => old + shift),
    old: tokens.map(({ old }) => old),
    ref: tokens.map(({ ref }) => ref),
    entropy: tokens.map(({ entropy }) => entropy),
  };
}

/** True where no ratio lies near a bound, where the loss has a kink and no derivative. */
function isSmooth(list: Sequences, settings: ObjectiveSettings): boolean {
  const bounds = [1 - settings.epsilon, 1 + (settings.epsilon_high ?? 0), settings.delta ?? 1.6];
  const ratios = list.flatMap(({ tokens }) => {
    const shifts = tokens.map(({ shift }) => shift);
    const mean = shifts.reduce((a, b) => a + b) / shifts.length;
    return isSequenceLevel(settings) ? [Math.exp(mean)] : shifts.map(Math.exp);
  });
  return ratios.every((ratio) => bounds.every((bound) => Math.abs(ratio - bound) > 1e-4));
}

const full: Partial<ObjectiveSettings> = {
  epsilon: 0.2,
  epsilon_high: 0.28,
  delta: 1.6,
  beta: 0.3,
  entropy_coef: 0.2,
  mask_truncated_completions: true,
};
const STEP = 1e-6;

const cases: Partial<ObjectiveSettings>[] = [
  ...LOSS_TYPES.map((loss_type) => ({
    loss_type,
    importance_sampling_level: 'token' as const,
    ...(loss_type === 'cispo' && { epsilon_high: 1.2 }),
  })),
  { loss_type: 'dr_grpo', importance_sampling_level: 'sequence' },
  // Not cispo: its policy term holds the ratio constant, the correction of the KL does not.
  ...(['token', 'sequence'] as const).map((importance_sampling_level) => ({
    ...{ loss_type: 'grpo' as const, importance_sampling_level, use_bias_correction_kl: true },
  })),
];

const named = cases.map((changes) => ({
  ...changes,
  kl: changes.use_bias_correction_kl ? 'corrected' : 'plain',
}));

describe.each(named)(
  'the coefficients of $loss_type ($importance_sampling_level, KL $kl)',
  ({ kl, ...changes }) => {
    const settings = settingsOf({ ...full, ...changes });

    it('are the derivatives of the loss by each log-prob and each entropy', () => {
      fc.assert(
        fc.property(
          sequences.filter((list) => isSmooth(list, settings)),
          (list) => {
            const batch = pack(list);
            const { coefficients, entropyCoefficients } = tokenCoefficients(batch, settings);
            const lossAt = (name: 'logp' | 'entropy', t: number, change: number) => {
              const moved = (values: number[]) => values.with(t, values[t] + change);
              const next = { ...batch, [name]: moved(batch[name]) };
              // CISPO holds the ratio constant: moving old along with logp does just that.
              if (settings.loss_type === 'cispo' && name === 'logp') next.old = moved(batch.old);
              return tokenCoefficients(next, settings).loss;
            };
            for (let t = 0; t < batch.logp.length; t++) {
              for (const [name, exact] of [
                ['logp', coefficients],
                ['entropy', entropyCoefficients],
              ] as const) {
                const slope = (lossAt(name, t, STEP) - lossAt(name, t, -STEP)) / (2 * STEP);
                expect(Math.abs(exact[t] - slope)).toBeLessThan(1e-7);
              }
            }
          },
        ),
        { numRuns: 60 },
      );
    });

    it('and the metrics are equal to the bit however the step is cut into micro-batches', () => {
      fc.assert(
        fc.property(sequences, fc.nat({ max: 4 }), fc.nat({ max: 4 }), (list, a, b) => {
          const whole = tokenCoefficients(pack(list), settings);
          const { weights, activeTokens } = prepareAggregation(pack(list).sequences, settings);
          const cuts = [0, ...[a, b].map((cut) => Math.min(cut, list.length)).sort(), list.length];
          const parts = cuts.slice(1).map((end, i) => {
            const batch = pack(list.slice(cuts[i], end));
            const share = { weights: weights.slice(cuts[i], end), activeTokens };
            return tokenCoefficients(batch, settings, share);
          });
          expect(parts.flatMap((part) => [...part.coefficients])).toEqual([...whole.coefficients]);
          expect(parts.flatMap((part) => [...part.entropyCoefficients])).toEqual([
            ...whole.entropyCoefficients,
          ]);
          const joined = objectiveMetrics(
            parts.flatMap((part) => part.totals),
            settings,
          );
          expect(joined).toEqual(whole.metrics);
          const shares = parts.reduce((sum, part) => sum + part.loss, 0);
          expect(shares).toBeCloseTo(whole.loss, 12);
        }),
        { numRuns: 60 },
      );
    });
  },
);

describe('objectiveMetrics', () => {
  it('over two passes has the mean of the losses and fractions, and the extremes over both', () => {
    const settings = settingsOf();
    const pass = (ratio: number) => {
      const sequences = [{ start: 0, length: 1, advantage: 1, truncated: false }];
      return tokenCoefficients({ sequences, logp: [Math.log(ratio)], old: [0] }, settings);
    };
    const first = pass(1);
    const second = pass(1.5);
    const both = objectiveMetrics([...first.totals, ...second.totals], settings, 2);
    expect(both.loss).toBeCloseTo((-1 - 1.2) / 2, 14);
    expect(both['clip_ratio/high_mean']).toBe(0.5);
    expect(both['clip_ratio/high_max']).toBe(1);
  });
});
