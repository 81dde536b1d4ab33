/**
 * A critic judges a pair live, in both orders. It writes some verdicts, each after reasoning of its own; the probability of a verdict is how likely
 * its letter is after that reasoning, as a mean over all that was written.
 */
import { badConfig } from '../../errors.ts';
import { type Pair, pairPrompt, turnedPair } from '../../rl/critic/pair.ts';
import { type CriticVerdict, turned, VERDICTS, writeVerdict } from '../../rl/critic/verdict.ts';
import { streamKey } from '../../rl/random.ts';
import type { TaskCritic } from '../../rl/tasks/task.ts';
import type { Model } from './model-session.ts';
import { SAMPLING, SEED } from './policy-answer.ts';

/** By the verdict, of the pair as it stands: in both orders `1` is the answer on the left. */
export type VerdictShares = Readonly<Record<CriticVerdict, number>>;

export interface SaidVerdict {
  readonly text: string;
  /** Of the pair as it stands; null where it cannot be read. */
  readonly verdict: CriticVerdict | null;
}

/** What was said in one order. */
export interface OrderJudgement {
  readonly said: readonly SaidVerdict[];
  /** They add up to less than 1 where verdicts could not be read, or the model might have written something else. */
  readonly probabilities: VerdictShares;
}

export interface Judgement {
  /** Answer 1 shown first, then answer 2 shown first. */
  readonly orders: readonly [OrderJudgement, OrderJudgement];
}

export interface JudgeOptions {
  /** Verdicts in each order. */
  readonly tries: number;
  /** Most tokens of a verdict with its reasoning. */
  readonly budget: number;
  /** False: the verdict is given at once. */
  readonly reasoning: boolean;
  readonly signal: AbortSignal;
}

/** Most tokens of a verdict with its reasoning, where nobody asks for more. */
export const VERDICT_TOKENS = 96;

/** @throws BadConfig where the pair leaves no room, or has a character that the model cannot read; and what the model throws */
export async function judgePair(
  model: Model,
  critic: TaskCritic,
  pair: Omit<Pair, 'expert'>,
  { tries, budget, reasoning, signal }: JudgeOptions,
): Promise<Judgement> {
  const tag = writeVerdict('tie').slice(0, -1);
  const begun = reasoning ? '' : tag;
  // Who is who does not matter here, and nobody is told.
  const shown: Pair = { ...pair, expert: '1' };
  const texts = [shown, turnedPair(shown)].map((one) => pairPrompt(critic, one) + begun);
  const prompts = texts.map((text) => model.tokenizer.encode(text, { addSpecial: true }));
  const room = model.positions - Math.max(...prompts.map(({ length }) => length));
  if (room < 2) throw badConfig('pair', 'The pair leaves no room for a verdict', 'Shorten it.');
  const written = await model.complete({
    ...{ prompts, copies: tries, sampling: SAMPLING, uid: 0, signal },
    budgets: prompts.map(() => Math.min(budget, room)),
    key: streamKey(SEED, `microscope/arena/${texts[0]}`),
  });
  const { eosId } = model.tokenizer;
  const said = written.map(({ ids, truncated }, i) => {
    const text = begun + model.tokenizer.decode(ids.filter((id) => id !== eosId));
    const order = i < tries ? 0 : 1;
    return { order, text, verdict: truncated ? null : critic.read(text) };
  });
  const shares = await verdictShares(model, prompts, begun, said, signal);
  const orderOf = (order: 0 | 1): OrderJudgement => {
    const place = (verdict: CriticVerdict) => (order === 0 ? verdict : turned(verdict));
    const own = said.flatMap((one, i) => (one.order === order ? [{ ...one, i }] : []));
    const mean = (verdict: CriticVerdict) =>
      own.reduce((sum, { i }) => sum + (shares[i]?.[place(verdict)] ?? 0), 0) / own.length;
    return {
      said: own.map(({ text, verdict }) => ({ text, verdict: verdict && place(verdict) })),
      probabilities: { '1': mean('1'), tie: mean('tie'), '2': mean('2') },
    };
  };
  return { orders: [orderOf(0), orderOf(1)] };
}

/** How likely each verdict is after the reasoning of each text, in the order as it was shown; null where a text has no verdict. */
async function verdictShares(
  model: Model,
  prompts: readonly (readonly number[])[],
  begun: string,
  said: readonly { readonly order: number; readonly text: string; readonly verdict: unknown }[],
  signal: AbortSignal,
): Promise<(VerdictShares | null)[]> {
  const { tokenizer } = model;
  const asked = said.flatMap(({ order, text, verdict }, i) =>
    verdict === null
      ? []
      : VERDICTS.map((one) => ({
          ...{ i, one },
          prompt: [...prompts[order], ...tokenizer.encode(text.slice(begun.length, -1))],
          completion: tokenizer.encode(writeVerdict(one).slice(-1)),
        })),
  );
  if (asked.length === 0) return said.map(() => null);
  const logprobs = await model.logprobs({
    prompts: asked.map(({ prompt }) => prompt),
    completions: asked.map(({ completion }) => completion),
    ...{ temperature: SAMPLING.temperature, signal },
  });
  return said.map(({ verdict }, of) => {
    if (verdict === null) return null;
    const share = (wanted: CriticVerdict) => {
      const at = asked.findIndex(({ i, one }) => i === of && one === wanted);
      return Math.exp(logprobs[at].reduce((sum, value) => sum + value, 0));
    };
    return { '1': share('1'), tie: share('tie'), '2': share('2') };
  });
}

/** The mean over both orders. */
export function meanShares({ orders: [one, other] }: Judgement): VerdictShares {
  const mean = (verdict: CriticVerdict) =>
    (one.probabilities[verdict] + other.probabilities[verdict]) / 2;
  return { '1': mean('1'), tie: mean('tie'), '2': mean('2') };
}

/** How much more probability goes to an answer for being shown first: half the difference that turning the pair makes. */
export function gainFromFirst({ orders: [one, other] }: Judgement): number {
  const lead = ({ probabilities }: OrderJudgement) => probabilities['1'] - probabilities['2'];
  return (lead(one) - lead(other)) / 2;
}
