import { describe, expect, it, test } from 'vitest';
import { randomStream } from '../random.ts';
import { chain } from './chain.ts';
import type { VerifiedTask } from './task.ts';

const task = chain.create({
  min_terms: 2,
  max_terms: 4,
  largest_term: 99,
  answer_apart: false,
}) as VerifiedTask<{
  terms: number[];
}>;
const question = task.readQuestion('12+95+7+38:');

describe('the splits', () => {
  const draw = (split: 'train' | 'test' | 'ood') =>
    Array.from({ length: 3000 }, (_, i) => task.question(split, i, 3).data.terms);
  const multisets = (all: number[][]) =>
    new Set(all.map((terms) => terms.toSorted((a, b) => a - b).join()));

  it('share no multiset of terms, in whatever order they stand', () => {
    const held = multisets(draw('test'));
    expect(held.size).toBeGreaterThan(1000);
    for (const seen of multisets(draw('train'))) expect(held.has(seen)).toBe(false);
  });

  it('have two to four terms, each as often, and one more out of distribution', () => {
    const counts = [0, 0, 0, 0, 0];
    for (const terms of draw('train')) counts[terms.length]++;
    for (const count of counts.slice(2)) expect(Math.abs(count - 1000)).toBeLessThan(120);
    expect(draw('ood').every((terms) => terms.length === 5)).toBe(true);
  });
});

describe('the verifier', () => {
  it.each([
    ['12+95=7,7+7=14,14+38=52', true, undefined],
    ['95+12=7,7+7=14,38+14=52', true, undefined],
    ['52', false, undefined],
    ['12+95=7,7+7=14,14+38=53', true, '14+38=53 is false'],
    ['12+95=8,8+7=15,15+38=53', true, '12+95=8 is false'],
    ['12+95=7,7+38=45', true, '7+38=45 does not follow'],
    ['12+95=7,7+7=14', true, 'ends at 14'],
    ['53', false, 'ends at 53'],
    ['', false, 'cannot be read'],
    ['052', false, 'cannot be read'],
    ['12+95=107,107+7=114,114+38=152', false, 'cannot be read'],
    ['12+95=7,7+7=14,14+38=52,', false, 'cannot be read'],
    ['12+95=7;7+7=14,14+38=52', false, 'cannot be read'],
    ['12+95+7+38=52', false, 'cannot be read'],
    ['0x34', false, 'cannot be read'],
    ['5.2e1', false, 'cannot be read'],
  ])('says of %j: well formed %s, %s', (text, wellFormed, note) => {
    const verdict = task.verify(question, text);
    expect(verdict).toMatchObject({ wellFormed, correct: note === undefined });
    expect(verdict.note).toBe(note);
  });
});

test('traces may put the larger operand first', () => {
  const random = randomStream(1, 'trace');
  expect(task.expertTrace(question, random)).toBe('12+95=7,7+7=14,14+38=52');
  expect(task.expertTrace(question, random, { operands: 'larger-first' })).toBe(
    '95+12=7,7+7=14,38+14=52',
  );
});

test('settings that contradict each other or the task are refused by name', () => {
  expect(() =>
    chain.create({ min_terms: 4, max_terms: 3, largest_term: 99, answer_apart: false }),
  ).toThrow(expect.objectContaining({ field: 'task.min_terms' }));
  expect(() => task.expertTrace(question, randomStream(1, 'x'), { failedTries: [1, 1] })).toThrow(
    expect.objectContaining({ field: 'failedTries' }),
  );
});

test('a question is read from its words', () => {
  for (const text of [question.title, 'add 12, 95, 7, 38', 'Add 12, 95, 7 and 38.'])
    expect(task.promptOfTitle?.(text)).toBe(question.prompt);
  expect(task.promptOfTitle?.('Add 12, 95 modulo 7')).toBeNull();
});

describe('a careless expert', () => {
  it('slips by one or ten as often as asked, and goes on from what it wrote', () => {
    const random = randomStream(1, 'slips');
    const sum = task.readQuestion('12+95:');
    const ends = Array.from({ length: 2000 }, () =>
      Number(task.expertTrace(sum, random, { slips: 0.3 }).split('=')[1]),
    );
    expect(new Set(ends)).toEqual(new Set([7, 8, 6, 17, 97]));
    expect(Math.abs(ends.filter((end) => end !== 7).length - 600)).toBeLessThan(80);
    const wrong = task.expertTrace(question, randomStream(2, 'always'), { slips: 1 });
    for (const [, left, , result] of wrong.matchAll(/(\d+)\+(\d+)=(\d+)/g))
      expect(left).not.toBe(result);
    expect(wrong).toMatch(/^12\+95=(\d+),\1\+7=(\d+),\2\+38=\d+$/);
  });
});
