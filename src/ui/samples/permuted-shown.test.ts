import { expect, test } from 'vitest';
import { madeRecord } from '../testing/made-record.ts';
import { rewardParts } from './group-stats.ts';
import { permutedShown, permutedText } from './permuted-shown.ts';

const record = madeRecord({
  correct: false,
  rewards: { answer: 1, sar: -0.25, format: 1 },
  shown: {
    answer: { measured: 0, permuted_from: 2 },
    sar: { r_sa: null, measured: null, permuted_from: 0 },
    length_er: { measured: 0.12345, permuted_from: 1 },
    format: {},
  },
});

test('a permuted term says what was paid, whose it was and what its own was', () => {
  expect(permutedShown(record)).toEqual([
    { term: 'answer', paid: 1, own: 0, from: 2 },
    { term: 'sar', paid: -0.25, own: null, from: 0 },
    { term: 'length_er', paid: null, own: 0.12345, from: 1 },
  ]);
  const [answer, sar, length] = permutedShown(record).map((one) => permutedText(one, 1));
  expect(answer).toBe('Answer permuted: 1 is answer 3’s, its own is 0');
  expect(sar).toBe('Self-aligned permuted: −0.25 is answer 1’s, its own is no value');
  expect(length).toBe('Length (ER) permuted: its own value stayed');
});

test('a record without permuted terms has none', () => {
  expect(permutedShown(madeRecord())).toEqual([]);
  expect(permutedShown(madeRecord({ shown: { sar: { r_sa: 1 } } }))).toEqual([]);
});

test('a permuted part is paid as it was, and does not pass for the answer’s own verdict', () => {
  const terms = [
    { term: 'answer', weight: 0.5 },
    { term: 'format', weight: 1 },
  ];
  expect(rewardParts(record, terms).slice(0, 2)).toEqual([
    { term: 'answer', value: 0.5, watched: false, permuted: true },
    { term: 'format', value: 1, watched: false, yes: true },
  ]);
});
