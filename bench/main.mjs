/**
 * `npm run bench`: our kernels and passes beside named peers, in one Chromium on one adapter. Writes bench/results/ADAPTER.json and .md.
 *
 *   --only NAMES    matmul, train, generate, grpo, softmax, attention, with commas between (all)
 *   --peers NAMES   only peers with these in their names, with commas between (all); "none" for ours alone
 *   --rounds N      timed rounds, at least 7 (9)
 *   --quick         small sizes, nothing is written: for work on the bench
 *   --gpu           the machine's own GPU instead of the software adapter
 *   --headless      in Node on its Vulkan driver instead: ours and jax-js
 *   --out NAME      name of the result files, instead of the adapter's
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { fail, root } from '../scripts/dependencies.mjs';
import { openBench } from './browser.mjs';
import { runHeadless } from './headless.mjs';
import { markdown } from './report.mjs';

const { values } = parseArgs({
  options: {
    only: { type: 'string', default: '' },
    peers: { type: 'string', default: '' },
    rounds: { type: 'string', default: '9' },
    quick: { type: 'boolean', default: false },
    gpu: { type: 'boolean', default: false },
    headless: { type: 'boolean', default: false },
    out: { type: 'string' },
  },
});
const list = (text) => text.split(',').filter(Boolean);
const GROUPS = ['matmul', 'train', 'generate', 'grpo', 'softmax', 'attention'];
const unknown = list(values.only).find((name) => !GROUPS.includes(name));
if (unknown) fail(`--only ${unknown}: the work is ${GROUPS.join(', ')}.`);

const options = {
  rounds: Math.max(7, Number(values.rounds) || 9),
  only: list(values.only),
  peers: list(values.peers),
  quick: values.quick,
};

async function inBrowser() {
  const opened = await openBench('page', { gpu: values.gpu, models: true, isolated: true });
  try {
    return { ...(await opened.run(options)), browser: opened.browser };
  } finally {
    await opened.close();
  }
}

/** Pieces of work that were measured now take the place of those of the last run, which stay otherwise. */
function merged(report, path) {
  let before;
  try {
    before = JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return report;
  }
  const kept = before.outcomes.filter(({ group }) => !options.only.includes(group));
  const outcomes = [...kept, ...report.outcomes];
  return { ...report, outcomes, bestMatmul: report.bestMatmul || before.bestMatmul };
}

const measured = values.headless
  ? { ...(await runHeadless(options)), browser: `Node ${process.version}` }
  : await inBrowser();
const report = {
  ...measured,
  cpu: `${cpus()[0]?.model ?? 'unknown'}, ${cpus().length} threads`,
  date: new Date().toISOString().slice(0, 10),
};
if (options.quick) process.stdout.write(markdown(report));
else {
  const results = join(root, 'bench/results');
  mkdirSync(results, { recursive: true });
  const place = values.headless ? '-node' : '';
  const name = values.out ?? `${report.adapter.toLowerCase().replace(/[^a-z0-9]+/g, '-')}${place}`;
  const json = join(results, `${name}.json`);
  const whole = options.only.length > 0 ? merged(report, json) : report;
  writeFileSync(json, `${JSON.stringify(whole, null, 1)}\n`);
  writeFileSync(join(results, `${name}.md`), markdown(whole));
  process.stderr.write(`bench: wrote bench/results/${name}.json and .md\n`);
}
process.exit(0);
