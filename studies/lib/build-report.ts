/** The files of a study's report, from its raw data alone: the same data give the same bytes. */
import type { Differences } from '../../src/rl/experiment/presets/preset.ts';
import type { Arm, StudyDesign } from './design.ts';
import type { RawData } from './raw.ts';
import { type Block, heading, table, text, toMarkdown } from './report.ts';
import { Results } from './results.ts';
import type { Study } from './study.ts';

const unique = (values: readonly (string | number)[]) => [...new Set(values)].sort();

const INTERVALS =
  'A number is the mean over seeds, and what stands behind it in brackets is its 95 % interval by Student’s t over seeds: it says how far another set of seeds could lie. Differences and ratios are taken seed by seed (the same seed asks the same questions in every arm) before their mean and interval; ratios in the logarithm. Intervals are not corrected for how many there are.';

/** What was run, on what, and how to read it. */
function preface({ study, runs, stale, arms, seeds }: Results): Block[] {
  const steps = unique(runs.map((run) => run.steps));
  const builds = unique(runs.map((run) => run.build));
  const { evaluation } = study;
  const sentences = [
    `${runs.length} runs: ${arms.length} arms, seeds ${seeds.join(', ')}, ${steps.join(' and ')} steps, starting from ${unique(runs.map((run) => run.policy)).join(' and ')}, on ${unique(runs.map((run) => run.adapter)).join(' and ')}, build ${builds.join(' and ')}.`,
    shortOf(study, runs),
    stale.length > 0
      ? `${stale.length} more runs are of an earlier definition of their arm and are left out.`
      : '',
    builds.length > 1 ? 'The runs are not all of one build; their raw files name it.' : '',
    evaluation && runs.some((run) => run.evaluations.length > 0)
      ? `Before and after training the model answers ${evaluation.prompts} questions of each split (${evaluation.splits.join(', ')}) ${evaluation.samples} times each, the same questions for every model.`
      : '',
    `The raw data stand in \`${study.name}/raw\`; \`npm run study -- ${study.name} --report-only\` makes this page from them, and without \`--report-only\` it does the runs anew.`,
  ];
  const rows = arms.map((arm) => [
    `\`${arm.id}\``,
    arm.label,
    differences(arm),
    `${runs.filter((run) => run.arm === arm.id).length}`,
  ]);
  return [
    text(study.question),
    heading('What was run'),
    text(sentences.filter(Boolean).join(' ')),
    text(INTERVALS),
    table(['Arm', 'Name', 'What it sets', 'Seeds'], rows),
    text(`All arms share: \`${JSON.stringify(study.base)}\`.`),
  ];
}

/** Which arms have fewer seeds than the study asks for; empty where none has. */
function shortOf({ arms, seeds }: StudyDesign, runs: Results['runs']): string {
  const had = (id: string) => runs.filter(({ arm }) => arm === id).length;
  const few = arms.filter(({ id }) => had(id) > 0 && had(id) < seeds.length);
  const none = arms.filter(({ id }) => had(id) === 0);
  const parts = [
    ...few.map(({ id }) => `\`${id}\` has ${had(id)}`),
    ...(none.length > 0 ? [`not run yet: ${none.map(({ id }) => `\`${id}\``).join(', ')}`] : []),
  ];
  return parts.length === 0 ? '' : `Of the ${seeds.length} seeds asked for, ${parts.join(', ')}.`;
}

type Term = NonNullable<Differences['rewards']>[number];

/** `transfer 0.5 (receivers policy)`: a term with its weight, and what else is set. */
function termText({ term, weight, ...rest }: Term): string {
  const others = Object.entries(rest).map(([key, value]) => `${key} ${value}`);
  const set = others.length > 0 ? ` (${others.join(', ')})` : '';
  return `${term}${weight === undefined ? '' : ` ${weight}`}${set}`;
}

/** What an arm changes: its rewards as a sum of terms, everything else as short JSON. */
function differences({ change: { rewards, ...others } }: Arm): string {
  const parts = Object.entries(others).map(([key, value]) => `${key} ${JSON.stringify(value)}`);
  if (rewards) parts.unshift(rewards.map(termText).join(' + '));
  return parts.length === 0 ? 'nothing' : parts.map((part) => `\`${part}\``).join(', ');
}

/** @returns texts by path, relative to docs/results */
export function buildReport(study: Study, raw: RawData): Map<string, string> {
  const results = new Results(study, raw);
  const blocks: Block[] = [...preface(results), ...study.report(results)];
  if (raw.notes) blocks.push(heading('Remarks'), text(raw.notes));
  const files = new Map([
    [`${study.name}.md`, `# ${study.title}\n\n${toMarkdown(blocks, study.name)}`],
  ]);
  for (const block of blocks) {
    if (block.kind === 'figure') {
      files.set(`${study.name}/${block.figure.name}.svg`, block.figure.svg);
    }
  }
  return files;
}
