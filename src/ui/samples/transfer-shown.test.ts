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
  expect(transferShown(record({ transfer }))).toEqual({
    ...{ tau: 0.5, cut: 3, leaked: false },
    receivers: transfer.receivers,
  });
});

test('an answer that was not cut, and a record of another form, show nothing', () => {
  expect(transferShown(record())).toBeUndefined();
  expect(transferShown(record({ answer: { note: 'x' } }))).toBeUndefined();
  expect(transferShown(record({ transfer: { tau: 'half', cut: 1, receivers: [] } }))).toBe(
    undefined,
  );
});
