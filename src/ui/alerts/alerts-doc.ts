/** docs/alerts.md: every alert, when it fires and why there, and on which runs of the studies it did. */
import { ALERTS } from './alerts.ts';
import { type Fired, NOT_KEPT } from './fired-on-runs.ts';

export function alertsMarkdown(fired: readonly Fired[]): string {
  const lines = Object.entries(ALERTS).map(
    ([id, { title, when, because, chart }]) =>
      `| ${id} | ${title} | ${when} | ${because} | ${chart} |`,
  );
  return [
    '# Alerts',
    '',
    'What the page warns of while a run goes on. Each alert is a pure function of the rows of metrics.jsonl (`src/ui/alerts`), says what was seen and what to do,',
    'and leads to its chart. Columns have the names of TRL 1.13 and of [evaluation.md](evaluation.md). An alert goes when its cause does.',
    '',
    '| alert | what is said | it fires when | the threshold, because | chart |',
    '| --- | --- | --- | --- | --- |',
    ...lines,
    '',
    '## On the runs that we have',
    '',
    'Every run of the studies that is a preset’s too, read every five steps as the page would have read it. An alert counts where it stood at any of these. The studies keep the',
    'mean of every few steps, so each value stands for the steps of its mean here; a single step that would have tipped a rule is smoothed away. What a row lists beyond',
    '“none” is either a failure that was meant, or a state that is worth a look though the run did what it should.',
    '',
    '| preset | run | seeds | goes wrong on purpose | fired on, of the seeds |',
    '| --- | --- | --- | --- | --- |',
    ...fired.map(firedLine),
    '',
    `Not in the table: ${NOT_KEPT.join(', ')}. They ask for columns that the studies do not keep.`,
    '',
    ...summary(fired),
    '',
  ].join('\n');
}

function firedLine({ preset, run, seeds, wrong, alerts }: Fired): string {
  const list = [...alerts].map(([id, count]) => `${id} ${count}`).join(', ');
  return `| ${preset} | ${run} | ${seeds} | ${wrong ? 'yes' : ''} | ${list || 'none'} |`;
}

/** How many runs of either kind had an alert at all. */
function summary(fired: readonly Fired[]): string[] {
  const count = (wrong: boolean) => {
    const rows = fired.filter((one) => one.wrong === wrong);
    const kinds = rows.filter(({ alerts }) => alerts.size > 0).length;
    return `${kinds} of ${rows.length}`;
  };
  return [
    `Of the kinds of runs in which something goes wrong on purpose, ${count(true)} had an alert on some seed; of the others, ${count(false)}.`,
  ];
}
