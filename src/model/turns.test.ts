/** The order of turns. */
import { describe, expect, it } from 'vitest';
import { Turns } from './turns.ts';

/** Writes when it begins, when it has waited, and when it ends. */
function worker(log: string[]) {
  return (name: string, waits: number) => async () => {
    log.push(`${name} begins`);
    for (let i = 0; i < waits; i++) await Promise.resolve();
    log.push(`${name} ends`);
    return name;
  };
}

describe('turns', () => {
  it('are taken one after the other in the order of asking, however long each waits', async () => {
    const log: string[] = [];
    const work = worker(log);
    const turns = new Turns();
    const late = turns.turn(work('a', 9)).then(() => turns.turn(work('d', 0)));
    const asked = [turns.turn(work('b', 0)), turns.turn(work('c', 3))];
    expect(await Promise.all([late, ...asked])).toEqual(['d', 'b', 'c']);
    expect(log).toEqual(['a', 'b', 'c', 'd'].flatMap((name) => [`${name} begins`, `${name} ends`]));
  });

  it('go on after one that failed, at once or later, and only its own caller hears of it', async () => {
    const turns = new Turns();
    const results = await Promise.allSettled([
      turns.turn(() => {
        throw new Error('at once');
      }),
      turns.turn(async () => {
        await Promise.resolve();
        throw new Error('later');
      }),
      turns.turn(async () => 'done'),
    ]);
    expect(results).toEqual([
      { status: 'rejected', reason: new Error('at once') },
      { status: 'rejected', reason: new Error('later') },
      { status: 'fulfilled', value: 'done' },
    ]);
  });
});
