import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { MOST, MOVES, readView, writeView } from './run-view.ts';

const place = fc.option(fc.nat(9999));
const views = fc.record({
  run: fc.nat(15),
  ...{ step: place, group: place, answer: place, token: place },
  move: fc.record({
    by: fc.constantFrom(...MOVES),
    amount: fc.integer({ min: -100 * MOST, max: 100 * MOST }).map((hundredths) => hundredths / 100),
  }),
});

describe('what is looked at under every loss', () => {
  test('comes back from the address that says it', () => {
    fc.assert(
      fc.property(views, (view) => {
        const query = new URLSearchParams();
        writeView(query, view);
        const read = readView(new URLSearchParams(query.toString()));
        expect({ ...read, move: { ...read.move, amount: read.move.amount + 0 } }).toEqual(view);
      }),
    );
  });

  test('is left to the page where an address makes no sense', () => {
    const nonsense = 'run=-1&step=x&group=0.5&answer=1e9&token=&by=magic&move=99';
    expect(readView(new URLSearchParams(nonsense))).toEqual(readView(new URLSearchParams()));
  });

  test('counts from 1 in an address, but for steps', () => {
    expect(readView(new URLSearchParams('step=12&group=2&answer=1&token=5'))).toMatchObject({
      ...{ step: 12, group: 1, answer: 0, token: 4 },
    });
  });
});
