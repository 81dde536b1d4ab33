/** The identity of an experiment: the SHA-256 of its canonical JSON. */
import { asThen } from './former.ts';
import type { Experiment } from './schema.ts';

/**
 * JSON with the keys of every object in code-unit order and no white space, numbers as ECMAScript prints them (the rules of
 * RFC 8785, for values that are plain JSON). Two experiments are the same where these texts are equal.
 */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
    return `{${entries.map(([key, item]) => `${JSON.stringify(key)}:${canonicalJson(item)}`).join(',')}}`;
  }
  return JSON.stringify(value);
}

/**
 * The text that identifies an experiment: its canonical JSON in the form of the first build. There `method` was `objective` and its `name`
 * was `algorithm`. Choices that did not exist then are left out at their old meaning: the name where it is `grpo`, `fp16` and
 * `use_bias_correction_kl` where they are off. So experiments and links from that time keep their hashes and marks.
 */
export function identityText(experiment: Experiment): string {
  const { name, fp16, ...method } = experiment.method;
  const { use_bias_correction_kl: corrects = false, ...settings } = {
    use_bias_correction_kl: false,
    ...method,
  };
  const said = {
    ...(name !== 'grpo' && { name }),
    ...(fp16 && { fp16 }),
    ...(corrects && { use_bias_correction_kl: corrects }),
  };
  return canonicalJson(asThen({ ...experiment, method: { ...settings, ...said } }));
}

/** SHA-256 of the experiment's `identityText` as UTF-8, 64 hex digits. */
export async function experimentHash(experiment: Experiment): Promise<string> {
  const bytes = new TextEncoder().encode(identityText(experiment));
  const digest = await crypto.subtle.digest('SHA-256', bytes);
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/**
 * A short mark of the same text, 8 hex digits (FNV-1a, 32 bits, over UTF-16 units). It detects presets that were changed by accident,
 * without waiting for a promise. It does not protect against intent.
 */
export function shortMark(experiment: Experiment): string {
  let hash = 0x811c9dc5;
  const text = identityText(experiment);
  for (let i = 0; i < text.length; i++) {
    hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  }
  return (hash >>> 0).toString(16).padStart(8, '0');
}
