/**
 * Settings that came after the first build, each with the value at which it means what was so before it. An experiment's identity leaves
 * them out at that value, so that hashes, marks and links of earlier builds stay valid. A new setting of an old part is one line here.
 */
import type { Value } from './field.ts';

/** By path; `*` is any place in a list. */
const LATER: ReadonlyMap<string, Value> = new Map<string, Value>([
  ['method.name', 'grpo'],
  ['method.fp16', false],
  ['method.use_bias_correction_kl', false],
  ['method.dialects', 'public'],
  ['method.dialect_slips', ''],
  ['method.misconceptions', ''],
  ['method.chatter', 0],
  ['method.chatter_kind', 'filler'],
  ['method.check_repairs', false],
  ['method.permuted', false],
  ['task.answer_apart', false],
  ['evaluation.tournament', 0],
  ['rewards.*.permuted', false],
  ['rewards.*.cuts', 1],
  ['rewards.*.right_only', false],
  ['rewards.*.blank_prefix', false],
]);

/** A copy without the settings that stand at their old meaning. Nothing else is changed. */
export function withoutLater(part: unknown, path = ''): unknown {
  if (Array.isArray(part)) return part.map((item) => withoutLater(item, `${path}.*`));
  if (typeof part !== 'object' || part === null) return part;
  return Object.fromEntries(
    Object.entries(part).flatMap(([key, item]) => {
      const at = path === '' ? key : `${path}.${key}`;
      return LATER.has(at) && LATER.get(at) === item ? [] : [[key, withoutLater(item, at)]];
    }),
  );
}
