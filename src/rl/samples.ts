/** Which of a step's completions are kept for people to read, and what of them. */
import type { Tokenizer } from '../model/tokenizer.ts';
import type { Answered } from './evaluate/answers.ts';
import type { Example } from './learn/example.ts';
import { mannerRecord, readManner } from './manner.ts';
import type { CompletionRecord, MannerRecord, SampleGroup } from './records.ts';
import type { CombinedRewards } from './rewards/combine.ts';
import type { Completion, Used } from './rewards/reward.ts';
import type { Task, Verdict } from './tasks/task.ts';
import type { TokenRows } from './token-numbers.ts';

export interface Judged {
  readonly completions: readonly Completion[];
  /** Null where nobody can judge the completion: the task has no verifier. */
  readonly verdicts: readonly (Verdict | null)[];
  /** How each is written; null where the task cannot tell. */
  readonly manners: readonly (MannerRecord | null)[];
  readonly rewards: CombinedRewards;
  readonly advantages: ArrayLike<number>;
  /** The method's numbers for single tokens; `ref_logprob` is one where there is a reference. */
  readonly perToken: TokenRows;
}

type Pieces = Pick<Tokenizer, 'tokenText' | 'decode'>;

/**
 * The first `groups` groups of every role of a step, with everything that the sample browser shows. The roles may number their groups
 * alike.
 */
export function sampleGroups(
  step: number,
  groups: number,
  tokenizer: Pick<Tokenizer, 'tokenText'>,
  judged: Judged,
): SampleGroup[] {
  const { completions } = judged;
  const roles = new Map<string, Map<number, number[]>>();
  completions.forEach(({ role, group }, i) => {
    const members = roles.get(role) ?? new Map<number, number[]>();
    roles.set(role, members.set(group, [...(members.get(group) ?? []), i]));
  });
  const kept = [...roles.values()].flatMap((members) => [...members.values()].slice(0, groups));
  return kept.map((own) => {
    const { question, prompt = question.prompt } = completions[own[0]];
    return {
      ...{ step, prompt, question: question.title },
      completions: own.map((i) => record(i, tokenizer, judged)),
    };
  });
}

/**
 * What an expert wrote, in groups of one and without a reward.
 * @param logprobs per example, of its tokens under the policy before the update
 */
export function expertGroups(
  step: number,
  groups: number,
  tokenizer: Pieces,
  examples: readonly Example[],
  logprobs: readonly ArrayLike<number>[],
): SampleGroup[] {
  return examples.slice(0, groups).flatMap(({ question, role, completion, truncated }, i) =>
    question
      ? {
          step,
          question: question.title,
          prompt: question.prompt,
          completions: [
            {
              ...{ role, truncated, text: tokenizer.decode([...completion]), rewards: {} },
              pieces: completion.map((id) => tokenizer.tokenText(id)),
              tokens: { logprob: Array.from(logprobs[i], short) },
            },
          ],
        }
      : [],
  );
}

/** The first `groups` questions of an evaluation: the same ones at every step, so that they can be followed. Nothing of them is rewarded. */
export function heldOutGroups(
  step: number,
  groups: number,
  task: Task,
  tokenizer: Pieces,
  answered: readonly Answered[],
): SampleGroup[] {
  return answered.slice(0, groups).map(({ question, answers }) => ({
    ...{ step, split: 'test', question: question.title, prompt: question.prompt },
    completions: answers.map((answer): CompletionRecord => {
      const { completionIds, logprobs, text, truncated, verdict } = answer;
      const manner = mannerRecord(task, readManner(task, question, answer, tokenizer));
      return {
        ...{ role: 'solver', text, truncated, rewards: {} },
        pieces: completionIds.map((id) => tokenizer.tokenText(id)),
        tokens: { logprob: logprobs.map(short) },
        ...(verdict && { correct: verdict.correct }),
        ...(verdict?.note && { note: verdict.note }),
        ...(manner && { manner }),
      };
    }),
  }));
}

function record(
  i: number,
  tokenizer: Pick<Tokenizer, 'tokenText'>,
  judged: Judged,
): CompletionRecord {
  const { completions, verdicts, manners, rewards, advantages } = judged;
  const completion = completions[i];
  const verdict = verdicts[i];
  const manner = manners[i];
  const parts: Record<string, number> = {};
  const shown: Record<string, Used> = {};
  for (const [name, scores] of rewards.terms) {
    const value = scores.values[i];
    if (value !== null) parts[name] = value;
    if (scores.shown) shown[name] = scores.shown[i];
  }
  return {
    role: completion.role,
    text: completion.text,
    pieces: completion.completionIds.map((id) => tokenizer.tokenText(id)),
    tokens: tokenNumbers(i, judged),
    rewards: parts,
    ...(Object.keys(shown).length > 0 && { shown }),
    reward: rewards.totals[i] ?? 0,
    advantage: short(advantages[i]),
    truncated: completion.truncated,
    ...(verdict && { correct: verdict.correct }),
    ...(verdict?.note && { note: verdict.note }),
    ...(manner && { manner }),
  };
}

/** All numbers of the tokens of completion `i`: from sampling, from the method, from the reward terms. */
function tokenNumbers(i: number, judged: Judged): CompletionRecord['tokens'] {
  const { completions, rewards, perToken } = judged;
  const { completionIds, logprobs } = completions[i];
  const numbers: Record<string, readonly number[]> = { logprob: logprobs.map(short) };
  const take = (name: string, row: ArrayLike<number> | null | undefined) => {
    if (row?.length === completionIds.length) numbers[name] = Array.from(row, short);
  };
  for (const [name, rows] of Object.entries(perToken)) take(name, rows[i]);
  for (const [term, { tokenValues, tokens = {} }] of rewards.terms) {
    take(term, tokenValues?.[i]);
    for (const [name, rows] of Object.entries(tokens)) take(`${term}/${name}`, rows[i]);
  }
  return numbers;
}

/** Four decimals are enough for readers, and keep a long run's samples small. */
function short(x: number): number {
  return Math.round(x * 1e4) / 1e4;
}
