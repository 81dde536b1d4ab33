/** The metrics row of a step, under the names of TRL 1.13. */

import type { Evaluation } from './evaluate/evaluate.ts';
import type { JudgedNumbers } from './evaluate/judge.ts';
import { mean } from './evaluate/statistics.ts';
import type { MetricsRow } from './records.ts';
import type { Completion } from './rewards/reward.ts';
import { receiverName } from './rewards/transfer/receiver-list.ts';

/** Lengths in tokens, end token included; `terminated` counts the completions that reached their end token. */
export function lengthMetrics(completions: readonly Completion[]): Record<string, number> {
  const lengths = completions.map((c) => c.completionIds.length);
  const terminated = completions.filter((c) => !c.truncated).map((c) => c.completionIds.length);
  const extremes = (prefix: string, values: readonly number[]) => ({
    [`completions/mean_${prefix}length`]: values.length === 0 ? 0 : mean(values),
    [`completions/min_${prefix}length`]: values.length === 0 ? 0 : Math.min(...values),
    [`completions/max_${prefix}length`]: values.length === 0 ? 0 : Math.max(...values),
  });
  return {
    ...extremes('', lengths),
    ...extremes('terminated_', terminated),
    'completions/clipped_ratio': 1 - terminated.length / completions.length,
  };
}

/**
 * `eval/*` of a row, or `eval_ood/*`: accuracy, length, and maj and pass at 2, 4, 8, ... and at the number of samples. A task without
 * a verifier has the lengths alone. `X_low` and `X_high` are the 95 % interval of X. Each receiver R has `transfer/R` (its
 * transferability), `transfer/R/gain` (the same less its success from scratch), `transfer/R/scratch`, and `transfer/R/tau_0` to `tau_9`
 * (success by the tenth in which the answer was cut). A task that tells dialects apart has `dialects/D` (the share of answers in D),
 * `dialects/D/accuracy`, `transfer/R/dialects/D` (R's transferability over the answers in D) and `chatter` (the share of tokens).
 * `tournament_at_N` is how often the winner of a tournament among N answers is right, and `tournament_gain` that of the largest less the majority's.
 * `transfer_leakage` is the share of prefixes that were already a right answer. A task with a hidden judge has `win_rate` (against the expert, ties half)
 * and, under `hidden/`, how many answers each of its questions approves.
 */
export function evaluationMetrics(
  evaluation: Evaluation,
  prefix: 'eval' | 'eval_ood' = 'eval',
): Record<string, number> {
  const length = {
    mean_length: evaluation.mean_length,
    ...ends('mean_length', evaluation.mean_length_interval),
  };
  // Without a verifier nothing is right or wrong, and those numbers are absent.
  const out: Record<string, number> =
    evaluation.accuracy === null
      ? { ...length, clipped_ratio: evaluation.truncated }
      : {
          accuracy: evaluation.accuracy,
          ...ends('accuracy', evaluation.accuracy_interval),
          ...length,
          mean_length_right: evaluation.mean_length_right,
          ...ends('mean_length_right', evaluation.mean_length_right_interval),
          clipped_ratio: evaluation.truncated,
          well_formed: evaluation.well_formed,
          ...atEachK(evaluation.samples, evaluation),
        };
  Object.assign(out, mannerMetrics(evaluation), hiddenMetrics(evaluation));
  Object.assign(out, transferMetrics(evaluation), tournamentMetrics(evaluation));
  return Object.fromEntries(
    Object.entries(out)
      // Where no answer is right, the length of right answers was not measured, and is absent.
      .filter(([, value]) => !Number.isNaN(value))
      .map(([name, value]) => [`${prefix}/${name}`, value]),
  );
}

/** pass and maj at 2, 4, 8, ... and at the number of samples. */
function atEachK(samples: number, judged: JudgedNumbers): Record<string, number> {
  const out: Record<string, number> = {};
  const ks = new Set([samples]);
  for (let k = 2; k < samples; k *= 2) ks.add(k);
  for (const k of [...ks].sort((a, b) => a - b)) {
    for (const name of ['pass_at_k', 'maj_at_k'] as const) {
      const { low, high } = judged[`${name}_interval`];
      const own = name.replace(/k$/, `${k}`);
      out[own] = judged[name][k - 1];
      Object.assign(out, ends(own, { low: low[k - 1], high: high[k - 1] }));
    }
  }
  return out;
}

function mannerMetrics({
  dialects = {},
  chatter,
  chatter_interval,
}: Evaluation): Record<string, number> {
  const out: Record<string, number> = {};
  for (const [id, { share, share_interval, accuracy }] of Object.entries(dialects)) {
    const name = `dialects/${id}`;
    Object.assign(out, { [name]: share, ...ends(name, share_interval) });
    if (accuracy !== null) out[`${name}/accuracy`] = accuracy;
  }
  if (chatter !== undefined && chatter_interval) {
    Object.assign(out, { chatter, ...ends('chatter', chatter_interval) });
  }
  return out;
}

function hiddenMetrics({ hidden }: Evaluation): Record<string, number> {
  if (!hidden) return {};
  const { win_rate, win_rate_interval, ...parts } = hidden;
  return { win_rate, ...ends('win_rate', win_rate_interval), ...prefixed('hidden', parts) };
}

function prefixed(prefix: string, numbers: Readonly<Record<string, number>>) {
  return Object.fromEntries(
    Object.entries(numbers).map(([name, value]) => [`${prefix}/${name}`, value]),
  );
}

function transferMetrics({ transfer }: Evaluation): Record<string, number> {
  if (!transfer) return {};
  const out: Record<string, number> = { transfer_leakage: transfer.leakage_mean };
  for (const own of transfer.receivers) {
    const name = `transfer/${receiverName(own.receiver)}`;
    out[name] = own.transferability;
    Object.assign(out, ends(name, own.transferability_interval));
    out[`${name}/gain`] = own.gain;
    Object.assign(out, ends(`${name}/gain`, own.gain_interval));
    out[`${name}/scratch`] = own.scratch;
    for (const [bucket, rate] of own.success.entries()) out[`${name}/tau_${bucket}`] = rate;
    for (const [id, { transferability }] of Object.entries(own.by_dialect ?? {})) {
      if (transferability !== null) out[`${name}/dialects/${id}`] = transferability;
    }
  }
  return out;
}

function tournamentMetrics({ tournament }: Evaluation): Record<string, number> {
  const out: Record<string, number> = {};
  const played = (tournament?.by_answers ?? []).filter(({ n }) => n > 1);
  for (const { n, tournament: share, tournament_interval } of played) {
    const name = `tournament_at_${n}`;
    Object.assign(out, { [name]: share, ...ends(name, tournament_interval) });
  }
  const last = played.at(-1);
  if (last) {
    out.tournament_gain = last.gain;
    Object.assign(out, ends('tournament_gain', last.gain_interval));
  }
  return out;
}

function ends(name: string, { low, high }: { readonly low: number; readonly high: number }) {
  return { [`${name}_low`]: low, [`${name}_high`]: high };
}

/** A row in one fixed order, with null for what is not finite, so that equal runs give equal bytes. */
export function metricsRow(
  step: number,
  ...parts: readonly Readonly<Record<string, number | null | undefined>>[]
): MetricsRow {
  const row: Record<string, number | null> = {};
  for (const part of parts) {
    for (const [name, value] of Object.entries(part)) {
      if (value === undefined) continue;
      row[name] = value !== null && Number.isFinite(value) ? value : null;
    }
  }
  return { step, ...row };
}

/** The line of a row in metrics.jsonl. */
export function metricsLine(row: MetricsRow): string {
  return `${JSON.stringify(row)}\n`;
}

/** Hash of all rows so far: SHA-256 of the hash before (empty at first) followed by the next row, hex. */
export async function chainHash(before: string, row: MetricsRow): Promise<string> {
  const digest = await crypto.subtle.digest(
    'SHA-256',
    new TextEncoder().encode(before + metricsLine(row)),
  );
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('');
}
