/** What was run in a part, on what, and how to read it. */
import type { Differences } from '../../src/rl/experiment/presets/preset.ts';
import type { Arm, Part } from './design.ts';
import { seedsOf } from './plan.ts';
import { type Block, table, text } from './report.ts';
import type { Results } from './results.ts';

const unique = (values: readonly (string | number)[]) => [...new Set(values)].sort();

/** What a part was run with, and how its runs differ. */
export function preface({ part, runs, stale, arms, seeds, trials }: Results): Block[] {
  const steps = unique(runs.map((run) => run.steps));
  const builds = unique(runs.map((run) => run.build));
  const { evaluation } = part;
  const sentences = [
    `${runs.length - trials} runs${trials > 0 ? ` and ${trials} trials of learning rates` : ''}: ${arms.length} arms, seeds ${seeds.join(', ') || 'none'}, ${steps.join(' and ')} steps, starting from ${unique(runs.map((run) => run.policy)).join(' and ')}, on ${unique(runs.map((run) => run.adapter)).join(' and ')}, build ${builds.join(' and ')}.`,
    missing(part, runs),
    stale.length > 0
      ? `${stale.length} more runs are of an earlier definition of their arm and are left out.`
      : '',
    builds.length > 1 ? 'The runs are not all of one build; their raw files name it.' : '',
    evaluation && runs.some((run) => run.evaluations.length > 0)
      ? `Before and after training the model answers ${evaluation.prompts} questions of each split (${evaluation.splits.join(', ')}) ${evaluation.samples} times each, the same questions for every model.`
      : '',
  ];
  const rows = arms.map((arm) => [
    `\`${arm.id}\``,
    arm.label,
    differences(arm),
    `${runs.filter((run) => run.arm === arm.id).length}`,
  ]);
  return [
    text(sentences.filter(Boolean).join(' ')),
    ...(rows.length > 0 ? [table(['Arm', 'Name', 'What it sets', 'Seeds'], rows)] : []),
    text(`All arms share: \`${JSON.stringify(part.base)}\`.`),
  ];
}

/** Which arms have fewer seeds than the part asks for; empty where none has. */
function missing(part: Part, runs: Results['runs']): string {
  const had = (arm: Arm) =>
    runs.filter((run) => run.arm === arm.id && seedsOf(part, arm).includes(run.seed)).length;
  const wanted = (arm: Arm) => seedsOf(part, arm).length;
  const few = part.arms.filter((arm) => had(arm) > 0 && had(arm) < wanted(arm));
  const none = part.arms.filter((arm) => had(arm) === 0);
  const parts = [
    ...few.map((arm) => `\`${arm.id}\` has ${had(arm)} of ${wanted(arm)} seeds`),
    ...(none.length > 0 ? [`not run yet: ${none.map(({ id }) => `\`${id}\``).join(', ')}`] : []),
  ];
  return parts.length === 0 ? '' : `Not all is there: ${parts.join('; ')}.`;
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
