import { describe, expect, it } from 'vitest';
import { groupAdvantages } from './advantage.ts';
import { tokenCoefficients } from './objective.ts';
import { LOSS_TYPES, type LossType, type ObjectiveSettings } from './settings.ts';
import { batchOf, expectClose, settingsOf } from './testing.ts';

/** Two completions of 1 and 3 tokens with advantages 2 and -1; ratios 1.5 | 0.5, 1.1, 3. */
const batch = batchOf([
  { advantage: 2, ratios: [1.5] },
  { advantage: -1, ratios: [0.5, 1.1, 3] },
]);

describe('tokenCoefficients, computed by hand', () => {
  // Unweighted slopes: 1.5 at A > 0 is above 1.2, so clipped; 0.5 at A < 0 is below 0.8, so clipped; others -rho A.
  const slopes = [0, 0, 1.1, 3];
  const losses = [-2.4, 0.8, 1.1, 3];
  it.each<[LossType, number[]]>([
    ['grpo', [1 / 2, 1 / 6, 1 / 6, 1 / 6]],
    ['bnpo', [1 / 4, 1 / 4, 1 / 4, 1 / 4]],
    ['dapo', [1 / 4, 1 / 4, 1 / 4, 1 / 4]],
    ['dr_grpo', [1 / 16, 1 / 16, 1 / 16, 1 / 16]],
  ])('%s clips both sides and weighs tokens its way', (loss_type, weights) => {
    const { coefficients, loss, metrics } = tokenCoefficients(batch, settingsOf({ loss_type }));
    expectClose(
      coefficients,
      slopes.map((slope, t) => slope * weights[t]),
    );
    expect(loss).toBeCloseTo(
      losses.reduce((sum, l, t) => sum + l * weights[t], 0),
      13,
    );
    expect(metrics['clip_ratio/low_mean']).toBe(1 / 4);
    expect(metrics['clip_ratio/low_min']).toBe(0);
    expect(metrics['clip_ratio/high_mean']).toBe(1 / 4);
    expect(metrics['clip_ratio/high_max']).toBe(1);
    expect(metrics['clip_ratio/region_mean']).toBe(1 / 2);
    expect(metrics.ratio_mean).toBeCloseTo(6.1 / 4, 13);
  });

  it('delta stops a token that became far too likely at a negative advantage', () => {
    const { coefficients, loss } = tokenCoefficients(batch, settingsOf({ delta: 2 }));
    expectClose(coefficients, [0, 0, 1.1 / 6, 0]);
    expect(loss).toBeCloseTo(-1.2 + (0.8 + 1.1 + 2) / 6, 13);
  });

  it('gspo uses the geometric mean of the ratios of a completion for each of its tokens', () => {
    const mild = batchOf([
      { advantage: 2, ratios: [1.1, 0.9, 1] },
      { advantage: -1, ratios: [0.5, 1] },
    ]);
    const s = (1.1 * 0.9) ** (1 / 3);
    // The second completion's ratio is sqrt(0.5), below 0.8 at a negative advantage: clipped, all of its tokens.
    const result = tokenCoefficients(mild, settingsOf({ loss_type: 'gspo' }));
    expectClose(result.coefficients, [...new Array(3).fill((-s * 2) / 6), 0, 0]);
    expect(result.loss).toBeCloseTo((-2 * s + 0.8) / 2, 13);
    // One of two completions, although it is two of five tokens.
    expect(result.metrics['clip_ratio/low_mean']).toBe(1 / 2);
    const spelled = settingsOf({ loss_type: 'grpo', importance_sampling_level: 'sequence' });
    expect(tokenCoefficients(mild, spelled)).toEqual(result);
  });

  it('cispo keeps a gradient on every token, its ratio capped and held constant', () => {
    const settings = settingsOf({ loss_type: 'cispo', epsilon_high: 1.2 });
    const { coefficients, loss, metrics } = tokenCoefficients(batch, settings);
    const expected = [-1.2 * 2, 0.5, 1.1, 1.2].map((slope) => slope / 4);
    expectClose(coefficients, expected);
    expect(loss).toBeCloseTo(
      expected.reduce((sum, c, t) => sum + c * batch.logp[t], 0),
      13,
    );
    expect(metrics.cispo_clip_ratio).toBe(1 / 4);
    expect(metrics).not.toHaveProperty('clip_ratio/region_mean');
  });

  it('KL adds beta (1 - exp(ref - logp)), clipped or not', () => {
    const ref = batch.logp.map((logp, t) => logp + [Math.log(2), 0, -Math.log(2), 0][t]);
    const plain = tokenCoefficients(batch, settingsOf({ loss_type: 'dapo' }));
    const { coefficients, loss, metrics } = tokenCoefficients(
      { ...batch, ref },
      settingsOf({ loss_type: 'dapo', beta: 0.5 }),
    );
    const added = [-1, 0, 0.5, 0].map((slope) => (0.5 * slope) / 4);
    expectClose(
      coefficients,
      plain.coefficients.map((c, t) => c + added[t]),
    );
    const kl = (2 - Math.log(2) - 1 + (0.5 + Math.log(2) - 1)) / 4;
    expect(metrics.kl).toBeCloseTo(kl, 13);
    expect(loss).toBeCloseTo(plain.loss + 0.5 * kl, 13);
  });

  it('the corrected KL is the ratio times the KL, and has a slope where the KL alone has none', () => {
    const tight = { use_bias_correction_kl: true, beta: 0.5, loss_type: 'dapo' } as const;
    // Advantages of 0 leave the KL alone. Ratios 2 and 1; the reference is half as likely, then equally likely.
    const two = batchOf([{ advantage: 0, ratios: [2, 1] }]);
    const ref = [two.logp[0] - Math.log(2), two.logp[1]];
    const { coefficients, loss, metrics } = tokenCoefficients({ ...two, ref }, settingsOf(tight));
    const kl = 0.5 + Math.log(2) - 1;
    // Divided by two tokens: beta rho (1 - exp(ref - logp) + KL).
    expectClose(coefficients, [(0.5 * 2 * (0.5 + kl)) / 2, 0]);
    expect(loss).toBeCloseTo((0.5 * 2 * kl) / 2, 14);
    expect(metrics.kl).toBeCloseTo((2 * kl) / 2, 14);
    // On-policy the value is that of the plain KL, and the slope is not.
    const on = { ...batchOf([{ advantage: 0, ratios: [1, 1] }]), ref };
    const there = { ...on, logp: two.logp, old: two.logp };
    const corrected = tokenCoefficients(there, settingsOf(tight));
    const plain = tokenCoefficients(there, settingsOf({ ...tight, use_bias_correction_kl: false }));
    expect(corrected.loss).toBe(plain.loss);
    expect(corrected.coefficients[0]).toBeCloseTo(plain.coefficients[0] + (0.5 * kl) / 2, 14);
  });
});

describe.each(LOSS_TYPES)('tokenCoefficients for %s', (loss_type) => {
  const settings = (more: Partial<ObjectiveSettings> = {}) =>
    settingsOf({ loss_type, epsilon_high: loss_type === 'cispo' ? 5 : null, ...more });

  it('at ratio 1 has slope -A on every token, and for equal lengths a loss of 0 unless log-probs enter it', () => {
    const { advantages } = groupAdvantages([1, 0, 0], 3, 'group');
    const onPolicy = batchOf([...advantages].map((advantage) => ({ advantage, ratios: [1, 1] })));
    const { coefficients, loss, metrics } = tokenCoefficients(onPolicy, settings());
    const weight = loss_type === 'dr_grpo' ? 1 / 24 : 1 / 6;
    expectClose(
      coefficients,
      [0, 0, 1, 1, 2, 2].map((i) => -advantages[i] * weight),
    );
    expect(Math.max(...coefficients.map(Math.abs))).toBeGreaterThan(0.02);
    if (loss_type !== 'cispo') expect(Math.abs(loss)).toBeLessThan(1e-15);
    expect(metrics.ratio_mean).toBe(1);
    const withoutOld = { ...onPolicy, old: undefined };
    expect(tokenCoefficients(withoutOld, settings())).toEqual(
      tokenCoefficients(onPolicy, settings()),
    );
  });

  it('has no gradient for a group of equal rewards, nor for a group of one', () => {
    const equal = groupAdvantages([0.1, 0.1, 0.1], 3, 'group').advantages;
    const single = groupAdvantages([1], 1, 'group').advantages;
    for (const advantages of [equal, single]) {
      const ratios = [0.5, 1, 2];
      const flat = batchOf([...advantages].map((advantage) => ({ advantage, ratios })));
      const { coefficients, loss } = tokenCoefficients(flat, settings());
      expectClose(coefficients, new Array(coefficients.length).fill(0), 0);
      expect(Math.abs(loss)).toBe(0);
    }
  });

  it('has the same entropy bonus as every other loss: its weight times the mean entropy of a token that counts', () => {
    const entropy = [0.1, 0.2, 0.3, 0.6];
    const plain = tokenCoefficients(batch, settings());
    const more = settings({ entropy_coef: 0.5, max_completion_length: 512 });
    const none = settings({ max_completion_length: 512 });
    const result = tokenCoefficients({ ...batch, entropy }, more);
    expect([...result.entropyCoefficients]).toEqual(new Array(4).fill(-0.5 / 4));
    expect(result.coefficients).toEqual(tokenCoefficients(batch, none).coefficients);
    expect(result.metrics.entropy).toBeCloseTo(0.3, 14);
    expect(result.metrics.policy_loss).toBe(tokenCoefficients(batch, none).loss);
    expect(result.metrics.loss).toBeCloseTo(result.metrics.policy_loss - 0.15, 14);
    expect(plain.metrics).not.toHaveProperty('entropy');
    // The first completion is cut off and masked: the mean is over the other three tokens.
    const cut = batch.sequences.map((sequence, i) => ({ ...sequence, truncated: i === 0 }));
    const masked = { ...more, mask_truncated_completions: true };
    const rest = tokenCoefficients({ ...batch, sequences: cut, entropy }, masked);
    expect([...rest.entropyCoefficients]).toEqual([0, ...new Array(3).fill(-0.5 / 3)]);
    expect(rest.metrics.loss).toBeCloseTo(rest.metrics.policy_loss - (0.5 * 1.1) / 3, 14);
  });

  it('permutes with its completions', () => {
    const items = [
      { advantage: 1, ratios: [0.9, 1.3] },
      { advantage: -0.5, ratios: [0.7, 1, 1.05] },
    ];
    const forward = tokenCoefficients(batchOf(items), settings()).coefficients;
    const backward = tokenCoefficients(batchOf([...items].reverse()), settings()).coefficients;
    expectClose(backward, [...forward.slice(2), ...forward.slice(0, 2)]);
  });

  it('halves each coefficient and keeps the loss when the batch is duplicated: the same mean gradient', () => {
    const items = [
      { advantage: 1, ratios: [0.9, 1.3] },
      { advantage: -0.5, ratios: [0.7, 1, 1.05] },
    ];
    const once = tokenCoefficients(batchOf(items), settings());
    const twice = tokenCoefficients(batchOf([...items, ...items]), settings());
    expectClose(
      twice.coefficients,
      [...once.coefficients, ...once.coefficients].map((c) => c / 2),
    );
    expect(twice.loss).toBeCloseTo(once.loss, 13);
    expect(twice.metrics.ratio_mean).toBeCloseTo(once.metrics.ratio_mean, 13);
  });

  it('never reads nor writes padding', () => {
    const items = [
      { advantage: 1, ratios: [0.9, 1.3] },
      { advantage: -0.5, ratios: [0.7] },
    ];
    const more = settings({ beta: 0.1, entropy_coef: 0.1 });
    const dense = batchOf(items, { extras: true });
    const padded = batchOf(items, { extras: true, padding: 2 });
    const { coefficients, entropyCoefficients, metrics } = tokenCoefficients(padded, more);
    const expected = tokenCoefficients(dense, more);
    const [a, b, c] = expected.coefficients;
    expect([...coefficients]).toEqual([0, 0, a, b, 0, 0, c, 0, 0]);
    const [x, y, z] = expected.entropyCoefficients;
    expect([...entropyCoefficients]).toEqual([0, 0, x, y, 0, 0, z, 0, 0]);
    expect(metrics).toEqual(expected.metrics);
  });

  it('leaves truncated completions out when masked, and is zero when all are', () => {
    const masking = settings({ mask_truncated_completions: true, beta: 0.1, entropy_coef: 0.1 });
    const cut = { advantage: 1, ratios: [0.9, 3], truncated: true };
    const whole = { advantage: -1, ratios: [1.1, 0.9] };
    const mixed = tokenCoefficients(batchOf([cut, whole], { extras: true }), masking);
    expect([...mixed.coefficients.slice(0, 2)]).toEqual([0, 0]);
    expect([...mixed.entropyCoefficients.slice(0, 2)]).toEqual([0, 0]);
    expect(mixed.coefficients[2]).not.toBe(0);
    // The ratios of the truncated one are 0.9 and 3: they must not show.
    expect(Math.abs(mixed.metrics.ratio_mean - 1)).toBeLessThan(0.01);

    const none = tokenCoefficients(batchOf([cut, cut], { extras: true }), masking);
    expect(new Set(none.coefficients)).toEqual(new Set([0]));
    expect(none.loss).toBe(0);
    for (const value of Object.values(none.metrics)) expect(value).toBe(0);
    expect(none.metrics).not.toHaveProperty('kl');
  });
});

describe('tokenCoefficients', () => {
  it('stays finite when a token became e^50 times likelier, and gives it no policy gradient', () => {
    const wild = { ...batchOf([{ advantage: -1, ratios: [1, 1] }]), old: [-1, -51] };
    const { coefficients, loss } = tokenCoefficients({ ...wild, logp: [-1, -1] }, settingsOf());
    expectClose(coefficients, [0.5, 0]);
    expect(loss).toBeCloseTo((1 + Math.exp(20)) / 2, 3);
  });

  it('refuses a missing reference, missing entropies and arrays that do not fit', () => {
    expect(() => tokenCoefficients(batch, settingsOf({ beta: 0.1 }))).toThrow(/reference/);
    expect(() => tokenCoefficients(batch, settingsOf({ entropy_coef: 0.1 }))).toThrow(/entropies/);
    expect(() => tokenCoefficients({ ...batch, old: [0] }, settingsOf())).toThrow(RangeError);
    expect(() => tokenCoefficients(batch, settingsOf(), { weights: [1], activeTokens: 4 })).toThrow(
      RangeError,
    );
    const outside = [{ start: 3, length: 2, advantage: 1, truncated: false }];
    expect(() => tokenCoefficients({ ...batch, sequences: outside }, settingsOf())).toThrow(
      /outside/,
    );
  });
});
