/** One metrics row by TRL's names, from a step's completions and what was made of them. */

import type { Evaluation } from './evaluate/evaluate.ts';
import { mean } from './evaluate/statistics.ts';
import type { MetricsRow } from './records.ts';
import type { Completion } from './rewards/reward.ts';

/** Lengths in tokens, end token included; `terminated` are those that came to their end token. */
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

/** `eval/*` of a row; maj and pass at 1, 2, 4, 8, ... and at the number of samples. */
export function evaluationMetrics(evaluation: Evaluation): Record<string, number> {
  const out: Record<string, number> = {
    'eval/accuracy': evaluation.accuracy,
    'eval/accuracy_low': evaluation.accuracy_interval.low,
    'eval/accuracy_high': evaluation.accuracy_interval.high,
    'eval/mean_length': evaluation.mean_length,
    'eval/clipped_ratio': evaluation.truncated,
    'eval/well_formed': evaluation.well_formed,
  };
  const ks = new Set([evaluation.samples]);
  for (let k = 2; k < evaluation.samples; k *= 2) ks.add(k);
  for (const k of [...ks].sort((a, b) => a - b)) {
    out[`eval/pass_at_${k}`] = evaluation.pass_at_k[k - 1];
    out[`eval/maj_at_${k}`] = evaluation.maj_at_k[k - 1];
  }
  return out;
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

/** Hash of all rows so far from the hash before (empty at first) and the next row: SHA-256 of both, hex. */
export async function chainHash(before: string, row: MetricsRow): Promise<string> {
  const digest = await crypto.subtle.digest(
    'SHA-256',
    new TextEncoder().encode(before + metricsLine(row)),
  );
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('');
}
