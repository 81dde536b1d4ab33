/** Who chooses which of sixteen answers, how often that is right, how often the first error of the wrong ones is found, and how well the reward judges. Pure. */

import { type JudgeQuality, judgeQuality } from '../../../rl/airl/as-judge.ts';
import {
  type FaultyTrace,
  type FoundBy,
  findErrors,
  stepSpans,
} from '../../../rl/airl/find-error.ts';
import type { Reading } from '../../../rl/airl/granularity.ts';
import {
  type Aggregator,
  aggregate,
  type Candidate,
  type Chooser,
  type RerankRow,
  rerank,
} from '../../../rl/airl/rerank.ts';
import { placesOf, tokenRewards } from '../../../rl/airl/token-rewards.ts';
import { clustersOf } from '../../../rl/evaluate/asked.ts';
import { Bootstrap } from '../../../rl/evaluate/bootstrap.ts';
import { mean } from '../../../rl/evaluate/statistics.ts';
import { randomStream } from '../../../rl/random.ts';
import type { Task } from '../../../rl/tasks/task.ts';
import type { Model } from '../model-session.ts';
import type { DrawnAnswer, DrawnQuestion } from './which.ts';

/** Numbers of answers to choose from. */
export const SIZES = [1, 2, 4, 8, 16] as const;
const MOST = SIZES[SIZES.length - 1];
const SEED = 0;

interface Means {
  readonly task: Task;
  readonly tokenizer: Model['tokenizer'];
  readonly reading: Reading;
}

/** The reward of each token: the logit at the next place where it is read, not clipped, as for `lab rerank`. */
function rewardsOf(answer: DrawnAnswer, { task, tokenizer, reading }: Means): Float64Array {
  const places = placesOf({ task, tokenizer }, answer, reading);
  return tokenRewards(answer.logits, places, Number.POSITIVE_INFINITY);
}

function bootstrapOf(task: Task, asked: readonly DrawnQuestion[], stream: string): Bootstrap {
  const questions = asked.map(({ question }) => question);
  return new Bootstrap(clustersOf(task, questions), randomStream(SEED, stream));
}

export interface Chosen {
  /** The candidates of each question. */
  readonly questions: readonly (readonly Candidate[])[];
  readonly rows: readonly RerankRow[];
}

/** @param drawn at least one question */
export function chosenOf(drawn: readonly DrawnQuestion[], means: Means): Chosen {
  const questions = drawn.map(({ answers }) =>
    answers.map((answer): Candidate => {
      const { answer: said, correct } = answer.verdict;
      const logprob = mean(answer.logprobs);
      return { answer: said, correct, rewards: rewardsOf(answer, means), logprob };
    }),
  );
  return { questions, rows: rerank(questions, SIZES, bootstrapOf(means.task, drawn, 'rerank')) };
}

/** How often each finder names the first wrong step, of wrong answers that have one; null where there are none. */
export function foundIn(
  drawn: readonly DrawnQuestion[],
  means: Means,
): { readonly traces: number; readonly by: FoundBy } | null {
  const wrong = drawn.flatMap((one) =>
    one.answers.flatMap((answer) => {
      const { correct, firstWrong } = answer.verdict;
      return correct || firstWrong === undefined ? [] : [{ one, answer, firstWrong }];
    }),
  );
  if (wrong.length === 0) return null;
  const traces = wrong.map(({ answer, firstWrong }): FaultyTrace => {
    const boundaries = means.task.stepBoundaries(answer.text);
    return {
      ...{ steps: stepSpans(answer, means.tokenizer, boundaries), wrong: firstWrong },
      ...{ rewards: rewardsOf(answer, means), logprobs: answer.logprobs, entropies: null },
    };
  });
  const asked = wrong.map(({ one }) => one);
  const bootstrap = bootstrapOf(means.task, asked, 'find-error');
  return { traces: traces.length, by: findErrors(traces, 'steps', 1, bootstrap) };
}

/** How well the mean reward of an answer says whether it is right, as `lab find-error` measures it. @param drawn at least one question */
export function judgedIn(drawn: readonly DrawnQuestion[], means: Means): JudgeQuality {
  const answers = drawn.flatMap((one) => one.answers.map((answer) => ({ one, answer })));
  const traces = answers.map(({ answer }) => ({
    correct: answer.verdict.correct,
    logit: mean(rewardsOf(answer, means)),
    logprob: mean(answer.logprobs),
  }));
  const asked = answers.map(({ one }) => one);
  return judgeQuality(traces, bootstrapOf(means.task, asked, 'find-error'));
}

/** One of the answers to a question, as the ranking shows it. */
export interface Ranked {
  readonly place: number;
  readonly candidate: Candidate;
  readonly score: number;
}

/** The answers to a question by what the aggregator makes of their rewards, the best first. */
export function rankedOf(candidates: readonly Candidate[], how: Aggregator): readonly Ranked[] {
  return candidates
    .map((candidate, place) => ({
      ...{ place, candidate },
      score: aggregate(candidate.rewards, how) ?? Number.NEGATIVE_INFINITY,
    }))
    .sort((a, b) => b.score - a.score || a.place - b.place);
}

const percent = (share: number) => `${Math.round(100 * share)} %`;

/** What a way of choosing comes to at the largest N, decided by the interval of its gain over one sample. */
export function verdictOf(
  rows: readonly RerankRow[],
  chooser: Chooser,
): { readonly text: string; readonly gains: boolean | null } | null {
  const last = rows.find(({ n }) => n === MOST)?.choosers[chooser];
  if (!last) return null;
  const { accuracy, accuracy_interval: own, gain_interval: gain } = last;
  const gains = gain.low > 0 ? true : gain.high < 0 ? false : null;
  const text = `${percent(accuracy)} (${percent(own.low)} to ${percent(own.high)})`;
  return { text, gains };
}
