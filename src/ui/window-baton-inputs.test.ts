/** Scripts may hand window.baton anything at all: it runs, or rejects with a BadConfig and nothing has changed. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { BatonError } from '../errors.ts';
import { fuzz } from '../testing/fuzz.ts';
import { makeLab, settled } from './testing/made-lab.ts';
import { createBaton } from './window-baton.ts';

async function openBaton() {
  const { lab } = makeLab();
  lab.open();
  await lab.until(({ adapter }) => adapter !== null);
  return { lab, baton: createBaton(lab) };
}

const anything = fc.anything({
  ...{ withBigInt: true, withDate: true, withMap: true, withSet: true, withTypedArray: true },
  ...{ withNullPrototype: true, withSparseArray: true, withObjectString: true },
});
const nearly = fc.record(
  {
    seed: fc.oneof(fc.integer(), anything),
    steps: fc.oneof(fc.integer(), anything),
    task: fc.oneof(fc.constant({ id: 'chain' }), anything),
    method: fc.record({ learning_rate: fc.oneof(fc.double(), anything) }),
    rewards: fc.array(fc.oneof(fc.constant({ term: 'answer' }), anything), { maxLength: 3 }),
    __proto__: anything,
  },
  { requiredKeys: [] },
);

describe('window.baton', () => {
  test('given anything, starts it or rejects with BadConfig and changes nothing', async () => {
    const { lab, baton } = await openBaton();
    const expectAnswer = async (start: () => Promise<unknown>) => {
      const before = lab.data.draft;
      let rejected: unknown = null;
      void start().catch((error: unknown) => {
        rejected = error;
      });
      await settled();
      if (rejected === null) {
        expect(baton.state).not.toBe('idle');
        lab.reset();
        await settled();
        return;
      }
      expect(rejected).toBeInstanceOf(BatonError);
      expect(rejected).toMatchObject({ kind: 'BadConfig', field: expect.stringMatching(/./) });
      expect(lab.data.draft).toBe(before);
      expect(baton.state).toBe('idle');
    };
    await fuzz(
      fc.asyncProperty(fc.oneof(nearly, anything), async (given) => {
        // Without an experiment, run goes on with what the panel shows.
        if (given !== undefined) await expectAnswer(() => baton.run(given));
        await expectAnswer(() => baton.runGroup([given]));
        await expectAnswer(() => baton.runGroup(given as unknown[]));
      }),
      { numRuns: 150 },
    );
  });

  test('a group that cannot be read is refused before any of it is looked at', async () => {
    const { baton } = await openBaton();
    let looked = 0;
    const odd = {
      get seed(): number {
        looked += 1;
        throw new Error('no');
      },
    };
    const cases: readonly unknown[] = [
      null,
      undefined,
      7,
      {},
      [odd],
      new Array(4e9),
      { length: 1 },
    ];
    for (const given of cases) {
      await expect(baton.runGroup(given as unknown[])).rejects.toMatchObject({
        name: 'BatonError',
        kind: 'BadConfig',
      });
    }
    expect(looked).toBe(1);
    expect(baton.state).toBe('idle');
  });
});
