/** Changing one setting of an experiment, and naming what differs between two. */
import * as z from 'zod/mini';
import { shorten, type Value } from './field.ts';
import { type Experiment, experimentSchema, type Parsed, parseExperiment } from './schema.ts';
import { describeSettings, type Setting, settingValues } from './settings.ts';

/** One changed setting. */
export interface Change {
  /** Dotted path, or that of the whole part where it has other settings altogether (`task`, `rewards`). */
  readonly path: string;
  readonly label: string;
  readonly from: unknown;
  readonly to: unknown;
  /** True: it can take effect at the next step. False: it needs a restart. */
  readonly live: boolean;
}

/** The settings in which `b` differs from `a`, in the schema's order. */
export function diffExperiments(a: Experiment, b: Experiment): Change[] {
  const changes: Change[] = [];
  const parts: string[] = [];
  if (a.task.id !== b.task.id) {
    parts.push('task.');
    changes.push({ path: 'task', label: 'Task', from: a.task, to: b.task, live: false });
  }
  if (!sameTerms(a, b)) {
    parts.push('rewards.');
    changes.push({
      path: 'rewards',
      label: 'Rewards',
      from: a.rewards,
      to: b.rewards,
      live: false,
    });
  }
  const after = new Map(
    settingValues(experimentSchema, b).map(({ setting, value }) => [setting.path, value]),
  );
  for (const { setting, value } of settingValues(experimentSchema, a)) {
    const { path, label, live } = setting;
    if (parts.some((part) => path.startsWith(part))) continue;
    const to = after.get(path);
    after.delete(path);
    // A setting that only the other method has is no difference of its own: it follows from the choice of method.
    if (to !== undefined && value !== to) changes.push({ path, label, from: value, to, live });
  }
  // A setting that only this method has is a difference where it is not at its default.
  for (const { setting, value } of settingValues(experimentSchema, b)) {
    const { path, label, default: from } = setting;
    if (!after.has(path) || parts.some((part) => path.startsWith(part))) continue;
    if (value !== from) changes.push({ path, label, from, to: value, live: false });
  }
  return changes;
}

/** Whether both have the same reward terms in the same order, so that they can be compared one by one. */
export function sameTerms(a: Experiment, b: Experiment): boolean {
  const terms = (experiment: Experiment) =>
    experiment.rewards.map((reward) => reward.term).join(' ');
  return terms(a) === terms(b);
}

/**
 * The experiment with one setting changed, checked as a whole. Another task brings its own settings at their defaults. So does
 * another reward term, which keeps the weight. Another method keeps the settings that both have and that are not at the old one's defaults. A path that this experiment does not have
 * is a problem.
 */
export function changeSetting(
  experiment: Experiment,
  path: string,
  value: unknown,
  more: Parameters<typeof parseExperiment>[1] = {},
): Parsed {
  const known = settingValues(experimentSchema, experiment).some((s) => s.setting.path === path);
  if (!known) {
    const field = shorten(path);
    return { ok: false, problems: [{ field, message: `${field} is unknown` }] };
  }
  return parseExperiment(withValue(experiment, path, value), more);
}

const METHOD = 'method.name';

/** Another method: settings that both have keep their values where the new one allows them; its own are at their defaults. */
export function otherMethod({ method }: Experiment, name: unknown): unknown {
  const there = describeSettings(experimentSchema).filter(
    ({ path, when }) =>
      path.startsWith('method.') && (when?.path !== METHOD || when.is.includes(String(name))),
  );
  const allowed = (
    { min = -Infinity, max = Infinity, exclusiveMin = false }: Setting,
    value: unknown,
  ) =>
    typeof value !== 'number' || (value >= min && value <= max && !(exclusiveMin && value === min));
  const kept = Object.entries(method).filter(([key, value]) =>
    there.some((setting) => setting.key === key && allowed(setting, value)),
  );
  return { ...Object.fromEntries(kept), name };
}

/**
 * Another method as a person chooses it: as `otherMethod`, but what stands at the old method's default takes the new one's. So the weight of
 * a divergence that one method needs is no penalty of the next.
 */
function chosenMethod(experiment: Experiment, name: unknown): unknown {
  const before = experiment.method;
  const taken = otherMethod(experiment, name) as Readonly<Record<string, unknown>>;
  const parsed = z.safeParse(experimentSchema, { method: { name: before.name } });
  const plain: Readonly<Record<string, unknown>> = parsed.success ? parsed.data.method : {};
  return Object.fromEntries(
    Object.entries(taken).filter(([key, value]) => key === 'name' || value !== plain[key]),
  );
}

/** A copy with `value` at `path`, which the caller has checked to be a setting of this experiment. */
export function withValue(experiment: Experiment, path: string, value: unknown): unknown {
  const copy = structuredClone(experiment) as unknown as Record<string, unknown>;
  // Choosing the current choice again must not reset its settings.
  if (path === 'task.id' && value !== experiment.task.id) {
    copy.task = { id: value as Value };
    return copy;
  }
  if (path === METHOD && value !== experiment.method.name) {
    copy.method = chosenMethod(experiment, value);
    return copy;
  }
  const parts = path.split('.');
  const last = parts.pop() ?? path;
  let at = copy;
  for (const part of parts) at = at[part] as Record<string, unknown>;
  if (parts[0] === 'rewards' && last === 'term' && value !== at.term) {
    (copy.rewards as unknown[])[Number(parts[1])] = { term: value, weight: at.weight };
    return copy;
  }
  at[last] = value;
  return copy;
}
