/**
 * What `./start` of the portable folder runs, in its own Node: finds a Vulkan driver, then runs check, the adapter report, bench, or any
 * command of the lab. Results go to the folder's `results`, or to a folder in BATON_UNPACKED if the portable folder is not writable.
 */
import { spawnSync } from 'node:child_process';
import { accessSync, constants, mkdirSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const own = dirname(fileURLToPath(import.meta.url));
const { chooseVulkan, describeVulkan, vulkanEnvironment } = await import(join(own, 'vulkan.mjs'));
const { markdown } = await import(join(own, 'report.mjs'));

const [home, what = 'all', ...rest] = process.argv.slice(2);
const COMMANDS = ['all', 'check', 'report', 'bench', 'lab'];
if (!COMMANDS.includes(what)) {
  console.error(`start: ${what} is not one of ${COMMANDS.join(', ')}`);
  process.exit(2);
}
const choice = chooseVulkan({ prefer: 'hardware' });
if (!choice) {
  console.error('start: no Vulkan driver found (libvulkan.so.1 and a driver are needed)');
  process.exit(1);
}
Object.assign(process.env, vulkanEnvironment(choice), { BATON_ROOT: home });
console.error(`driver: ${describeVulkan(choice)}`);

function writable(folder) {
  try {
    accessSync(folder, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}
const results = join(writable(home) ? home : own, 'results');

/** @returns {number} the command's exit status; its one line of JSON goes to results/check.json or to standard output */
function lab(args, file) {
  const run = spawnSync(process.execPath, [join(own, 'lab.mjs'), ...args], {
    stdio: ['inherit', file ? 'pipe' : 'inherit', 'inherit'],
    maxBuffer: 2 ** 26,
  });
  if (file) {
    mkdirSync(results, { recursive: true });
    writeFileSync(join(results, file), run.stdout);
  }
  return run.status ?? 1;
}

/** @returns {Promise<number>} 0, or 1 where the bench stopped */
async function bench(args) {
  const value = (name) => (args.includes(name) ? (args[args.indexOf(name) + 1] ?? '') : '');
  const list = (text) => text.split(',').filter(Boolean);
  const { runBench } = await import(join(own, 'bench.mjs'));
  try {
    const report = {
      ...(await runBench({
        rounds: Math.max(7, Number(value('--rounds')) || 9),
        only: list(value('--only')),
        peers: list(value('--peers')),
        quick: args.includes('--quick'),
        models: join(home, 'public/models'),
      })),
      browser: `Node ${process.version}`,
      cpu: `${cpus()[0]?.model ?? 'unknown'}, ${cpus().length} threads`,
      date: new Date().toISOString().slice(0, 10),
    };
    const name = `${report.adapter.toLowerCase().replace(/[^a-z0-9]+/g, '-')}-node`;
    mkdirSync(results, { recursive: true });
    writeFileSync(join(results, `${name}.json`), `${JSON.stringify(report, null, 1)}\n`);
    writeFileSync(join(results, `${name}.md`), markdown(report));
    process.stdout.write(markdown(report));
    console.error(`start: wrote ${join(results, name)}.json and .md`);
    return 0;
  } catch (error) {
    console.error(`start: the bench stopped: ${error?.stack ?? error}`);
    return 1;
  }
}

let status = 0;
if (what === 'lab') status = lab(rest);
/** @returns {number} the command's exit status; the report on this adapter goes to results/adapter.json and .html */
function report(args) {
  mkdirSync(results, { recursive: true });
  return lab(['check', '--report', join(results, 'adapter.json'), ...args], 'adapter-summary.json');
}

if (what === 'check') status = lab(['check', ...rest], 'check.json');
// One failed kernel must not suppress the numbers of the others.
if (what === 'all')
  status = lab(['check', ...(rest.includes('--quick') ? ['--sizes', 'few'] : [])], 'check.json');
if (what === 'report') status = report(rest);
if (what === 'all') status = report([]) || status;
if (what === 'all' || what === 'bench') status = (await bench(rest)) || status;
process.exit(status);
