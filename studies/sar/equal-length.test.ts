import { expect, test } from 'vitest';
import type { RawRun } from '../lib/raw.ts';
import { Results } from '../lib/results.ts';
import { madeUp } from '../lib/testing/made-up.ts';
import { chatter } from './chatter.ts';
import { aboveAtEqualLength } from './equal-length.ts';

/** Length and accuracy of an arm, the same for all seeds. */
function results(arms: Readonly<Record<string, readonly [number, number]>>): Results {
  const raw = madeUp(chatter, { seeds: [1, 2] });
  const runs = raw.runs.flatMap((run): RawRun[] => {
    const own = arms[run.arm];
    if (!own) return [];
    const [mean_length, accuracy] = own;
    return [{ ...run, evaluations: run.evaluations.map((e) => ({ ...e, mean_length, accuracy })) }];
  });
  return new Results(chatter, { ...raw, runs });
}

test('SA-GRPO is compared with a penalty at its own length, on the line between GRPO and the penalty', () => {
  const found = results({ grpo: [30, 0.9], 'o1-010': [10, 0.8], 'sar-020': [20, 0.88] });
  const above = aboveAtEqualLength(found, 'o1-');
  expect(above?.mean).toBeCloseTo(0.03, 12);
  expect(above?.n).toBe(2);
});

test('an alpha that ends shorter than any penalty is left out, and the other kind of penalty does not count', () => {
  const arms = { grpo: [30, 0.9], 'er-010': [10, 0.5], 'sar-020': [20, 0.9] } as const;
  expect(aboveAtEqualLength(results(arms), 'o1-')).toBeUndefined();
  const short = { grpo: [30, 0.9], 'o1-010': [15, 0.8], 'sar-040': [14, 0.9] } as const;
  expect(aboveAtEqualLength(results(short), 'o1-')).toBeUndefined();
});
