/** Run by run: whether and when answers became almost empty, and what the other numbers said then. */
import type { Arm } from '../lib/design.ts';
import { percent, tokens } from '../lib/format.ts';
import { type Block, subheading, table, text } from '../lib/report.ts';
import { average, last, type Measure, type Results } from '../lib/results.ts';
import { collapsedAt } from './collapse.ts';
import { PUBLIC } from './setting.ts';

/** Right finishes of an arm's own receiver, whatever was paid for them. */
function finishes({ change: { rewards } }: Arm): Measure {
  const term = rewards?.find((reward) => reward.term === 'transfer');
  const id = (term?.term === 'transfer' && term.receivers) || PUBLIC;
  return last(`rewards/transfer/receiver/${id.slice(id.indexOf('/') + 1)}/mean`);
}

const show = (value: number | undefined, words: (value: number) => string) =>
  value === undefined ? '–' : words(value);

/** @param withForm the part in which a form asks for steps */
export function collapses(results: Results, withForm: Results): Block[] {
  const all = [
    ...results.arms.map((arm) => ({ arm, of: results, label: arm.label })),
    ...withForm.arms
      .filter(({ id }) => id === 'rltr')
      .map((arm) => ({ arm, of: withForm, label: `${arm.label} (rare answers)` })),
  ].map(({ arm, of, label }) => ({
    label,
    arm,
    runs: of.runs.filter((run) => run.arm === arm.id).sort((a, b) => a.seed - b.seed),
  }));
  const counts = all.map(({ label, runs }) => {
    const fell = runs.filter((run) => collapsedAt(run) !== undefined).length;
    return `${label}: ${fell} of ${runs.length}`;
  });
  const rows = all.flatMap(({ label, arm, runs }) =>
    runs.map((run) => {
      const at = collapsedAt(run);
      return [
        label,
        `${run.seed}`,
        at === undefined ? 'no' : `**by step ${at}**`,
        show(last('completions/mean_length')(run), tokens),
        show(last('accuracy')(run), percent),
        show(finishes(arm)(run), percent),
        show(average('rewards/transfer/scratch')(run), percent),
      ];
    }),
  );
  return [
    subheading('Which runs collapsed'),
    text(
      `A run has collapsed where its answers are shorter than a fifth of what they were in its first steps. ${counts.join('; ')}. The numbers are those of the last steps of training; from scratch is the receiver’s own rate over all of training.`,
    ),
    table(
      [
        'Arm',
        'Seed',
        'Collapsed',
        'Tokens',
        'Right, %',
        'Right finishes, %',
        'The receiver from scratch, %',
      ],
      rows,
    ),
  ];
}
