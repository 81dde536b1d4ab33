import { expect, test } from 'vitest';
import type { CompletionRecord } from '../../rl/records.ts';
import { madeRecord } from '../testing/made-record.ts';
import { transferShown } from './transfer-shown.ts';

const record = (shown?: CompletionRecord['shown']): CompletionRecord =>
  madeRecord(shown ? { shown } : {});

test('what the transfer reward shows of an answer is read, a receiver without room as such', () => {
  const tries = [{ text: '+1=2', correct: true, truncated: false }];
  const transfer = {
    ...{ tau: 0.5, cut: 3, prefix: '1', leaked: false },
    receivers: [
      { receiver: 'policy', tries },
      { receiver: 'chain-pico', tries: null },
    ],
  };
  const { prefix: _, ...cut } = transfer;
  expect(transferShown(record({ transfer }))).toEqual({ blank: false, cuts: [cut] });
});

test('every cut of an answer is read, and that the receivers saw no prefix', () => {
  const cuts = [0.2, 0.7].map((tau) => ({ tau, cut: 10 * tau, leaked: tau > 0.5, receivers: [] }));
  expect(transferShown(record({ transfer: { cuts, blank_prefix: true } }))).toEqual({
    blank: true,
    cuts,
  });
});

test('an answer that was not cut, and a record of another form, show nothing', () => {
  expect(transferShown(record())).toBeUndefined();
  expect(transferShown(record({ answer: { note: 'x' } }))).toBeUndefined();
  expect(transferShown(record({ transfer: { tau: 'half', cut: 1, receivers: [] } }))).toBe(
    undefined,
  );
  expect(transferShown(record({ transfer: { cuts: ['x', null] } }))).toBeUndefined();
});
