/** docs/adapters.md, written from the reports in docs/adapters. */
import { ageInWords } from './age.ts';
import { REPORT_SECONDS, sortedOut, variantsOf } from './coverage.ts';
import { linesOf } from './lines.ts';
import type { AdapterReport } from './schema.ts';
import { endInWords, summarise } from './summary.ts';

const INTRODUCTION = `# Adapters

What the adapters that somebody has checked do with Baton's kernels. Each row is a report in \`docs/adapters\`; \`npm run adapters\` writes this
page from them, and a test keeps it so.

To add yours, open the page, **Kernels**, **Check this adapter**, and save the report when it has ended: after ${REPORT_SECONDS} seconds it begins
no further size or step. Nothing is sent by itself. Without a page, \`npm run -s lab -- check --report my-adapter.json\` does the same in Node,
and \`--seconds\` gives it longer. Attach the JSON file to an issue, or put it into \`docs/adapters\`. It names the adapter, its features and
limits, the browser, and the build with its commit.

A report runs every kernel in every variant against float64, compares the bits of the variants of each family, lets the tuner choose (by the
clock on a GPU only), measures a product and a copy, and trains: one step in each family, then 20 steps of one fixed experiment. Before and
after, the policy's log-probs and gradients are compared with a float64 model in the run's own buffers. Equal hashes on two adapters mean
equal numbers up to their step; adapters need not agree, since WebGPU leaves rounding open. Seconds are those of the moment, with loading and
compiling. Speeds of software adapters stand below the table and not in it: they share a processor with all else that runs
([performance.md](performance.md) has some from a quiet one).
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

/** The hash of the run's first step, or of the step that was done by itself with the same kernels' family. */
function firstHash({ adapter, families, run }: AdapterReport): string | undefined {
  const own = families.find(({ family }) => family === adapter?.family);
  return run?.hashes['1'] ?? own?.step?.hashes['1'];
}

function speedsCell({ adapter, ceilings }: AdapterReport): string {
  if (!ceilings) return 'not told';
  if (adapter?.software) return 'below';
  return `${ceilings.gflops.toFixed(1)} / ${ceilings.gbs.toFixed(1)}`;
}

function row({ file, report }: NamedReport): string {
  const { adapter, browser, build, commit, run, date } = report;
  const { verdict, differ } = summarise(report);
  const { right, part, wrong, none } = sortedOut(variantsOf(report.families));
  const hash = firstHash(report);
  const cells = [
    `[${plain(adapter?.name ?? 'no adapter')}](adapters/${file})`,
    plain(/Chrome\/[\d.]+|Firefox\/[\d.]+|Version\/[\d.]+ Safari/.exec(browser)?.[0] ?? browser),
    date,
    plain(commit ?? build),
    plain([verdict, ageInWords(report)].filter(Boolean).join('; ')),
    `${right.length} right, ${part.length} right so far, ${wrong.length} wrong, ${none.length} not begun`,
    `${differ} differ`,
    speedsCell(report),
    run ? `${run.done} of ${run.of}` : 'none',
    hash ? `\`${hash.slice(0, 12)}\`` : 'none',
  ];
  return `| ${cells.join(' | ')} |`;
}

function section({ file, report }: NamedReport): string[] {
  const { adapter, build, commit, seconds } = report;
  const limits = Object.entries(adapter?.limits ?? {}).map(
    ([name, limit]) => `${plain(name)} ${limit}`,
  );
  const words = Object.values(adapter?.words ?? {}).filter(Boolean);
  const age = ageInWords(report);
  return [
    `\n## ${plain(adapter?.name ?? file)}\n`,
    ...(age ? [`- This report is ${plain(age)}`] : []),
    `- Told by the adapter: ${plain(words.join(', ')) || 'nothing'}`,
    `- Lanes of a subgroup: ${adapter?.subgroups?.join(' to ') ?? 'not told'}`,
    `- Limits: ${limits.join(', ')}`,
    `- Build ${plain(build)}, commit ${commit ? plain(commit) : 'not told'}`,
    `- ${[`${seconds.toFixed(0)} s`, plain(endInWords(report) ?? 'to its end')].join(', ')}`,
    ...linesOf(report).map(({ part, says }) => `- ${plain(part)}: ${plain(says)}`),
  ];
}

/** What a reader must know before comparing rows. */
function comparison(reports: readonly NamedReport[]): string[] {
  const builds = new Set(reports.map(({ report }) => report.build));
  return builds.size > 1
    ? ['\nThese reports are of different builds, whose hashes and bits need not agree.']
    : [];
}

/** @param reports in any order; they are sorted by file */
export function adaptersMarkdown(reports: readonly NamedReport[]): string {
  const sorted = [...reports].sort((a, b) => (a.file < b.file ? -1 : 1));
  return [
    INTRODUCTION,
    ...(sorted.every(({ report }) => report.adapter?.software)
      ? ['Every adapter here so far is software: nothing has run on a graphics card yet.\n']
      : []),
    '## All reports\n',
    '| adapter | in | made | build | verdict | kernels and variants | bits | GFLOP/s / GB/s | steps of the run | hash of step 1 |',
    '| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |',
    ...sorted.map(row),
    ...comparison(sorted),
    ...sorted.flatMap(section),
    '',
  ].join('\n');
}
