/** The wrong answers that a learned reward pays most: what a policy finds that is out for the reward alone. Pure. */
import type { SampleGroup } from '../../rl/records.ts';

export interface WronglyPaid {
  readonly step: number;
  /** Place of the question among the groups of its step. */
  readonly question: number;
  readonly title: string;
  readonly text: string;
  /** Mean over the answer's tokens. */
  readonly reward: number;
}

/** The best paid first, each text once to a question; empty where all are right, or nobody can tell. */
export function wronglyPaid(groups: readonly SampleGroup[], most: number): WronglyPaid[] {
  const all = groups.flatMap(({ step, question: title, completions }, question) => {
    const wrong = completions.flatMap(({ text, correct, rewards: { learned: reward } }) =>
      correct === false && reward !== undefined ? [{ step, question, title, text, reward }] : [],
    );
    return wrong.filter((one, i) => wrong.findIndex(({ text }) => text === one.text) === i);
  });
  return all.sort((a, b) => b.reward - a.reward).slice(0, most);
}
