/** The loss as the training loop asks it: masks, classes and pairs, against finite differences, and against PyTorch (fixtures/discriminator.json). */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Example } from '../learn/example.ts';
import { flat } from '../learn/learn.ts';
import {
  type DiscriminatorSettings,
  discriminatorLoss,
  labelled,
} from './discriminator-learning.ts';

const BCE: DiscriminatorSettings = { reward_loss: 'bce', label_smoothing: 0.1 };
const PAIRS: DiscriminatorSettings = { ...BCE, reward_loss: 'pairwise' };

interface Given {
  readonly role: string;
  readonly values: readonly number[];
  readonly places: readonly number[];
  readonly copies?: number;
  readonly pair?: number;
}

function exampleOf({ role, values, places, copies = 1, pair }: Given): Example {
  const example: Example = {
    ...{ role, group: 0, truncated: false, prompt: [1], columns: {} },
    ...(pair !== undefined && { pair }),
    completion: values.map(() => 3),
  };
  return labelled(example, { expert: role === 'expert', copies, places });
}

/** The loss of an update that is cut into micro-batches of at most `most` examples. */
function lossOf(given: readonly Given[], settings = BCE, most = given.length) {
  const examples = given.map(exampleOf);
  const loss = discriminatorLoss(settings);
  const gradientOf = loss.of(examples);
  let total = 0;
  const slopes: number[] = [];
  for (let from = 0; from < examples.length; from += most) {
    const own = examples.slice(from, from + most);
    const values = given.slice(from, from + most).flatMap((one) => one.values);
    let start = 0;
    const spans = own.map(({ completion: { length } }) => {
      start += length;
      return { start: start - length, length };
    });
    const gradient = gradientOf({
      ...{ examples: own, spans, values, logp: [], entropy: [] },
      column: (name) => flat(own, name),
    });
    total += gradient.loss;
    slopes.push(...Array.from(gradient.valueCoefficients ?? []));
    expect(gradient.coefficients).toBeUndefined();
  }
  return { loss: total, slopes, metrics: loss.metrics() };
}

const traces: readonly Given[] = [
  { role: 'expert', values: [0.5, -1, 2, 0.25], places: [1, 3], copies: 2 },
  { role: 'solver', values: [1.5], places: [0] },
  { role: 'expert', values: [3, 0.125], places: [0, 1] },
  { role: 'solver', values: [-2, -0.5, 0.75], places: [2] },
  { role: 'perturbed', values: [0.5, 0.5], places: [] },
];
const pairs: readonly Given[] = traces.slice(0, 4).map((one, i) => ({
  ...{ ...one, role: i % 2 === 0 ? 'expert' : 'solver', pair: Math.floor(i / 2) },
}));

function nudged(given: readonly Given[], at: number, by: number): Given[] {
  let before = 0;
  return given.map((one) => {
    const values = one.values.map((value, t) => (before + t === at ? value + by : value));
    before += one.values.length;
    return { ...one, values };
  });
}

describe('the discriminator’s loss', () => {
  it.each([
    ['cross-entropy', traces, BCE],
    ['pairs', pairs, PAIRS],
  ] as const)('of %s has the slopes of its finite differences', (_, given, settings) => {
    const { slopes } = lossOf(given, settings);
    slopes.forEach((slope, t) => {
      const at = (by: number) => lossOf(nudged(given, t, by), settings).loss;
      expect(slope).toBeCloseTo((at(1e-6) - at(-1e-6)) / 2e-6, 8);
    });
  });

  it('has slopes where it is read and nowhere else', () => {
    const { slopes } = lossOf(traces);
    expect(slopes.map((slope) => slope !== 0)).toEqual([
      ...[false, true, false, true, true, true, true, false, false, true, false, false],
    ]);
    const last = lossOf(pairs, PAIRS).slopes.map((slope) => slope !== 0);
    expect(last).toEqual([false, false, false, true, true, false, true, false, false, true]);
  });

  it.each([
    ['cross-entropy', traces, BCE, 1],
    ['pairs', pairs, PAIRS, 2],
  ] as const)('of %s does not depend on how an update is cut', (_, given, settings, most) => {
    const whole = lossOf(given, settings);
    const cut = lossOf(given, settings, most);
    expect(cut.slopes).toEqual(whole.slopes);
    expect(cut.loss).toBeCloseTo(whole.loss, 12);
  });

  it('is nothing, and not NaN, where every place is masked', () => {
    const masked = traces.map((one) => ({ ...one, places: [] }));
    const { loss, slopes, metrics } = lossOf(masked);
    expect([loss, new Set(slopes)]).toEqual([0, new Set([0])]);
    expect(metrics).toMatchObject({ 'discriminator/accuracy': null, 'discriminator/gap': null });
  });

  it('refuses pairs that are none, and a learner without a scalar head', () => {
    expect(() => lossOf(traces, PAIRS)).toThrow(RangeError);
    const [example] = traces.map(exampleOf);
    const part = { examples: [example], spans: [{ start: 0, length: 4 }], logp: [], entropy: [] };
    const gradientOf = discriminatorLoss(BCE).of([example]);
    expect(() => gradientOf({ ...part, column: () => undefined })).toThrow('scalar head');
  });
});

describe('what is measured', () => {
  it('weighs both classes the same, counts copies, and leaves out what is not read', () => {
    const { metrics } = lossOf(traces);
    // Experts: -0.375 (twice) is taken for the policy, 1.5625 is not. Completions: 1.5 and 0.75 are both taken for experts.
    expect(metrics['discriminator/accuracy']).toBeCloseTo((1 / 3 + 0) / 2, 12);
    expect(metrics['discriminator/expert']).toBeCloseTo((2 * -0.375 + 1.5625) / 3, 12);
    expect(metrics['discriminator/policy']).toBeCloseTo(1.125, 12);
    expect(metrics['discriminator/perturbed']).toBeNull();
  });

  it('is calibrated where its probabilities are the shares of experts, both classes weighing the same', () => {
    const said = (role: string, p: number, copies: number): Given => ({
      ...{ role, copies, values: [Math.log(p / (1 - p))], places: [0] },
    });
    // Of what it gives 0.25, a quarter are experts; of what it gives 0.75, three quarters. There are twice as many of the others.
    const sound = [said('expert', 0.25, 1), said('expert', 0.75, 3)];
    const others = [said('solver', 0.25, 6), said('solver', 0.75, 2)];
    const key = 'discriminator/calibration_error';
    expect(lossOf([...sound, ...others]).metrics[key]).toBeCloseTo(0, 12);
    // The other way round each is off by one half.
    const turned = [said('expert', 0.75, 1), said('expert', 0.25, 3)];
    const turnedOthers = [said('solver', 0.75, 6), said('solver', 0.25, 2)];
    expect(lossOf([...turned, ...turnedOthers]).metrics[key]).toBeCloseTo(0.5, 12);
    expect(lossOf(sound).metrics[key]).toBeNull();
  });

  it('is as far off in pairs as the lead is from certain, each pair seen from both sides', () => {
    const pair = (lead: number) =>
      lossOf(
        [
          { role: 'expert', values: [lead], places: [0], pair: 0 },
          { role: 'solver', values: [0], places: [0], pair: 0 },
        ],
        PAIRS,
      ).metrics['discriminator/calibration_error'];
    expect(pair(Math.log(3))).toBeCloseTo(0.25, 12);
    expect(pair(-Math.log(3))).toBeCloseTo(0.75, 12);
    expect(pair(0)).toBe(0);
  });

  it('is one half while every logit is 0', () => {
    const zero = (given: readonly Given[]) =>
      given.map((one) => ({ ...one, values: one.values.map(() => 0) }));
    expect(lossOf(zero(traces)).metrics['discriminator/accuracy']).toBe(0.5);
    expect(lossOf(zero(pairs), PAIRS).metrics['discriminator/accuracy']).toBe(0.5);
    expect(lossOf(zero(traces)).loss).toBeCloseTo(Math.LN2, 12);
  });

  it('is what was said in the first pass, before anything was learned', () => {
    const loss = discriminatorLoss(BCE);
    const example = exampleOf(traces[1]);
    const say = (value: number) =>
      loss.of([example])({
        ...{ examples: [example], spans: [{ start: 0, length: 1 }], values: [value] },
        ...{ logp: [], entropy: [], column: () => undefined },
      });
    say(1);
    say(-4);
    expect(loss.metrics()['discriminator/policy']).toBe(1);
  });
});

it('agrees with PyTorch', () => {
  const file = new URL('./fixtures/discriminator.json', import.meta.url);
  const { cases } = JSON.parse(readFileSync(file, 'utf8'));
  for (const { reward_loss, label_smoothing, lines, loss, coefficients, accuracy } of cases) {
    const { slopes, ...own } = lossOf(lines, { reward_loss, label_smoothing });
    expect(own.loss).toBeCloseTo(loss, 12);
    expect(own.metrics['discriminator/accuracy']).toBeCloseTo(accuracy, 12);
    const flatSlopes = coefficients.flat();
    expect(slopes.length).toBe(flatSlopes.length);
    slopes.forEach((slope, i) => {
      expect(slope).toBeCloseTo(flatSlopes[i], 12);
    });
  }
});
