/** What of a step's completions is kept for people to read. */
import type { Tokenizer } from '../model/tokenizer.ts';
import type { CompletionRecord, SampleGroup } from './records.ts';
import type { CombinedRewards } from './rewards/combine.ts';
import type { Completion, Used } from './rewards/reward.ts';
import type { Verdict } from './tasks/task.ts';

export interface Judged {
  readonly completions: readonly Completion[];
  readonly verdicts: readonly Verdict[];
  readonly rewards: CombinedRewards;
  readonly advantages: ArrayLike<number>;
  readonly refLogprobs: readonly (readonly number[])[] | null;
}

/** The first `groups` groups of a step, with everything the sample browser shows. */
export function sampleGroups(
  step: number,
  groups: number,
  groupSize: number,
  tokenizer: Tokenizer,
  judged: Judged,
): SampleGroup[] {
  const { completions } = judged;
  const count = Math.min(groups, completions.length / groupSize);
  return Array.from({ length: count }, (_, g) => {
    const first = g * groupSize;
    const { question } = completions[first];
    return {
      step,
      question: question.title,
      prompt: question.prompt,
      completions: Array.from({ length: groupSize }, (_, i) =>
        record(first + i, tokenizer, judged),
      ),
    };
  });
}

function record(i: number, tokenizer: Tokenizer, judged: Judged): CompletionRecord {
  const { completions, verdicts, rewards, advantages, refLogprobs } = judged;
  const completion = completions[i];
  const parts: Record<string, number> = {};
  const shown: Record<string, Used> = {};
  for (const [name, scores] of rewards.terms) {
    const value = scores.values[i];
    if (value !== null) parts[name] = value;
    if (scores.shown) shown[name] = scores.shown[i];
  }
  return {
    text: completion.text,
    tokens: completion.completionIds.map((id) => tokenizer.tokenText(id)),
    logprobs: completion.logprobs.map(short),
    ...(refLogprobs && { refLogprobs: refLogprobs[i].map(short) }),
    rewards: parts,
    ...(Object.keys(shown).length > 0 && { shown }),
    reward: rewards.totals[i] ?? 0,
    advantage: short(advantages[i]),
    truncated: completion.truncated,
    correct: verdicts[i].correct,
    ...(verdicts[i].note && { note: verdicts[i].note }),
  };
}

/** Four decimals are more than a person reads, and keep a long run's samples small. */
function short(x: number): number {
  return Math.round(x * 1e4) / 1e4;
}
