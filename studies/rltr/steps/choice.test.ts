import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { rltrAgainstRlvr } from '../../../src/rl/experiment/presets/rltr-against-rlvr.ts';
import { type RawData, type RawRun, readRaw } from '../../lib/raw.ts';
import { Results } from '../../lib/results.ts';
import { madeUp } from '../../lib/testing/made-up.ts';
import { chosen, valueReliability } from './choice.ts';
import { steps } from './part.ts';

/** What an arm came to: reliability of one try, and right finishes by the unseen receiver, each with a spread between seeds. */
interface Came {
  readonly icc: number;
  readonly handed: number;
  readonly accuracy?: number;
  readonly spread?: number;
}

function results(arms: Readonly<Record<string, Came>>, seeds = [1, 2, 3]): Results {
  const made = madeUp(steps, { seeds });
  const change = (run: RawRun, came: Came): RawRun => {
    const { spread = 0.01 } = came;
    const wobble = spread * (run.seed - 2);
    return {
      ...run,
      series: {
        ...run.series,
        'rewards/transfer/icc': { steps: [1, 2], values: [came.icc + wobble, came.icc + wobble] },
      },
      evaluations: run.evaluations.map((own) => ({
        ...own,
        accuracy: (came.accuracy ?? 0.4) + wobble / 10,
        ...(own.transfer && {
          transfer: {
            ...own.transfer,
            receivers: own.transfer.receivers.map((one) => ({
              ...one,
              transferability: came.handed + wobble * (run.arm === 'rlvr' ? 0 : 1),
            })),
          },
        }),
      })),
    };
  };
  const runs = made.runs.flatMap((run) => (arms[run.arm] ? [change(run, arms[run.arm])] : []));
  return new Results(steps, { ...made, runs } satisfies RawData);
}

const BASE = { icc: 0.3, handed: 0.3 };

describe('the rule that chooses the preset’s arm', () => {
  test('takes the surest gain in transferability, not the greatest mean', () => {
    const found = chosen(
      results({
        rlvr: BASE,
        rltr: { icc: 0.3, handed: 0.36 },
        cool: { icc: 0.6, handed: 0.4, spread: 0.06 },
      }),
    );
    expect(found).toMatchObject({ arm: { id: 'rltr' }, by: 'transferability' });
  });

  test('goes by reliability where no gain is sure', () => {
    const found = chosen(
      results({ rlvr: BASE, rltr: { icc: 0.3, handed: 0.29 }, cool: { icc: 0.5, handed: 0.28 } }),
    );
    expect(found).toMatchObject({ arm: { id: 'cool' }, by: 'reliability' });
  });

  test('leaves out what may be luck, what costs accuracy, and what has one seed', () => {
    const arms = {
      rlvr: BASE,
      rltr: { icc: 0.005, handed: 0.5 },
      cool: { icc: 0.6, handed: 0.5, accuracy: 0.3 },
    };
    expect(chosen(results(arms))).toBeUndefined();
    expect(chosen(results({ rlvr: BASE, rltr: { icc: 0.3, handed: 0.5 } }, [2]))).toBeUndefined();
  });

  test('knows that the mean of four tries is more reliable than one', () => {
    const all = results({ tries4: { icc: 0.25, handed: 0.3, spread: 0 } });
    const arm = steps.arms.find(({ id }) => id === 'tries4')!;
    expect(all.mean('tries4', valueReliability(arm))?.mean).toBeCloseTo((4 * 0.25) / 1.75, 12);
  });
});

test('the preset is made from the arm that the rule chooses from the committed runs', () => {
  const raw = readRaw(fileURLToPath(new URL('../../../docs/results/rltr/raw', import.meta.url)));
  const found = chosen(new Results(steps, raw));
  const paid = found?.arm.change.rewards?.find(({ term }) => term === 'transfer');
  const preset = rltrAgainstRlvr.experiment.rewards?.find(({ term }) => term === 'transfer');
  // What an arm measures beside the reward changes nothing that is learnt.
  expect({ reliability_questions: 4, ...preset }).toEqual(paid);
});
