/**
 * Answers to one question as every reward that needs no receiver scores them, and how much more likely the question makes each
 * of their tokens. The rewards are those of training; the policy that they ask is a model that reads given text.
 */
import { badConfig } from '../../../errors.ts';
import { needsVerifier } from '../../../rl/experiment/catalog.ts';
import { parseExperiment } from '../../../rl/experiment/schema.ts';
import { scoreBatch, type WeightedTerm } from '../../../rl/rewards/combine.ts';
import { createRewards, type RewardId, rewards } from '../../../rl/rewards/index.ts';
import type { Completion, PolicyService, TokenPair } from '../../../rl/rewards/reward.ts';
import { hasVerifier, type Question, type Task, type Verdict } from '../../../rl/tasks/task.ts';
import { readSar, type ShownSar } from '../../samples/sar-shown.ts';
import type { Model } from '../model-session.ts';

/** The rewards of the table, in its order: all that say something of an answer to any task, and ask no receiver and no model of their own. A new term is among them without a word here. */
export const SCORED_TERMS: readonly RewardId[] = (Object.keys(rewards) as RewardId[]).filter(
  (id) =>
    !('receivers' in rewards[id].options) &&
    !rewards[id].control &&
    !rewards[id].objection &&
    !rewards[id].model,
);

/** A value for each of the table's rewards. */
export type TermValues = Readonly<Partial<Record<RewardId, number | null>>>;

export interface AnswerScore {
  readonly text: string;
  /** The text of each token; the last is the end token, which counts like any other. */
  readonly tokens: readonly string[];
  /** Log-prob of each token given the question, nats. */
  readonly logprobs: readonly number[];
  readonly sar: ShownSar | undefined;
  /** What the question adds to each token, nats; null where it could not be asked for. */
  readonly v: readonly number[] | null;
  /** Raw values before any weight; null where a term gives none, absent where it needs a verifier and there is none. */
  readonly rewards: TermValues;
  /** Null where the task has no verifier. */
  readonly verdict: Verdict | null;
}

/** Log-probs that are kept: editing an answer scores one text anew and not those beside it. */
const MOST_KEPT = 256;

/** Everything is scored as trained: at the model's own distribution. */
const TEMPERATURE = 1;

export class AnswerScorer {
  readonly #model: Model;
  readonly #terms: readonly ScoredTerm[];
  readonly #kept = new Map<string, readonly number[]>();

  constructor(model: Model) {
    this.#model = model;
    this.#terms = terms();
  }

  /**
   * Why a text cannot be scored as an answer, thrown; nothing where it can.
   * @throws BadConfig on the field `text`
   */
  check(question: Question, text: string): void {
    const ids = this.#idsOf(text);
    const prompt = this.#model.tokenizer.encode(question.prompt, { addSpecial: true });
    const most = Math.max(0, this.#model.positions - prompt.length);
    if (ids.length > most) {
      throw badConfig(
        'text',
        `The answer has ${ids.length} tokens; after this question the policy can read ${most}`,
        'Shorten it.',
      );
    }
  }

  /**
   * Scores texts as one group: length rewards compare each with all of them.
   * @throws what `check` throws, and what the model throws
   */
  async score(
    task: Task,
    question: Question,
    texts: readonly string[],
    signal: AbortSignal,
  ): Promise<readonly AnswerScore[]> {
    for (const text of texts) this.check(question, text);
    const policy = this.#service(signal);
    const promptIds = policy.encode(question.prompt, { addSpecial: true });
    const pairs = texts.map((text) => ({ promptIds, completionIds: this.#idsOf(text) }));
    const given = await policy.logprobs(pairs);
    const batch = texts.map(
      (text, i): Completion => ({
        ...pairs[i],
        ...{ role: 'solver', question, group: 0, text, logprobs: given[i], truncated: false },
      }),
    );
    const usable = this.#terms.filter(({ judging }) => !judging || hasVerifier(task));
    const { terms } = await scoreBatch(usable, batch, {
      ...{ task, step: 0, seed: 0, policy, signal },
    });
    return batch.map((completion, i) => ({
      text: completion.text,
      tokens: completion.completionIds.map((id) => this.#textOf(id)),
      logprobs: completion.logprobs,
      sar: readSar(terms.get('sar')?.shown?.[i]),
      v: terms.get('sar')?.tokens?.v[i] ?? null,
      rewards: Object.fromEntries([...terms].map(([term, { values }]) => [term, values[i]])),
      verdict: task.verify?.(question, completion.text) ?? null,
    }));
  }

  #idsOf(text: string): number[] {
    const { eosId } = this.#model.tokenizer;
    return [...this.#model.tokenizer.encode(text), ...(eosId === null ? [] : [eosId])];
  }

  #textOf(id: number): string {
    return id === this.#model.tokenizer.eosId ? 'end' : this.#model.tokenizer.tokenText(id);
  }

  #service(signal: AbortSignal): PolicyService {
    const { tokenizer, positions } = this.#model;
    return {
      positions,
      encode: (text, options) => tokenizer.encode(text, options),
      decode: (ids) => tokenizer.decode(ids),
      eosId: tokenizer.eosId,
      logprobs: (pairs) => this.#logprobs(pairs, signal),
    };
  }

  /** Asks for what is not known yet, all at once. */
  async #logprobs(
    pairs: readonly TokenPair[],
    signal: AbortSignal,
  ): Promise<readonly (readonly number[])[]> {
    const keys = pairs.map(({ promptIds, completionIds }) => `${promptIds}|${completionIds}`);
    const known = new Map(keys.map((key) => [key, this.#kept.get(key)]));
    const missing = keys.flatMap((key, i) =>
      known.get(key) === undefined && keys.indexOf(key) === i ? [i] : [],
    );
    if (missing.length > 0) {
      const rows = await this.#model.logprobs({
        prompts: missing.map((i) => pairs[i].promptIds),
        completions: missing.map((i) => pairs[i].completionIds),
        temperature: TEMPERATURE,
        signal,
      });
      if (this.#kept.size + rows.length > MOST_KEPT) this.#kept.clear();
      missing.forEach((i, row) => {
        known.set(keys[i], rows[row]);
        this.#kept.set(keys[i], rows[row]);
      });
    }
    return keys.map((key) => known.get(key) ?? []);
  }
}

/** A term, and whether it must know right from wrong. */
interface ScoredTerm extends WeightedTerm {
  readonly judging: boolean;
}

/** The terms with their default settings. */
function terms(): ScoredTerm[] {
  const parsed = parseExperiment({ rewards: SCORED_TERMS.map((term) => ({ term })) });
  if (!parsed.ok) throw badConfig('rewards', parsed.problems[0].message);
  const { rewards } = parsed.experiment;
  return createRewards(rewards).map((term, i) => ({ ...term, judging: needsVerifier(rewards[i]) }));
}
