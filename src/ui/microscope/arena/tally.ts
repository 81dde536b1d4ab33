/**
 * How often a visitor and the critic found the expert's answer, on the same pairs: those that the visitor called before they saw what the
 * critic said. Pure data, kept until the page is closed.
 */
import type { Place } from '../../../rl/critic/pair.ts';
import { type CriticVerdict, VERDICTS } from '../../../rl/critic/verdict.ts';

export interface Calls {
  readonly right: number;
  readonly wrong: number;
  /** Said to be undecidable. */
  readonly tie: number;
}

/** What was said of a pair. */
interface Called {
  readonly expert: Place;
  readonly visitor: CriticVerdict;
  /** Null as long as the critic has not been asked, or could not be read. */
  readonly critic: CriticVerdict | null;
}

/** By pair. A pair counts once, however often it is shown. */
export type Tally = ReadonlyMap<string, Called>;

export const NO_CALLS: Tally = new Map();

/** The tally with a visitor's first call of a pair. @param critic what the critic had said already, unseen by the visitor */
export function withCall(
  tally: Tally,
  pair: string,
  expert: Place,
  visitor: CriticVerdict,
  critic: CriticVerdict | null,
): Tally {
  if (tally.has(pair)) return tally;
  return new Map([...tally, [pair, { expert, visitor, critic }]]);
}

/** The tally with what the critic said after the call; nothing changes where it has spoken, or the visitor has not. */
export function withCritic(tally: Tally, pair: string, critic: CriticVerdict | null): Tally {
  const called = tally.get(pair);
  if (!called || called.critic !== null || critic === null) return tally;
  return new Map([...tally, [pair, { ...called, critic }]]);
}

/** The calls of both; the critic's are fewer where it was not asked. */
export function countCalls(tally: Tally): { readonly visitor: Calls; readonly critic: Calls } {
  const all = [...tally.values()];
  const count = (
    said: readonly { readonly of: CriticVerdict | null; readonly expert: Place }[],
  ) => ({
    right: said.filter(({ of, expert }) => of === expert).length,
    tie: said.filter(({ of }) => of === 'tie').length,
    wrong: said.filter(({ of, expert }) => of !== null && of !== 'tie' && of !== expert).length,
  });
  return {
    visitor: count(all.map(({ visitor: of, expert }) => ({ of, expert }))),
    critic: count(all.map(({ critic: of, expert }) => ({ of, expert }))),
  };
}

/** What a critic says on the whole: its most frequent verdict, a tie where two are as frequent; null where none can be read. */
export function mostSaid(verdicts: readonly (CriticVerdict | null)[]): CriticVerdict | null {
  const counts = VERDICTS.map((one) => verdicts.filter((verdict) => verdict === one).length);
  const most = Math.max(...counts);
  if (most === 0) return null;
  const leading = VERDICTS.filter((_, i) => counts[i] === most);
  return leading.length === 1 ? leading[0] : 'tie';
}
