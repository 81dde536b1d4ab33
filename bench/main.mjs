/**
 * `npm run bench`: our kernels and passes beside named peers, in one Chromium on one adapter. Writes bench/results/ADAPTER.json and .md.
 *
 *   --only NAMES    matmul, train, generate, grpo, softmax, attention, with commas between (all)
 *   --named TEXT    only work whose name contains this, such as micro
 *   --peers NAMES   only peers whose names contain one of these, with commas between (all); "none" for Baton alone
 *   --rounds N      timed rounds, at least 7 (9)
 *   --quick         small sizes, and nothing is written: for work on the bench itself
 *   --gpu           the machine's own GPU instead of the software adapter
 *   --serve         only builds and serves the page, for any browser of this machine, until Ctrl-C; PORT chooses where (5174)
 *   --headless      in Node on its Vulkan driver instead: ours and jax-js
 *   --limits        instead of the table: memory of attention and of the output head, CPU time of encoding, heap over many steps, large
 *                   products beside the ceiling, time from page load to the first step; writes bench/results/limits.json. With --only
 *                   kernels, start or heap, only that part
 *   --out NAME      name of the result files, instead of the adapter's
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { fail, root } from '../scripts/dependencies.mjs';
import { openBench, serveBench } from './browser.mjs';
import { runHeadless, runLimits } from './headless.mjs';
import { pageHeap } from './page-heap.mjs';
import { markdown } from './report.mjs';
import { startTimes } from './start-time.mjs';

const { values } = parseArgs({
  options: {
    only: { type: 'string', default: '' },
    peers: { type: 'string', default: '' },
    named: { type: 'string', default: '' },
    rounds: { type: 'string', default: '9' },
    quick: { type: 'boolean', default: false },
    gpu: { type: 'boolean', default: false },
    serve: { type: 'boolean', default: false },
    headless: { type: 'boolean', default: false },
    limits: { type: 'boolean', default: false },
    out: { type: 'string' },
  },
});
const results = join(root, 'bench/results');
const list = (text) => text.split(',').filter(Boolean);
const LIMITS = { kernels: runLimits, start: startTimes, heap: pageHeap };
const GROUPS = values.limits
  ? Object.keys(LIMITS)
  : ['matmul', 'train', 'generate', 'grpo', 'softmax', 'attention'];
const unknown = list(values.only).find((name) => !GROUPS.includes(name));
if (unknown) fail(`--only ${unknown}: the work is ${GROUPS.join(', ')}.`);

const options = {
  rounds: Math.max(7, Number(values.rounds) || 9),
  only: list(values.only),
  peers: list(values.peers),
  quick: values.quick,
  named: values.named,
};

const about = {
  cpu: `${cpus()[0]?.model ?? 'unknown'}, ${cpus().length} threads`,
  date: new Date().toISOString().slice(0, 10),
};

/** Writes after every piece of work, so that a bench that is ended early keeps its measurements. */
async function inBrowser() {
  const opened = await openBench('page', { gpu: values.gpu, models: true, isolated: true });
  const { browser } = opened;
  try {
    await opened.onProgress((report) => void write({ ...report, browser, ...about }));
    return { ...(await opened.run(options)), browser };
  } finally {
    await opened.close();
  }
}

/** Replaces the pieces of work that were measured now; the others stay as the last run left them. */
function merged(report, path) {
  let before;
  try {
    before = JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return report;
  }
  const asked = ({ group, name }) =>
    (options.only.length === 0 || options.only.includes(group)) && name.includes(options.named);
  const kept = before.outcomes.filter((outcome) => !asked(outcome));
  const outcomes = [...kept, ...report.outcomes];
  return { ...report, outcomes, bestMatmul: report.bestMatmul || before.bestMatmul };
}

/** @returns {string | null} the name of the files, or null if nothing is to be written */
function write(report) {
  if (options.quick) return null;
  mkdirSync(results, { recursive: true });
  const place = values.headless ? '-node' : '';
  const name = values.out ?? `${report.adapter.toLowerCase().replace(/[^a-z0-9]+/g, '-')}${place}`;
  const json = join(results, `${name}.json`);
  const whole = options.only.length > 0 || options.named ? merged(report, json) : report;
  writeFileSync(json, `${JSON.stringify(whole, null, 1)}\n`);
  writeFileSync(join(results, `${name}.md`), markdown(whole));
  return name;
}

async function table() {
  const measured = values.headless
    ? { ...(await runHeadless(options)), browser: `Node ${process.version}` }
    : await inBrowser();
  const report = { ...measured, ...about };
  const name = write(report);
  if (name) process.stderr.write(`bench: wrote bench/results/${name}.json and .md\n`);
  else process.stdout.write(markdown(report));
}

/** Measurements without peers: memory, encoding, heap, start. Parts that are not measured now stay as they were. */
async function limits() {
  mkdirSync(results, { recursive: true });
  const path = join(results, 'limits.json');
  const found = existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : {};
  for (const [name, measure] of Object.entries(LIMITS)) {
    if (options.only.length > 0 && !options.only.includes(name)) continue;
    found[name] = { ...(await measure()), ...about, load: loadavg()[0] };
  }
  writeFileSync(path, `${JSON.stringify(found, null, 1)}\n`);
  console.log(JSON.stringify(found, null, 1));
}

/** The page for a visitor. */
async function serve() {
  const port = Number(process.env.PORT || 5174);
  if (!Number.isInteger(port) || port < 1 || port > 65535)
    fail(`PORT is "${process.env.PORT}"; it must be a number from 1 to 65535.`);
  const { address } = await serveBench('page', { port, models: true, isolated: true });
  process.stdout.write(`The bench: ${address}\n`);
  await new Promise(() => undefined);
}

if (values.serve) await serve();
await (values.limits ? limits() : table());
process.exit(0);
