/** The clip plot is the loss that trains, drawn. */
import { describe, expect, test } from 'vitest';
import { clippedSurrogate } from '../../../rl/objectives/clip.ts';
import { OBJECTIVE_DEFAULTS, type ObjectiveSettings } from '../../../rl/objectives/settings.ts';
import type { CompletionRecord } from '../../../rl/records.ts';
import { madeRecord } from '../../testing/made-record.ts';
import type { BatchAnswer, StepBatch } from '../step-batch.ts';
import { clipView, logpAt, type Moment, momentsOf, objectiveAt, trainedAt } from './clip-view.ts';

const SIZE = { width: 200, height: 80 };

function answer(advantage: number, tokens: CompletionRecord['tokens']): BatchAnswer {
  const old = tokens.logprob;
  return {
    ...{ record: madeRecord({ tokens }), reward: 0, advantage, old, truncated: false },
    ...{ advantages: old.map(() => advantage), critic: old.map(() => advantage) },
  };
}

/** Two tokens that two passes moved by so much. */
const moved = (advantage: number, pass: readonly number[], after: readonly number[]) =>
  answer(advantage, {
    ...{ logprob: [-1, -2], before: [-1, -2], pass_1: [-1, -2] },
    pass_2: [-1 + pass[0], -2 + pass[1]],
    after: [-1 + after[0], -2 + after[1]],
  });

function batchOf(answers: readonly BatchAnswer[], settings: Partial<ObjectiveSettings> = {}) {
  const all = { ...OBJECTIVE_DEFAULTS, ...settings };
  const batch: StepBatch = {
    ...{ step: 1, size: { completions: answers.length, activeTokens: 10 } },
    ...{ groups: [{ question: '', answers }], trained: all.loss_type, settings: all },
    ...{ scale: 'none', critic: 'mean' },
  };
  return batch;
}

const up = moved(2, [0.1, 0.5], [0.3, 0.5]);
const down = moved(-1, [-0.1, -0.5], [-0.3, 0.4]);

test('the moments are the passes in their order and what came after; a logged step has none', () => {
  expect(momentsOf(up.record)).toEqual([1, 2, 'after']);
  expect(momentsOf(answer(1, { logprob: [-1], before: [-1], after: [-0.5] }).record)).toEqual([
    1,
    'after',
  ]);
  expect(momentsOf(answer(1, { logprob: [-1] }).record)).toEqual([]);
  expect(([1, 2, 'after'] as Moment[]).map((at) => logpAt(up, at)[0])).toEqual([-1, -0.9, -0.7]);
});

test('a pass has the coefficients of the ratio that it began with', () => {
  const batch = batchOf([up, down]);
  const [first, second] = [1, 2].map((at) => trainedAt(up, at, batch));
  expect([...(first?.ratios ?? [])]).toEqual([1, 1]);
  expect([...(first?.policy ?? [])]).toEqual([-0.2, -0.2]);
  expect(second?.policy[0]).toBeCloseTo((-2 * Math.exp(0.1)) / 10, 12);
  // e^0.5 lies beyond 1.2, where the clip takes the push away.
  expect([second?.policy[1], second?.held]).toEqual([0, [false, true]]);
});

describe('the line', () => {
  test.each([
    ['above 0', 1, {}],
    ['below 0', -1, {}],
    ['below 0 with a cap', -1, { delta: 1.5 }],
    ['above 0, a wider upper bound', 1, { epsilon_high: 0.28 }],
  ] as const)('is the objective, an advantage %s', (_, sign, settings) => {
    const all = { ...OBJECTIVE_DEFAULTS, ...settings };
    const batch = batchOf([sign > 0 ? up : down], settings);
    const view = clipView(batch, { answer: batch.groups[0].answers[0], token: 0, moment: 2 }, SIZE);
    const line = view?.line ?? [];
    const heightAt = (x: number) => {
      const i = line.findIndex((point) => point.x >= x);
      const [a, b] = [line[Math.max(0, i - 1)], line[i]];
      if (a === b) return a.y ?? 0;
      return (a.y ?? 0) + ((x - a.x) / (b.x - a.x)) * ((b.y ?? 0) - (a.y ?? 0));
    };
    for (let x = line[0].x + 0.005; x < line[line.length - 1].x; x += 0.013) {
      expect(heightAt(x)).toBeCloseTo(-clippedSurrogate(x, sign, all).loss, 10);
      const held = view?.held.some(({ from, to }) => x > from && x < to);
      expect(held).toBe(clippedSurrogate(x, sign, all).slope === 0);
    }
  });

  test('of cispo is the push, which a cap bounds and nothing takes away', () => {
    const settings = { ...OBJECTIVE_DEFAULTS, loss_type: 'cispo', epsilon_high: 5 } as const;
    expect([objectiveAt(2, 1, settings), objectiveAt(9, 1, settings)]).toEqual([2, 5]);
    expect(objectiveAt(9, -1, settings)).toBe(-5);
  });
});

test('tokens of the same sign are counted and drawn on the line, the one in focus moment by moment', () => {
  const batch = batchOf([up, down]);
  const view = clipView(batch, { answer: up, token: 0, moment: 'after' }, SIZE);
  // Of the two tokens above 0 e^0.3 and e^0.5 are beyond 1.2.
  expect([view?.sign, view?.tokens, view?.beyond]).toEqual([1, 2, 2]);
  expect(view?.others.map(({ x, y }) => [x.toFixed(2), y])).toEqual([
    ['1.35', 1.2],
    ['1.65', 1.2],
  ]);
  expect(view?.own.map(({ moment, x }) => [moment, x.toFixed(2)])).toEqual([
    [1, '1.00'],
    [2, '1.11'],
    ['after', '1.35'],
  ]);
  const below = clipView(batch, { answer: down, token: 1, moment: 'after' }, SIZE);
  // e^-0.3 is below 0.8; e^0.4 is on the other side, where nothing holds it.
  expect([below?.sign, below?.tokens, below?.beyond]).toEqual([-1, 2, 1]);
});

test('without an advantage, or without a part in the loss, there is nothing to draw', () => {
  const still = moved(0, [0, 0], [0, 0]);
  expect(clipView(batchOf([still]), { answer: still, token: 0, moment: 1 }, SIZE)).toBeNull();
  const cut = { ...up, truncated: true };
  const batch = batchOf([cut], { mask_truncated_completions: true });
  expect(clipView(batch, { answer: cut, token: 0, moment: 1 }, SIZE)).toBeNull();
});

test('a ratio far away is drawn at the edge', () => {
  const far = moved(1, [0, 0], [5, 0.1]);
  const view = clipView(batchOf([far]), { answer: far, token: 0, moment: 'after' }, SIZE);
  expect(view?.frame.x.high).toBe(3);
  expect(view?.own.at(-1)?.x).toBe(3);
});
