/** The bench's numbers in words: rows for the page's tables, and Markdown for files. */

/** Headings by group. @type {Readonly<Record<string, string>>} */
export const TITLES = {
  matmul: 'Matrix products',
  train: 'One training step',
  generate: 'Batched generation',
  grpo: 'One step of GRPO',
  softmax: 'Softmax',
  attention: 'Attention',
};

const digits = (x) => (x >= 100 ? x.toFixed(0) : x >= 10 ? x.toFixed(1) : x.toFixed(2));
const ms = (x) =>
  x === undefined ? '' : x >= 10_000 ? `${(x / 1000).toFixed(1)} s` : `${digits(x)} ms`;
const share = (x, of) => (x === undefined || !of ? '' : ` (${((100 * x) / of).toFixed(0)} %)`);

function ratio(row) {
  if (row.ratio === undefined) return '';
  return row.median === undefined ? `about ${digits(row.ratio)} x` : `${row.ratio.toFixed(2)} x`;
}

function rate(row, { bestMatmul, ceilings }) {
  const native = row.name.includes('WebAssembly');
  if (row.gflops !== undefined)
    return native
      ? `${digits(row.gflops)} GFLOP/s`
      : `${digits(row.gflops)} GFLOP/s${share(row.gflops, bestMatmul)}`;
  return row.gbs === undefined ? '' : `${digits(row.gbs)} GB/s${share(row.gbs, ceilings.copy)}`;
}

function notes(row) {
  const parts = Object.entries(row.parts ?? {}).map(([name, time]) => `${name} ${ms(time)}`);
  return [parts.join(', '), row.note ?? ''].filter(Boolean).join('; ').replaceAll('|', '/');
}

/** Headings of the columns; the last one, for notes, has none. */
export const HEAD = ['who', 'median', 'range, ms', 'to ours', 'rate', 'first run', ''];

/**
 * The cells of one piece of work, one row per contestant.
 * @param {any} outcome @param {any} report @returns {string[][]}
 */
export function rowsOf(outcome, report) {
  return outcome.rows.map((row) => {
    const spread = row.rounds.length
      ? `${digits(Math.min(...row.rounds))} to ${digits(Math.max(...row.rounds))}`
      : '';
    const times = [ms(row.median), spread, ratio(row), rate(row, report), ms(row.first)];
    return [row.name, ...times, notes(row)];
  });
}

/** What a reader must know about the numbers, in two paragraphs. @param {any} report @returns {string[]} */
export function summary({ ceilings, bestMatmul, seconds, browser, cpu, date }) {
  const where = [browser, cpu, date].filter(Boolean).join(', ');
  const best = bestMatmul ? `, best product in the table ${digits(bestMatmul)} GFLOP/s` : '';
  return [
    `${where ? `${where}. ` : ''}Arithmetic in registers ${digits(ceilings.arithmetic)} GFLOP/s${best}, copy ${digits(ceilings.copy)} GB/s; shares are of the best product and of the copy. ${seconds.toFixed(0)} s in all.`,
    'Times are medians of interleaved rounds with their range; the first run, compiling included, stands apart. The ratio is their time over ours; "about" where seven rounds did not fit and one run was timed. Results were compared with ours before timing. A library that has nothing for a piece of work is not in its table.',
  ];
}

/** @param {any} report what `bench` resolves with, and where it ran @returns {string} */
export function markdown(report) {
  const line = (cells) => `| ${cells.join(' | ')} |`;
  const out = [`# Bench: ${report.adapter}`];
  for (const paragraph of summary(report)) out.push('', paragraph);
  for (const [group, title] of Object.entries(TITLES)) {
    const own = report.outcomes.filter((outcome) => outcome.group === group);
    if (own.length > 0) out.push('', `## ${title}`);
    for (const outcome of own) {
      out.push('', `### ${outcome.name}`, '', line(HEAD), line(HEAD.map(() => '---')));
      out.push(...rowsOf(outcome, report).map(line));
    }
  }
  return `${out.join('\n')}\n`;
}
