/** Small batches for the objectives' tests. */
import { expect } from 'vitest';
import { OBJECTIVE_DEFAULTS, type ObjectiveSettings } from './settings.ts';

/** grpo with TRL's defaults, a budget of 8 tokens and the given changes. */
export function settingsOf(changes: Partial<ObjectiveSettings> = {}): ObjectiveSettings {
  return { ...OBJECTIVE_DEFAULTS, loss_type: 'grpo', max_completion_length: 8, ...changes };
}

interface Item {
  readonly advantage: number;
  /** exp(logp - old) per token. */
  readonly ratios: readonly number[];
  readonly truncated?: boolean;
}

/**
 * A packed batch whose old log-probs are fixed and whose new ones give the ratios. `extras` adds reference and entropies; `padding`
 * puts that many poisoned numbers before, between and after the completions.
 */
export function batchOf(
  items: readonly Item[],
  { extras = false, padding = 0 }: { extras?: boolean; padding?: number } = {},
) {
  const old: number[] = [];
  const logp: number[] = [];
  const ref: number[] = [];
  const entropy: number[] = [];
  const pad = () => {
    for (let i = 0; i < padding; i++) {
      for (const array of [old, logp, ref, entropy]) array.push(Number.NaN);
    }
  };
  let token = 0;
  const sequences = items.map(({ advantage, ratios, truncated = false }) => {
    pad();
    const start = old.length;
    for (const ratio of ratios) {
      old.push(-0.5 - 0.25 * (token % 5));
      logp.push(old[old.length - 1] + Math.log(ratio));
      ref.push(logp[logp.length - 1] + 0.3 - 0.2 * (token % 4));
      entropy.push(0.2 + 0.1 * (token % 3));
      token++;
    }
    return { start, length: ratios.length, advantage, truncated };
  });
  pad();
  return { sequences, logp, old, ...(extras && { ref, entropy }) };
}

/** Element by element within an absolute tolerance; -0 equals 0. */
export function expectClose(
  actual: ArrayLike<number>,
  expected: ArrayLike<number>,
  tolerance = 1e-13,
): void {
  expect(actual.length).toBe(expected.length);
  for (let i = 0; i < actual.length; i++) {
    expect(Math.abs(actual[i] - expected[i]), `element ${i}`).toBeLessThanOrEqual(tolerance);
  }
}
