/** docs/settings.md as text, made from the declarations; settings-doc.test.ts keeps the file equal to it. */
import { rangeText, type Source, type Value } from './field.ts';
import { PRESETS } from './presets/index.ts';
import { experimentSchema } from './schema.ts';
import { describeSettings, type Setting } from './settings.ts';

const ORIGIN: Readonly<Record<Source, string>> = {
  trl: 'TRL',
  paper: 'paper',
  code: 'code of a paper',
  ours: 'ours',
};

const code = (value: Value) => `\`${value}\``;
const cell = (text: string) => text.replaceAll('|', '\\|').replaceAll('\n', ' ');

/** What a setting may be, in words: `0 to 1`, `grpo, dapo`, `true or false`. */
export function allowedText(setting: Setting): string {
  const { kind, min = -Infinity, max = Infinity, nullMeans, options } = setting;
  if (kind === 'number') return rangeText({ ...setting, min, max }, nullMeans);
  if (kind === 'flag') return 'true or false';
  return options?.map((option) => code(option.value)).join(', ') ?? 'text';
}

function row(setting: Setting): string {
  const { path, when, label, live, source, original, help } = setting;
  const name = when ? `${code(path)} (${when.is.join(', ')})` : code(path);
  const origin =
    original === undefined ? ORIGIN[source] : `${ORIGIN[source]}, default there ${code(original)}`;
  const cells = [
    name,
    label,
    setting.default === undefined ? 'must be given' : code(setting.default),
    allowedText(setting),
    live ? 'live' : 'restart',
    origin,
    help,
  ];
  return `| ${cells.map(cell).join(' | ')} |`;
}

/** The whole page, Markdown. */
export function settingsMarkdown(): string {
  const groups = new Map<string, Setting[]>();
  for (const setting of describeSettings(experimentSchema)) {
    groups.set(setting.group, [...(groups.get(setting.group) ?? []), setting]);
  }
  const lines = [
    '# Settings',
    '',
    'Made from the schema in `src/rl/experiment`; do not edit it here (`npx vitest run src/rl/experiment -u` writes it anew).',
    '',
    'An experiment is a JSON file with `"version": 1` and any of these settings. What is left out takes its default, what is',
    'unknown or out of range is refused by its name. `rewards` is a list: `rewards.*` stands for each entry, and the file',
    'counts them from 0. A word in brackets says for which task or term a setting is there. *Live* settings may change while a',
    'run goes on and take effect at the next step; the others need a restart. *TRL* means its GRPOConfig of version 1.13, and for',
    'settings that only PPO has its PPOConfig of version 1.10, since 1.13 has no PPO.',
    '',
  ];
  for (const [group, settings] of groups) {
    lines.push(`## ${group}`, '');
    lines.push('| setting | label | default | allowed | change | from | what it does |');
    lines.push('| --- | --- | --- | --- | --- | --- | --- |');
    lines.push(...settings.map(row), '');
  }
  lines.push('## Presets', '', 'What each changes, and why:', '');
  for (const { id, label, question, expectation, reasons, beside } of PRESETS) {
    lines.push(`### ${label} (\`${id}\`)`, '', question, '');
    lines.push(...Object.entries(reasons).map(([path, why]) => `- \`${path}\`: ${why}`), '');
    for (const { label: other, what } of beside ?? []) {
      lines.push(`Beside it, ${other}: ${what}`, '');
    }
    lines.push(`Expected: ${expectation}`, '');
  }
  return lines.join('\n');
}
