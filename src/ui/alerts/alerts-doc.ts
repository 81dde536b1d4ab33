/** docs/alerts.md: every alert, when it fires and why there. */
import { ALERTS } from './alerts.ts';

export function alertsMarkdown(): string {
  const lines = Object.entries(ALERTS).map(
    ([id, { title, when, because, chart }]) =>
      `| ${id} | ${title} | ${when} | ${because} | ${chart} |`,
  );
  return [
    '# Alerts',
    '',
    'What the page warns of while a run goes on. Each alert is a pure function of the rows of metrics.jsonl (`src/ui/alerts`), says what was seen and what to do,',
    'and leads to its chart. Columns have the names of TRL and of [evaluation.md](evaluation.md). An alert goes when its cause does.',
    '',
    '| alert | what is said | it fires when | the threshold, because | chart |',
    '| --- | --- | --- | --- | --- |',
    ...lines,
    '',
  ].join('\n');
}
