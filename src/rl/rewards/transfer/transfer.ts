/**
 * Term `transfer`: an answer is worth something if another model can continue from the middle of it. Each answer y is cut after
 * floor(tau |y|) tokens. A frozen receiver sees the question and the prefix and finishes the answer. The value is 1 where the finished
 * answer is right, else 0; with several cuts, tries or receivers, their mean. Only the policy learns.
 *
 * R = a R_answer + b R_transfer + R_format, b being this term's weight. Source: RLTR. The authors did not state a, b, the receiver
 * and what options.ts marks as ours.
 */

import { type BatonError, badConfig } from '../../../errors.ts';
import { meanOf } from '../combine.ts';
import { requirePolicy, requireTokens, requireVerifier } from '../needs.ts';
import {
  type Completion,
  defineReward,
  type RewardContext,
  type TermScores,
  type Used,
} from '../reward.ts';
import type { Cut } from './cut.ts';
import { leaks } from './finish.ts';
import { cutsOf, type Handed, handOver, type Tries } from './hand-over.ts';
import { type ReceiverOutcome, rates, transferMetrics, weighted } from './measure.ts';
import { type TransferSettings, transferOptions } from './options.ts';
import { onKernels, parseReceivers, receiverName } from './receiver-list.ts';

function noReceivers(): BatonError {
  return badConfig(
    'receivers',
    'The term transfer needs receivers: models that finish the answers',
    'Score with a model (`--model DIR` on the command line), or leave the term out.',
  );
}

const outcomesOf = (tries: Tries) =>
  tries.map((own) => own?.map(({ correct }) => Number(correct)) ?? null);

function outcomeOf({ receiver, tries, scratch }: Handed): ReceiverOutcome {
  const right = scratch.flatMap((own) => own ?? []).map(({ correct }) => Number(correct));
  return {
    receiver,
    outcomes: tries.map(outcomesOf),
    scratch: right.reduce((a, b) => a + b, 0) / right.length,
  };
}

/**
 * By answer and cut: the weighted mean of the receivers' rates; null where the cut does not count, because a receiver had no room or the
 * guard leaves it out.
 */
function sharesOf(
  receivers: readonly ReceiverOutcome[],
  leaked: readonly (readonly boolean[])[],
  guard: boolean,
): (number | null)[][] {
  const all = receivers.map(({ receiver, outcomes }) => ({ ...receiver, rates: rates(outcomes) }));
  return leaked.map((cuts, i) =>
    cuts.map((leak, k) => {
      if (guard && leak) return null;
      const pairs = all.map(({ weight, rates: own }) => [weight, own[i][k]] as const);
      if (pairs.some(([, rate]) => rate === null)) return null;
      return weighted(pairs.map(([weight, rate]) => [weight, rate ?? 0]));
    }),
  );
}

/** What happened at one cut of one answer, for people to read. @param tries each receiver's, by its name */
function usedAt(cut: Cut, leaked: boolean, tries: readonly (readonly [string, Tries[number]])[]) {
  return {
    tau: cut.tau,
    cut: cut.at,
    prefix: cut.prefix,
    leaked,
    receivers: tries.map(([receiver, own]) => ({
      receiver,
      tries: own?.map(({ text, correct, truncated }) => ({ text, correct, truncated })) ?? null,
    })),
  };
}

/** What happened to answer `i`: with one cut as it is, with several as a list. */
function usedFor(
  i: number,
  cuts: readonly Cut[],
  leaked: readonly boolean[],
  handed: readonly Handed[],
): Used {
  const all = cuts.map((cut, k) =>
    usedAt(
      cut,
      leaked[k],
      handed.map(({ receiver, tries }) => [receiverName(receiver.id), tries[i][k]] as const),
    ),
  );
  return all.length === 1 ? all[0] : { cuts: all };
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
  const leaked = batch.map(({ question }, i) =>
    cuts[i].map(({ prefix }) => leaks(task, { question, prefix })),
  );
  const receivers = handed.map(outcomeOf);
  const shares = sharesOf(receivers, leaked, settings.leakage_guard);
  const finished = shares.map((own) => meanOf(own.filter((share) => share !== null)));
  const { right_only: gated, blank_prefix: blank } = settings;
  const values = finished.map((share, i) => {
    const { question, text } = batch[i];
    return gated && share !== null && !task.verify(question, text).correct ? 0 : share;
  });
  const used = cuts.map((own, i) => ({
    ...usedFor(i, own, leaked[i], handed),
    ...(blank && { blank_prefix: true }),
    ...(gated && { finished: finished[i] }),
  }));
  const metrics = transferMetrics({
    ...{ batch, cuts, leaked, shares, finished, values, receivers },
    again: outcomesOf(handed[0].again),
  });
  return {
    values,
    used,
    shown: used,
    metrics: {
      ...metrics,
      // Without the gate it is the term's mean.
      ...(gated && { finished: meanOf(finished.filter((share) => share !== null)) ?? Number.NaN }),
    },
  };
}

export const transfer = defineReward({
  label: 'Transfer',
  description: 'Whether other models can finish the answer from somewhere in its middle.',
  formula: 'share of tries in which a receiver finishes y[:floor(τ|y|)] rightly',
  options: transferOptions,
  needsVerifier: () => true,
  receivers: ({ receivers, backend }) => onKernels(receivers, backend),
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
