/**
 * Which of sixteen: sixteen answers of a policy to each of some held-out questions, and what a reward model says at each of their tokens. How they are
 * read and who chooses is another matter (chosen.ts), so that a slider asks no model again.
 */
import type { ErrorReport } from '../../../errors.ts';
import type { RewardReader } from '../../../receiver/receiver-client.ts';
import { streamKey } from '../../../rl/random.ts';
import { hasVerifier, type Question, type Verdict } from '../../../rl/tasks/task.ts';
import type { Written } from '../../../rl/token-starts.ts';
import { exampleOf } from '../examples.tsx';
import type { Model, ModelSession } from '../model-session.ts';
import type { ModelChoice } from '../models.ts';
import { SAMPLING, SEED } from '../policy-answer.ts';
import type { Subject } from '../subject.ts';

export const ANSWERS = 16;
/** Numbers of questions that can be asked. */
export const QUESTIONS = [16, 32, 64, 128] as const;
/** Questions that are asked at once. */
const BATCH = 4;

export interface DrawnAnswer extends Written {
  readonly verdict: Verdict;
  /** What the reward model says at each token. */
  readonly logits: readonly number[];
  /** Log-prob of each token under the policy, nats. */
  readonly logprobs: readonly number[];
}

export interface DrawnQuestion {
  readonly question: Question;
  readonly answers: readonly DrawnAnswer[];
}

export interface WhichData {
  readonly status: 'resting' | 'loading' | 'drawing' | 'ready' | 'failed';
  /** Questions that are asked in all. */
  readonly wanted: number;
  readonly drawn: readonly DrawnQuestion[];
  /** Says what tokens are; null before anything is drawn. */
  readonly tokenizer: Model['tokenizer'] | null;
  readonly problem: ErrorReport | null;
}

export const NOTHING_DRAWN: WhichData = {
  ...{ status: 'resting', wanted: 32, drawn: [], tokenizer: null, problem: null },
};

interface Means {
  readonly subject: Subject;
  readonly rewards: ModelSession<RewardReader>;
  readonly reward: ModelChoice;
  readonly signal: AbortSignal;
  readonly tell: (change: Partial<WhichData>) => void;
}

/** Draws and reads answers, telling after every few questions what is there. Goes on from what is drawn already. */
export async function drawAnswers(
  { subject, rewards, reward, signal, tell }: Means,
  { wanted, drawn }: Pick<WhichData, 'wanted' | 'drawn'>,
): Promise<void> {
  const { task } = subject;
  const { policy } = subject.data;
  if (!hasVerifier(task)) return;
  const { session } = subject;
  const open = session.has(policy.ref) && rewards.has(reward.ref);
  tell({ status: open ? 'drawing' : 'loading', wanted, problem: null });
  const all = [...drawn];
  const problems = await session.use(policy.ref, signal, async (model) => {
    const failed = await rewards.use(reward.ref, signal, async (reader) => {
      while (all.length < wanted && !signal.aborted) {
        const count = Math.min(BATCH, wanted - all.length);
        const questions = Array.from({ length: count }, (_, i) => exampleOf(task, all.length + i));
        const answered = await ask(model, questions, {
          ...{ key: policy.ref.key, first: all.length * ANSWERS, budget: subject.about.budget },
          signal,
        });
        const read = await reader.values({
          prompts: answered.map(({ prompt }) => prompt),
          completions: answered.map(({ completionIds }) => completionIds),
          signal,
        });
        const answers = answered.map(({ prompt: _, question, ...answer }, i) => ({
          ...answer,
          ...{ logits: read[i], verdict: task.verify(question, answer.text) },
        }));
        questions.forEach((question, q) => {
          all.push({ question, answers: answers.slice(q * ANSWERS, (q + 1) * ANSWERS) });
        });
        if (signal.aborted) return;
        const done = all.length >= wanted;
        const { tokenizer } = reader;
        tell({ drawn: [...all], tokenizer, status: done ? 'ready' : 'drawing' });
      }
    });
    if (failed) tell({ status: 'failed', problem: failed });
  });
  if (problems) tell({ status: 'failed', problem: problems });
}

interface Asked {
  readonly key: string;
  /** The number of the first answer, which its random numbers hang on. */
  readonly first: number;
  readonly budget: number;
  readonly signal: AbortSignal;
}

/** Sixteen answers to each question, question by question. Answers without tokens do not occur: the end token is one. */
async function ask(
  model: Model,
  questions: readonly Question[],
  { key, first, budget, signal }: Asked,
) {
  const { tokenizer, positions } = model;
  const prompts = questions.map(({ prompt }) => tokenizer.encode(prompt, { addSpecial: true }));
  const out = await model.complete({
    ...{ prompts, copies: ANSWERS, sampling: SAMPLING, uid: first, signal },
    budgets: prompts.map(({ length }) => Math.max(1, Math.min(budget, positions - length))),
    key: streamKey(SEED, `microscope/which/${key}`),
  });
  return out.map(({ ids, logprobs, truncated }, i) => ({
    ...{ question: questions[Math.floor(i / ANSWERS)], prompt: prompts[Math.floor(i / ANSWERS)] },
    ...{ completionIds: ids, logprobs, truncated },
    text: tokenizer.decode(ids.filter((id) => id !== tokenizer.eosId)),
  }));
}
