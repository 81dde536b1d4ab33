/**
 * An experiment as the hash of an address: `v=1&preset=countdown-grpo&base=1a2b3c4d&seed=7&learning_rate=0.0003`.
 *
 * It holds the seed and what differs from the preset. `base` marks the preset's settings as they were, so that a link made before a
 * preset was changed is refused instead of meaning something else. Settings of the method are written by their bare names, those of a reward
 * term by the term's place (`r1.weight`), others by their dotted path; the dotted path of any setting is read too. Reward terms other than the preset's are listed in `rewards`.
 *
 * Nothing in a link is followed as a path: each setting of the experiment is looked up in the link.
 */
import { shortMark } from './canonical.ts';
import { isJudged } from './catalog.ts';
import { diffExperiments, otherMethod, sameTerms, withValue } from './change.ts';
import { shorten, show, type Value } from './field.ts';
import { formerPath } from './former.ts';
import { findPreset, PRESETS, presetExperiment } from './presets/index.ts';
import type { Preset } from './presets/preset.ts';
import {
  type Experiment,
  experimentSchema,
  type Problem,
  parseExperiment,
  REWARDS_OF_ANY_TASK,
} from './schema.ts';
import { type Setting, settingValues } from './settings.ts';

/** The longest link that is read, in characters: `writeLink` stays below it, whatever an experiment differs in. */
export const MAX_LINK = 4096;

const VERSION = '1';

export type ReadLink =
  | { readonly ok: true; readonly preset: Preset; readonly experiment: Experiment }
  | { readonly ok: false; readonly problems: readonly Problem[] };

/** A setting's name in a link. */
function linkKey(path: string): string {
  if (path === 'method.name') return 'method';
  if (path.startsWith('method.')) return path.slice('method.'.length);
  return path.replace(REWARD, 'r');
}

const REWARD = /^rewards\.(?=\d)/;

/** All names under which a setting is read: its own in a link, its whole path as documents and refusals write it, and that of earlier builds. */
function readKeys(path: string): readonly string[] {
  return [linkKey(path), path, formerPath(path)];
}

/** A setting's text in a link, under the first of its names that is there. */
function takeFirst(pairs: Map<string, string>, keys: readonly string[]): string | undefined {
  const key = keys.find((one) => pairs.has(one));
  return key === undefined ? undefined : take(pairs, key);
}

/** The names of an experiment's settings in links. */
export function linkKeys(experiment: Experiment): string[] {
  return settingValues(experimentSchema, experiment).map(({ setting }) => linkKey(setting.path));
}

/** The hash, without `#`, that gives this experiment again on any page of the same version. */
export function writeLink(experiment: Experiment, preset: Preset): string {
  const start = presetExperiment(preset);
  const pairs: [string, string][] = [
    ['v', VERSION],
    ['preset', preset.id],
    ['base', shortMark(start)],
    ['seed', String(experiment.seed)],
  ];
  if (experiment.task.id !== start.task.id) pairs.push(['task.id', experiment.task.id]);
  const { name } = experiment.method;
  if (name !== start.method.name) pairs.push(['method', name]);
  if (!sameTerms(experiment, start)) {
    pairs.push(['rewards', experiment.rewards.map((reward) => reward.term).join(',')]);
  }
  const base = parseExperiment(
    withParts(
      start,
      experiment.task.id,
      experiment.rewards.map((reward) => reward.term),
      name,
    ),
    { alone: true },
  );
  if (base.ok) {
    for (const { path, to } of diffExperiments(base.experiment, experiment)) {
      if (path !== 'seed') pairs.push([linkKey(path), String(to)]);
    }
  }
  return pairs.map(([key, value]) => `${key}=${encode(value)}`).join('&');
}

/** The preset with another task, method or other reward terms, each new one at its defaults; unchecked. */
function withParts(
  start: Experiment,
  taskId: string,
  terms: readonly string[],
  method: string,
): unknown {
  const sameTask = start.task.id === taskId;
  const same = start.rewards.map((reward) => reward.term).join() === terms.join();
  return {
    ...start,
    task: sameTask ? start.task : { id: taskId },
    rewards: same ? start.rewards : terms.map((term) => ({ term })),
    // What another task's answers cannot be asked for is left out.
    evaluation:
      sameTask || canBeJudged(taskId) ? start.evaluation : { ...start.evaluation, receivers: '' },
    method: method === start.method.name ? start.method : otherMethod(start, method),
  };
}

/** Whether a task's answers can be judged; true of a task that there is not, which is refused elsewhere. */
function canBeJudged(taskId: string): boolean {
  const parsed = parseExperiment({ task: { id: taskId }, rewards: REWARDS_OF_ANY_TASK });
  return !parsed.ok || isJudged(parsed.experiment.task);
}

/**
 * Reads the hash of an address, with or without `#`.
 *
 * @returns undefined where the hash is empty; else the experiment, or every problem by name. In a bad link nothing is used at all.
 */
export function readLink(
  hash: string,
  more: Parameters<typeof parseExperiment>[1] = {},
): ReadLink | undefined {
  const text = hash.startsWith('#') ? hash.slice(1) : hash;
  if (text === '') return undefined;
  if (text.length > MAX_LINK) {
    return refuse('link', `has ${text.length} characters; allowed are ${MAX_LINK}`);
  }
  const pairs = readPairs(text);
  if (!(pairs instanceof Map)) return { ok: false, problems: [pairs] };

  const version = take(pairs, 'v');
  if (version !== VERSION) {
    return refuse('v', `is ${show(version)}; this build reads links of version ${VERSION}`);
  }
  const id = take(pairs, 'preset');
  const preset = id === undefined ? undefined : findPreset(id);
  if (!preset) {
    const known = PRESETS.map((one) => one.id).join(', ');
    return refuse(
      'preset',
      `is ${id === undefined ? 'missing' : `unknown: ${show(id)}`}; allowed is ${known}`,
    );
  }
  const start = presetExperiment(preset);
  const mark = take(pairs, 'base');
  if (mark !== undefined && mark !== shortMark(start)) {
    return refuse('preset', `${preset.id} has other settings now than when this link was made`);
  }
  const terms = take(pairs, 'rewards')?.split(',') ?? start.rewards.map((reward) => reward.term);
  const base = parseExperiment(
    withParts(
      start,
      take(pairs, 'task.id') ?? start.task.id,
      terms,
      // Links of earlier builds call the method `algorithm`.
      takeFirst(pairs, [...readKeys('method.name'), 'algorithm']) ?? start.method.name,
    ),
    // What the link changes may be what makes the parts go together: a method may need a setting of the task.
    { alone: true },
  );
  if (!base.ok) return base;
  return apply(base.experiment, pairs, preset, more);
}

function apply(
  base: Experiment,
  pairs: Map<string, string>,
  preset: Preset,
  more: Parameters<typeof parseExperiment>[1],
): ReadLink {
  let result: unknown = base;
  for (const { setting } of settingValues(experimentSchema, base)) {
    if (setting.path.startsWith('rewards.') && setting.key === 'term') continue;
    const { path } = setting;
    const raw = takeFirst(pairs, readKeys(path));
    if (raw === undefined) continue;
    result = withValue(result as Experiment, path, decode(setting, raw));
  }
  const unknown = [...pairs.keys()].slice(0, 20).map((key) => {
    const field = shorten(key);
    return { field, message: `${field} is unknown` };
  });
  const parsed = parseExperiment(result, more);
  if (!parsed.ok) return { ok: false, problems: [...parsed.problems, ...unknown] };
  if (unknown.length) return { ok: false, problems: unknown };
  return { ok: true, preset, experiment: parsed.experiment };
}

/** A value as its setting's type. What does not fit stays text, for the schema to refuse by name. */
function decode(setting: Setting, raw: string): Value {
  if (setting.kind === 'number') {
    if (raw === 'null') return null;
    return /^-?\d+(\.\d+)?(e[+-]?\d+)?$/i.test(raw) ? Number(raw) : raw;
  }
  if (setting.kind === 'flag') return raw === 'true' ? true : raw === 'false' ? false : raw;
  return raw;
}

/** Percent-encodes, but leaves what is legal in a fragment and read by people. */
function encode(value: string): string {
  return encodeURIComponent(value).replaceAll('%2F', '/').replaceAll('%2C', ',');
}

function readPairs(text: string): Map<string, string> | Problem {
  const pairs = new Map<string, string>();
  for (const part of text.split('&')) {
    const cut = part.indexOf('=');
    const key = cut < 0 ? undefined : decoded(part.slice(0, cut));
    const value = decoded(part.slice(cut + 1));
    if (key === undefined || value === undefined) {
      return { field: 'link', message: `link has a part that is not name=value: ${show(part)}` };
    }
    if (pairs.has(key)) {
      const field = shorten(key);
      return { field, message: `${field} is given twice` };
    }
    pairs.set(key, value);
  }
  return pairs;
}

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}

function take(pairs: Map<string, string>, key: string): string | undefined {
  const value = pairs.get(key);
  pairs.delete(key);
  return value;
}

function refuse(field: string, text: string): ReadLink {
  return { ok: false, problems: [{ field, message: `${field} ${text}` }] };
}
