/**
 * Term `transfer`: an answer is worth something if another model can continue from the middle of it. Each answer y is cut after
 * floor(tau |y|) tokens. A frozen receiver sees the question and the prefix and finishes the answer. The value is 1 where the finished
 * answer is right, else 0; with several tries or receivers, their mean. Only the policy learns.
 *
 * R = a R_answer + b R_transfer + R_format, b being this term's weight. Source: RLTR. The authors did not state a, b, the receiver
 * and what options.ts marks as ours.
 */

import { type BatonError, badConfig } from '../../../errors.ts';
import type { SamplingSettings } from '../../../kernels/sample/sample.ts';
import type { Receiver } from '../../../model/receiver.ts';
import { requirePolicy, requireTokens, requireVerifier } from '../needs.ts';
import { type Completion, defineReward, type RewardContext, type TermScores } from '../reward.ts';
import { type Cut, cutAt, cutIndex, drawTau, stepCuts } from './cut.ts';
import { type Finished, finish, leaks, type Unfinished } from './finish.ts';
import { type ReceiverOutcome, rates, transferMetrics, weighted } from './measure.ts';
import { type TransferSettings, transferOptions } from './options.ts';
import { parseReceivers, receiverName, type WeightedReceiver } from './receiver-list.ts';

/** The term's random streams, by what is drawn from them. */
const STREAM = { cut: 0, tries: 1, again: 2, scratch: 3 } as const;
/** Budget and sampling for lines that were not sampled here. */
const DEFAULT_BUDGET = 64;
const PLAIN: SamplingSettings = { temperature: 1, topK: 0, topP: 1, minP: 0, greedy: false };

type Tries = readonly (readonly Finished[] | null)[];

/** One receiver's tries on a batch. */
interface Handed {
  readonly receiver: WeightedReceiver;
  readonly tries: Tries;
  readonly again: Tries;
  readonly scratch: Tries;
}

function noReceivers(): BatonError {
  return badConfig(
    'receivers',
    'The term transfer needs receivers: models that finish the answers',
    'Score with a model (`--model DIR` on the command line), or leave the term out.',
  );
}

function cutsOf(
  batch: readonly Completion[],
  { task, random, policy }: RewardContext,
  settings: TransferSettings,
): Cut[] {
  const decode = (ids: readonly number[]) => policy?.decode(ids) ?? '';
  return batch.map((completion, i) => {
    const stream = random(STREAM.cut, settings.shared_tau ? completion.group : i);
    const tau = drawTau(settings, stream);
    if (settings.tau !== 'step') {
      // The tau that was drawn is kept: the cut rounds it down.
      const at = cutIndex(tau, completion.completionIds.length);
      return { ...cutAt(completion, at, decode), tau };
    }
    const places = stepCuts(completion, task.stepBoundaries(completion.text), decode);
    return cutAt(
      completion,
      places[Math.min(places.length - 1, Math.floor(tau * places.length))],
      decode,
    );
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

/** The answers that are tried once more for `icc` alone: those of the first questions. */
function onceMore(batch: readonly Completion[], settings: TransferSettings): ReadonlySet<number> {
  if (settings.continuations > 1) return new Set();
  return new Set(
    [...new Set(batch.map(({ group }) => group))].slice(0, settings.reliability_questions),
  );
}

async function handOver(
  receiver: Receiver,
  entry: WeightedReceiver,
  place: number,
  batch: readonly Completion[],
  cuts: readonly Cut[],
  context: RewardContext,
  settings: TransferSettings,
): Promise<Handed> {
  const { signal, budget = DEFAULT_BUDGET } = context;
  const task = requireVerifier('transfer', context);
  const left = ({ at }: Cut) => settings.receiver_max_length ?? budget - at;
  const items: Unfinished[] = batch.map(({ question }, i) => ({
    question,
    prefix: cuts[i].prefix,
    budget: left(cuts[i]),
  }));
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
  const repeated = items.filter((_, i) => chosen.has(batch[i].group));
  const aside: NonNullable<RewardContext['aside']> = context.aside ?? ((work) => work());
  const second = await aside(() => ask(STREAM.again, repeated, 1));
  let next = 0;
  const again = items.map((_, i) => (chosen.has(batch[i].group) ? second[next++] : null));
  const questions = [...new Map(batch.map((c) => [c.group, c.question])).values()];
  const fresh = questions.map((question) => ({
    question,
    prefix: '',
    budget: settings.receiver_max_length ?? budget,
  }));
  const scratch = await aside(() => ask(STREAM.scratch, fresh, settings.scratch_samples));
  return { receiver: entry, tries, again, scratch };
}

const outcomesOf = (tries: Tries) =>
  tries.map((own) => own?.map(({ correct }) => Number(correct)) ?? null);

function outcomeOf({ receiver, tries, scratch }: Handed): ReceiverOutcome {
  const right = scratch.flatMap((own) => own ?? []).map(({ correct }) => Number(correct));
  return {
    receiver,
    outcomes: outcomesOf(tries),
    scratch: right.reduce((a, b) => a + b, 0) / right.length,
  };
}

/** One value per answer: the weighted mean of the receivers' rates; null where one had no room, or the guard leaves the answer out. */
function valuesOf(
  receivers: readonly ReceiverOutcome[],
  leaked: readonly boolean[],
  guard: boolean,
): (number | null)[] {
  const all = receivers.map(({ receiver, outcomes }) => ({ ...receiver, rates: rates(outcomes) }));
  return leaked.map((leak, i) => {
    if (guard && leak) return null;
    const pairs = all.map(({ weight, rates: own }) => [weight, own[i]] as const);
    if (pairs.some(([, rate]) => rate === null)) return null;
    return weighted(pairs.map(([weight, rate]) => [weight, rate ?? 0]));
  });
}

/** What happened to one answer, for people to read. */
function usedFor(i: number, cut: Cut, leaked: boolean, handed: readonly Handed[]) {
  return {
    tau: cut.tau,
    cut: cut.at,
    prefix: cut.prefix,
    leaked,
    receivers: handed.map(({ receiver, tries }) => ({
      receiver: receiverName(receiver.id),
      tries:
        tries[i]?.map(({ text, correct, truncated }) => ({ text, correct, truncated })) ?? null,
    })),
  };
}

async function scoreTransfer(
  batch: readonly Completion[],
  context: RewardContext,
  settings: TransferSettings,
): Promise<TermScores> {
  requirePolicy('transfer', context);
  requireTokens('transfer', batch);
  const task = requireVerifier('transfer', context);
  const { receivers: service } = context;
  if (!service) throw noReceivers();
  if (batch.length === 0) return { values: [], used: [] };
  const cuts = cutsOf(batch, context, settings);
  const handed: Handed[] = [];
  // One after the other: receivers on one device would only wait for each other.
  for (const [place, entry] of parseReceivers(settings.receivers).entries()) {
    const receiver = await service.open(entry.id, settings.backend);
    handed.push(await handOver(receiver, entry, place, batch, cuts, context, settings));
  }
  const leaked = batch.map(({ question }, i) => leaks(task, { question, prefix: cuts[i].prefix }));
  const receivers = handed.map(outcomeOf);
  const values = valuesOf(receivers, leaked, settings.leakage_guard);
  const used = cuts.map((cut, i) => usedFor(i, cut, leaked[i], handed));
  const again = outcomesOf(handed[0].again);
  return {
    values,
    used,
    shown: used,
    metrics: transferMetrics(batch, cuts, leaked, values, receivers, again),
  };
}

export const transfer = defineReward({
  label: 'Transfer',
  description: 'Whether other models can finish the answer from somewhere in its middle.',
  formula: 'share of tries in which a receiver finishes y[:floor(τ|y|)] rightly',
  options: transferOptions,
  needsVerifier: () => true,
  create: (settings) => {
    if (settings.tau === 'interval' && settings.tau_low > settings.tau_high) {
      throw badConfig(
        'tau_low',
        `The interval of tau runs from ${settings.tau_low} to ${settings.tau_high}`,
      );
    }
    return {
      prepare: async (receivers) => {
        if (!receivers) throw noReceivers();
        for (const { id } of parseReceivers(settings.receivers))
          await receivers.open(id, settings.backend);
      },
      score: (batch, context) => scoreTransfer(batch, context, settings),
    };
  },
});
