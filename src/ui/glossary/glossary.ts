/** The glossary: an entry for every chart and every setting, and how they are found. */
import { experimentSchema } from '../../rl/experiment/schema.ts';
import { describeSettings, type Setting } from '../../rl/experiment/settings.ts';
import { CHART_ENTRIES } from './chart-entries.ts';
import { AIRL, type ChartEntry, DPO, type Entry, OURS, PPO, RARO, RLTR, SAR } from './entry.ts';
import { METHOD_ENTRIES } from './method-entries.ts';
import { METHOD_WORDS } from './method-setting-words.ts';
import { OTHER_WORDS } from './other-setting-words.ts';
import { OWN_WORDS } from './own-setting-words.ts';
import type { SettingWords } from './setting-words.ts';
import { TERM_ENTRIES } from './term-entries.ts';

/** Every entry of a chart, by id. */
export const CHARTS: Readonly<Record<string, ChartEntry>> = {
  ...CHART_ENTRIES,
  ...TERM_ENTRIES,
  ...METHOD_ENTRIES,
};

const WORDS: Readonly<Record<string, SettingWords>> = {
  ...METHOD_WORDS,
  ...OWN_WORDS,
  ...OTHER_WORDS,
};

/** What is said of a chart, by its id or by what the chart says of itself (`ChartSpec.entry`); a reward term without words of its own has those of any term. */
export function chartEntry(id: string): ChartEntry | undefined {
  // What is asked out of distribution is read as what is held out.
  const known = CHARTS[id] ?? CHARTS[id.replace('-ood', '')];
  return known ?? (id.startsWith('rewards/') ? CHARTS['reward-part'] : undefined);
}

/** Where the settings of one task, method or term come from. */
const SOURCES: Readonly<Record<string, string>> = {
  ...{ raro: RARO, airl: AIRL, dpo: DPO, ppo: PPO, transfer: RLTR, sar: SAR },
  vineppo: 'VinePPO (arXiv 2410.01679)',
  rl_logit: 'The baselines of Escaping the Verifier (RARO)',
  learned: AIRL,
};

/** Words that name a size. */
const RANGE = /\d|half|third|quarter|tenth|hundred/;

/** What is said of a setting; undefined where nobody has written it. The path may count the rewards. */
export function settingEntry(setting: Setting): Entry | undefined {
  const path = setting.path.replace(/^rewards\.\d+\./, 'rewards.*.');
  const owners = setting.when?.is ?? [];
  const own = owners.length === 1 ? WORDS[`${path}@${owners[0]}`] : undefined;
  const words = own ?? WORDS[path];
  if (!words) return undefined;
  const [normal, otherwise, equation] = words;
  return {
    ...{ what: setting.help, normal, otherwise, source: sourceOf(setting) },
    ...(equation !== undefined && { equation }),
    // What a paper or a library takes stands under its name; our own number is only that.
    ...(setting.source !== 'trl' &&
      sourceOf(setting) === OURS &&
      RANGE.test(normal) && { range: 'unknown' as const }),
  };
}

function sourceOf({ source, when }: Setting): string {
  const paper = when?.is.map((one) => SOURCES[one]).find((one) => one !== undefined);
  if (source === 'trl')
    return when?.is[0] === 'ppo' ? 'TRL 1.10, PPOConfig' : 'TRL 1.13, GRPOConfig';
  return source === 'ours' ? OURS : (paper ?? OURS);
}

/** An entry under its name, as the page lists it. */
export interface Listed {
  readonly key: string;
  readonly title: string;
  /** Where it stands: Charts, or a heading of the settings. */
  readonly place: string;
  readonly entry: Entry;
}

/** Every chart that has an entry. */
export function listedCharts(): readonly Listed[] {
  return Object.entries(CHARTS).map(([key, entry]) => ({
    ...{ key, title: entry.title, place: 'Charts', entry },
  }));
}

/** A setting's path, and after it the methods, tasks or terms that alone have it. */
export function settingKey({ path, when }: Setting): string {
  return when ? `${path} ${when.is.join(' ')}` : path;
}

/** Every setting that has an entry, in the order of the panel. */
export function listedSettings(): readonly Listed[] {
  return describeSettings(experimentSchema).flatMap((setting) => {
    const entry = settingEntry(setting);
    const { label, group } = setting;
    const key = settingKey(setting);
    return entry ? [{ key, title: label, place: `Settings: ${group}`, entry }] : [];
  });
}

/** Those that say a text somewhere, whatever its case; each word of it may stand elsewhere. */
export function searchListed(all: readonly Listed[], text: string): readonly Listed[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  return all.filter(({ key, title, place, entry }) => {
    const said = [key, title, place, ...Object.values(entry).map(String)].join(' ').toLowerCase();
    return words.every((word) => said.includes(word));
  });
}
