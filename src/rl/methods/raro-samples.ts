/** Which verdicts of a step are kept for people to read, and what is said of each: the pair as the critic saw it, and who was who. */
import type { Enquiry, Outcome } from '../critic/game.ts';
import type { Pair } from '../critic/pair.ts';
import type { SampleGroup } from '../records.ts';
import type { CombinedRewards } from '../rewards/combine.ts';
import type { Completion, Used } from '../rewards/reward.ts';
import { sampleGroups } from '../samples.ts';
import type { Step } from './method.ts';

/** A pair of this step, or an earlier one with its age. */
export interface Asked {
  readonly pair: Pair;
  readonly age: number | null;
}

/** A pair with everything that was said of it. */
export interface JudgedOf extends Asked {
  readonly enquiries: readonly Enquiry[];
  readonly outcomes: readonly Outcome[];
  readonly completions: readonly Completion[];
}

/** The first pair of each question whose answers are kept, then as many earlier pairs. */
function keptPairs(
  judged: readonly JudgedOf[],
  fresh: readonly (Asked | null)[],
  answers: readonly Completion[],
  most: number,
): ReadonlySet<Pair> {
  const firsts = new Map<number, Pair>();
  fresh.forEach((asked, i) => {
    const { group } = answers[i];
    if (asked && !firsts.has(group)) firsts.set(group, asked.pair);
  });
  const earlier = judged.filter(({ age }) => age !== null).map(({ pair }) => pair);
  return new Set([...[...firsts.values()].slice(0, most), ...earlier.slice(0, most)]);
}

/**
 * @param fresh this step's pair of every answer; null where there was nothing to show
 * @param advantages one per verdict, in the order of the pairs
 */
export function verdictSamples(
  step: Step,
  judged: readonly JudgedOf[],
  fresh: readonly (Asked | null)[],
  answers: readonly Completion[],
  advantages: ArrayLike<number>,
): SampleGroup[] {
  const kept = keptPairs(judged, fresh, answers, step.sampleGroups);
  let next = 0;
  const verdicts = judged.flatMap((one) =>
    one.completions.map((completion, i) => ({
      ...{ completion, pair: one.pair, advantage: advantages[next++] },
      ...{ paid: one.outcomes[i].critic, shown: shownOf(one, i) },
    })),
  );
  const own = verdicts.filter(({ pair }) => kept.has(pair));
  const values = own.map(({ paid }) => paid);
  const none = own.map(() => null);
  const rewards: CombinedRewards = {
    totals: values,
    terms: new Map([
      ['critic', { values, used: own.map(() => ({})), shown: own.map(({ shown }): Used => shown) }],
    ]),
    metrics: {},
  };
  return sampleGroups(step.index + 1, kept.size, step.tokenizer, {
    completions: own.map(({ completion }) => completion),
    ...{ verdicts: none, manners: none, rewards, perToken: {} },
    advantages: own.map(({ advantage }) => advantage),
  });
}

/** What a reader needs beside the critic's text; the age alone where it judged one answer on its own. */
function shownOf({ enquiries, outcomes, age }: JudgedOf, i: number): Used {
  const { shown } = enquiries[i];
  if (shown === null) return { age };
  const { question, first, second, expert } = shown;
  const { judged, policy } = outcomes[i];
  return {
    ...{ question: question.prompt, first, second, expert },
    ...{ verdict: judged?.verdict ?? null, policy, age },
  };
}
