/** docs/adapters.md, written from the reports in docs/adapters. */
import { linesOf } from './lines.ts';
import type { AdapterReport } from './schema.ts';
import { lastHash, summarise } from './summary.ts';

const INTRODUCTION = `# Adapters

What the adapters that somebody has checked do with Baton's kernels. Each row is a report in \`docs/adapters\`; \`npm run adapters\` writes this
page from them, and a test keeps it so.

To add yours, open the page, **Kernels**, **Check this adapter**, and save the report when it has ended (two minutes at most; nothing is sent by
itself). Without a page, \`npm run -s lab -- check --report my-adapter.json\` does the same in Node. Attach the JSON file to an issue, or put it
into \`docs/adapters\`. It names the adapter, its features and limits, the browser and the build.

A report runs every kernel in every variant against float64, compares the bits of the variants of each family, times the tuner's candidates,
measures a product and a copy, and trains: one step in each family, then 20 steps of one fixed experiment. Before and after, the policy's
log-probs and gradients are compared with a float64 model in the run's own buffers. Equal hashes on two adapters mean equal numbers in
every step; adapters need not agree, since WebGPU leaves rounding open. Speeds and seconds are those of the moment: the two software adapters
were checked while the machine did much else.
`;

export interface NamedReport {
  /** Its file's name in docs/adapters. */
  readonly file: string;
  readonly report: AdapterReport;
}

/** A text from a report in Markdown, on one line and without marks of its own. */
function plain(text: string): string {
  const line = text.replace(/\s+/g, ' ').replace(/[\\`*_<>[\]|#&]/g, '\\$&');
  return line.length > 300 ? `${line.slice(0, 300)}…` : line;
}

function row({ file, report }: NamedReport): string {
  const { adapter, browser, ceilings, run, date } = report;
  const { verdict, passed, failed, differ, undone } = summarise(report);
  const hash = lastHash(run);
  const cells = [
    `[${plain(adapter?.name ?? 'no adapter')}](adapters/${file})`,
    plain(/Chrome\/[\d.]+|Firefox\/[\d.]+|Version\/[\d.]+ Safari/.exec(browser)?.[0] ?? browser),
    date,
    verdict,
    `${passed} right, ${failed} wrong`,
    `${differ} differ`,
    `${undone}`,
    ceilings ? `${ceilings.gflops.toFixed(1)} / ${ceilings.gbs.toFixed(1)}` : 'not measured',
    run ? `${run.done} in ${run.seconds.toFixed(1)} s` : 'none',
    hash ? `\`${hash.hash.slice(0, 12)}\` (step ${hash.step})` : 'none',
  ];
  return `| ${cells.join(' | ')} |`;
}

function section({ file, report }: NamedReport): string[] {
  const { adapter, build, seconds, ended } = report;
  const limits = Object.entries(adapter?.limits ?? {}).map(
    ([name, limit]) => `${plain(name)} ${limit}`,
  );
  const words = Object.values(adapter?.words ?? {}).filter(Boolean);
  return [
    `\n## ${plain(adapter?.name ?? file)}\n`,
    `- Told by the adapter: ${plain(words.join(', ')) || 'nothing'}`,
    `- Lanes of a subgroup: ${adapter?.subgroups?.join(' to ') ?? 'not told'}`,
    `- Limits: ${limits.join(', ')}`,
    `- Build ${plain(build)}, ${seconds.toFixed(0)} s${ended === null ? '' : `, ended early: ${plain(ended)}`}`,
    ...linesOf(report).map(({ part, says }) => `- ${plain(part)}: ${plain(says)}`),
  ];
}

/** @param reports in any order; they are sorted by file */
export function adaptersMarkdown(reports: readonly NamedReport[]): string {
  const sorted = [...reports].sort((a, b) => (a.file < b.file ? -1 : 1));
  return [
    INTRODUCTION,
    '## All reports\n',
    '| adapter | in | made | verdict | kernels and variants | bits | sizes left out | GFLOP/s / GB/s | steps | hash of the rows |',
    '| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |',
    ...sorted.map(row),
    ...sorted.flatMap(section),
    '',
  ].join('\n');
}
