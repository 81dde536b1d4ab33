import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { pixelX, pixelY } from '../plot/frame.ts';
import { syntheticEvaluation } from '../testing/synthetic-evaluation.ts';
import {
  type Curve,
  curveBand,
  curveFrame,
  curvePoints,
  curvesCsv,
  nearestPlace,
  placeSentence,
  placesOf,
} from './curves.ts';
import { kCurves, MAJORITY, numberRows, TRANSFER, transferCurves } from './evaluation-curves.ts';

const SIZE = { width: 320, height: 160 };
const order = {
  split: 'test',
  policy: 'now',
  prompts: 64,
  samples: 64,
  receivers: 'policy receivers/micro',
  receiver_backend: 'kernels',
  transfer_answers: 1,
} as const;
const named = [
  { name: 'before training', evaluation: syntheticEvaluation(order, 0.3) },
  { name: 'step 40', evaluation: syntheticEvaluation(order, 0.5) },
];

describe('a curve against k', () => {
  const curves = kCurves('maj_at_k', named, 1);
  const frame = curveFrame(MAJORITY, curves, SIZE);

  test('has k on a log2 axis: doubling k always goes equally far, from edge to edge', () => {
    const at = [1, 2, 4, 8, 16, 32, 64].map((k) => pixelX(frame, k));
    expect(at[0]).toBe(0);
    expect(at[6]).toBe(frame.width);
    for (let i = 1; i < 7; i++) expect(at[i] - at[i - 1]).toBeCloseTo(frame.width / 6, 9);
    expect(frame.x.ticks).toEqual([1, 2, 4, 8, 16, 32, 64]);
    expect(curveFrame(MAJORITY, curves, { width: 130, height: 50 }).x.ticks).toEqual([
      1, 4, 16, 64,
    ]);
  });

  test('starts at 0, and every value and interval lies within the plot', () => {
    expect(frame.y.low).toBe(0);
    for (const { y, high = y } of curves.flatMap(({ points }) => points)) {
      expect(pixelY(frame, y)).toBeLessThanOrEqual(SIZE.height);
      expect(pixelY(frame, high)).toBeGreaterThanOrEqual(-1e-9);
    }
  });

  test('is full with its band where it is now, and thin without where it is compared with', () => {
    expect(curves.map(({ thin }) => thin)).toEqual([true, false]);
    expect(curves.map((curve) => curveBand(curve).length > 0)).toEqual([false, true]);
  });

  test('is found by the pointer at the nearest k, wherever it is', () => {
    const places = placesOf(curves);
    fc.assert(
      fc.property(fc.double({ min: -50, max: 400, noNaN: true }), (pixel) => {
        const found = nearestPlace(frame, places, pixel);
        const away = places.map((x) => Math.abs(pixelX(frame, x) - pixel));
        expect(away[found]).toBe(Math.min(...away));
      }),
    );
  });

  test('says its values in words and gives all of them as CSV', () => {
    expect(placeSentence(MAJORITY, curves, 1)).toMatch(
      /^k = 1: before training 0\.30 \(0\.25 to 0\.35\), step 40 0\.50 \(/,
    );
    const lines = curvesCsv(MAJORITY, curves).trim().split('\r\n');
    expect(lines).toHaveLength(65);
    expect(lines[0]).toBe(
      'k answers vote,before training,before training low,before training high,step 40,step 40 low,step 40 high',
    );
    expect(lines[1].split(',').map(Number)).toEqual([1, 0.3, 0.25, 0.35, 0.5, 0.45, 0.55]);
  });

  test('with a single answer is one point, and a value that is none leaves a gap', () => {
    const single = syntheticEvaluation({ ...order, samples: 1 }, 0.4);
    const [one] = kCurves('pass_at_k', [{ name: 'now', evaluation: single }], 1);
    const alone = curveFrame(MAJORITY, [one], SIZE);
    expect(pixelX(alone, 1)).toBe(0);
    expect(pixelY(alone, 0.4)).toBeGreaterThan(0);
    const broken: Curve = {
      ...one,
      points: [1, 2, 4, 8].map((x) => ({ x, y: x === 2 ? Number.NaN : 0.5 })),
    };
    expect(curvePoints(frame, broken).map(({ y }) => y)).toEqual([0.5, null, 0.5, 0.5]);
    expect(curvesCsv(MAJORITY, [broken]).split('\r\n')[2]).toBe('2,,,');
  });
});

describe('transferability against the cut', () => {
  test('has for every receiver its curves and its level from scratch, told apart by dashes', () => {
    const curves = transferCurves(named);
    expect(curves.map(({ name }) => name)).toEqual([
      'policy, before training',
      'policy, step 40',
      'policy, from scratch',
      'micro, before training',
      'micro, step 40',
      'micro, from scratch',
    ]);
    expect(curves.map(({ dash }) => dash)).toEqual([0, 0, 0, 1, 1, 1]);
    const level = curves[2];
    const frame = curveFrame(TRANSFER, curves, SIZE);
    expect(curvePoints(frame, level).map(({ x }) => pixelX(frame, x))).toEqual([0, frame.width]);
    expect(new Set(level.points.map(({ y }) => y)).size).toBe(1);
    expect(placesOf(curves)).toEqual([0.05, 0.15, 0.25, 0.35, 0.45, 0.55, 0.65, 0.75, 0.85, 0.95]);
    expect(TRANSFER.place(0.35)).toBe('τ 0.3 to 0.4');
  });

  test('is absent where nobody took over, and so are its rows', () => {
    const bare = syntheticEvaluation({ ...order, receivers: '' }, 0.4);
    expect(transferCurves([{ name: 'now', evaluation: bare }])).toEqual([]);
    const rows = numberRows([{ name: 'now', evaluation: bare }]);
    expect(rows.map(({ name }) => name)).toEqual([
      'Accuracy, held out',
      'Maj@64',
      'Pass@64',
      'Length',
      'Length of right answers',
    ]);
    expect(rows[0].values).toEqual(['0.40 (0.35 to 0.45)']);
  });
});
