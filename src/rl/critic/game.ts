/**
 * What a critic is asked about a pair, and what its words pay both sides. Two games: it compares the two answers (RARO), or judges one of
 * them alone (the predecessor, which must guess once the policy writes as the expert does).
 */
import type { TaskCritic } from '../tasks/task.ts';
import { type Pair, pairPrompt, shownPairs } from './pair.ts';
import {
  aloneCriticReward,
  criticReward,
  type Judged,
  type Payoffs,
  policyReward,
} from './payoffs.ts';

/** What a verdict comes to. */
export interface Outcome {
  /** What it pays the critic. */
  readonly critic: number;
  /** What it pays the policy; null where it cannot be read or is not about the policy's answer. */
  readonly policy: number | null;
  /** The comparison, for the critic's metrics; null where one answer was judged alone. */
  readonly judged: Judged | null;
  /** Whether it was right of the one answer that it judged; null where it compares, or cannot be read. */
  readonly right: boolean | null;
}

export interface Enquiry {
  readonly prompt: string;
  /** The pair in the order in which the prompt has it; null where one answer is judged alone. */
  readonly shown: Pair | null;
  /** @param text the critic's, without its end token; null where it met its token budget */
  outcome(text: string | null): Outcome;
}

export interface GameSettings {
  /** Verdicts on each pair. */
  readonly verdicts: number;
  /** Both orders by turns, or the order as drawn. */
  readonly bothOrders: boolean;
  /** False: the critic gives its verdict at once. */
  readonly reasoning: boolean;
  readonly payoffs: Payoffs;
}

export type Game = (pair: Pair) => readonly Enquiry[];

/** What a verdict begins with: put into the prompt, it leaves no room for reasoning. */
export const AT_ONCE = '>';

/** Which of two answers is the expert's, or neither. */
export function comparing(critic: TaskCritic, settings: GameSettings): Game {
  const { verdicts, bothOrders, payoffs } = settings;
  const begun = settings.reasoning ? '' : AT_ONCE;
  return (pair) =>
    shownPairs(pair, verdicts, bothOrders).map((shown) => ({
      prompt: pairPrompt(critic, shown) + begun,
      shown,
      outcome: (text) => {
        const verdict = text === null ? null : critic.read(begun + text);
        const judged = { verdict, expert: shown.expert };
        return {
          critic: criticReward(judged, payoffs),
          policy: policyReward([judged], payoffs),
          ...{ judged, right: null },
        };
      },
    }));
}

/** Whether one answer is the expert's or the policy's; the policy's and the expert's are judged by turns. */
export function alone({ alone: critic }: TaskCritic, settings: GameSettings): Game {
  const begun = settings.reasoning ? '' : AT_ONCE;
  return ({ question, first, second, expert }) => {
    const [own, theirs] = expert === '1' ? [second, first] : [first, second];
    return Array.from({ length: settings.verdicts }, (_, i): Enquiry => {
      const truth = i % 2 === 0 ? 'policy' : 'expert';
      return {
        prompt: critic.prompt(question, truth === 'policy' ? own : theirs) + begun,
        shown: null,
        outcome: (text) => {
          const verdict = text === null ? null : critic.read(begun + text);
          return {
            critic: aloneCriticReward(verdict, truth),
            policy: verdict === null || truth === 'expert' ? null : Number(verdict === 'expert'),
            judged: null,
            right: verdict === null ? null : verdict === truth,
          };
        },
      };
    });
  };
}
