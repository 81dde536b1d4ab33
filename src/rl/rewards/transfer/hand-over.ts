/** Cuts the answers of a batch and lets one receiver after the other go on from every cut. */
import type { SamplingSettings } from '../../../kernels/sample/sample.ts';
import type { Receiver } from '../../../model/receiver.ts';
import { requireVerifier } from '../needs.ts';
import type { Completion, RewardContext } from '../reward.ts';
import { type Cut, cutAt, cutIndex, drawTau, stepCuts } from './cut.ts';
import { type Finished, finish, type Unfinished } from './finish.ts';
import type { TransferSettings } from './options.ts';
import type { WeightedReceiver } from './receiver-list.ts';

/** The term's random streams, by what is drawn from them. */
const STREAM = { cut: 0, tries: 1, again: 2, scratch: 3 } as const;
/** Budget and sampling for lines that were not sampled here. */
const DEFAULT_BUDGET = 64;
const PLAIN: SamplingSettings = { temperature: 1, topK: 0, topP: 1, minP: 0, greedy: false };

/** A list of tries at each of several items; null where the receiver had no room for an item. */
export type Tries = readonly (readonly Finished[] | null)[];

/** One receiver's tries on a batch of N answers. */
export interface Handed {
  readonly receiver: WeightedReceiver;
  /** By answer and cut. */
  readonly tries: readonly Tries[];
  /** By answer: once more, to measure luck; null for answers that were not. */
  readonly again: Tries;
  /** By question, without a prefix. */
  readonly scratch: Tries;
}

/**
 * The cuts of each answer. A further cut takes the next number of the answer's stream, so the first ones stay where they are. Where prefixes
 * are blank the cuts are drawn as always, and only their texts are emptied.
 */
export function cutsOf(
  batch: readonly Completion[],
  { task, random, policy }: RewardContext,
  settings: TransferSettings,
): Cut[][] {
  const decode = (ids: readonly number[]) => policy?.decode(ids) ?? '';
  return batch.map((completion, i) => {
    const stream = random(STREAM.cut, settings.shared_tau ? completion.group : i);
    const places =
      settings.tau === 'step'
        ? stepCuts(completion, task.stepBoundaries(completion.text), decode)
        : null;
    return Array.from({ length: settings.cuts }, (): Cut => {
      const tau = drawTau(settings, stream);
      // The tau that was drawn is kept where the cut rounds it down.
      const cut = places
        ? cutAt(
            completion,
            places[Math.min(places.length - 1, Math.floor(tau * places.length))],
            decode,
          )
        : { ...cutAt(completion, cutIndex(tau, completion.completionIds.length), decode), tau };
      return settings.blank_prefix ? { ...cut, prefix: '' } : cut;
    });
  });
}

/** The batch's sampling with the changes of the receiver's own settings. */
function samplingOf(
  { sampling = PLAIN }: RewardContext,
  { receiver_temperature: t }: TransferSettings,
): SamplingSettings {
  if (t === null) return sampling;
  return { ...sampling, temperature: t || 1, greedy: t === 0 };
}

/** The answers that are tried once more for `icc` alone: those of the first questions, where nothing else tries an answer twice. */
function onceMore(batch: readonly Completion[], settings: TransferSettings): ReadonlySet<number> {
  if (settings.continuations * settings.cuts > 1) return new Set();
  return new Set(
    [...new Set(batch.map(({ group }) => group))].slice(0, settings.reliability_questions),
  );
}

/** Lets a receiver finish every cut of every answer. @param place the receiver's, among those of the term */
export async function handOver(
  receiver: Receiver,
  entry: WeightedReceiver,
  place: number,
  batch: readonly Completion[],
  cuts: readonly (readonly Cut[])[],
  context: RewardContext,
  settings: TransferSettings,
): Promise<Handed> {
  const { signal, budget = DEFAULT_BUDGET } = context;
  const task = requireVerifier('transfer', context);
  const count = batch.length;
  // First cuts first: a second cut takes no draws away from them.
  const items = Array.from({ length: settings.cuts }, (_, k) =>
    batch.map(({ question }, i): Unfinished => {
      const { at, prefix } = cuts[i][k];
      return { question, prefix, budget: settings.receiver_max_length ?? budget - at };
    }),
  ).flat();
  const ask = (stream: number, asked: readonly Unfinished[], copies: number): Promise<Tries> => {
    if (asked.length === 0 || copies === 0) return Promise.resolve([]);
    const random = context.random(stream, place);
    return finish(receiver, task, {
      items: asked,
      copies,
      sampling: samplingOf(context, settings),
      key: [random.below(2 ** 32), random.below(2 ** 32)],
      grading: settings.grading,
      ...(signal && { signal }),
    });
  };
  const tries = await ask(STREAM.tries, items, settings.continuations);
  // Luck is measured on the first receiver alone.
  const chosen = place === 0 ? onceMore(batch, settings) : new Set<number>();
  const repeated = items.slice(0, count).filter((_, i) => chosen.has(batch[i].group));
  const aside: NonNullable<RewardContext['aside']> = context.aside ?? ((work) => work());
  const second = await aside(() => ask(STREAM.again, repeated, 1));
  let next = 0;
  const again = batch.map(({ group }) => (chosen.has(group) ? second[next++] : null));
  const questions = [...new Map(batch.map((c) => [c.group, c.question])).values()];
  const fresh = questions.map((question) => ({
    question,
    prefix: '',
    budget: settings.receiver_max_length ?? budget,
  }));
  const scratch = await aside(() => ask(STREAM.scratch, fresh, settings.scratch_samples));
  return {
    receiver: entry,
    tries: batch.map((_, i) => cuts[i].map((_, k) => tries[k * count + i])),
    again,
    scratch,
  };
}
