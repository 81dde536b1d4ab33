/**
 * `npm run record:first [-- RUN_FOLDER]`: makes the recording that a page shows before anything has run. It trains the default preset as
 * it is, or takes the folder of such a run, and packs it without the model and with the samples of a few steps.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fail, root } from './dependencies.mjs';

const SAMPLED_STEPS = 11;
const MOST_BYTES = 250 * 1000;

const folder = join(root, 'public/recordings');

function lab(...args) {
  const { status, stdout } = spawnSync(process.execPath, ['scripts/lab.mjs', ...args], {
    cwd: root,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  if (status !== 0) fail(`lab ${args[0]} failed: ${stdout}`);
  return JSON.parse(stdout.trimEnd().split('\n').at(-1));
}

/** The preset of a first visit where the adapter is software: any machine can do it. */
async function firstPreset() {
  const vite = await import('vite');
  const server = await vite.createServer({
    ...{ root, logLevel: 'error', appType: 'custom' },
    server: { middlewareMode: true, hmr: false, watch: null },
  });
  const { defaultPreset } = await server.ssrLoadModule('/src/rl/experiment/presets/index.ts');
  await server.close();
  return defaultPreset(true);
}

const { id, experiment } = await firstPreset();
const bundle = `${id}.bundle`;
const scratch = mkdtempSync(join(tmpdir(), 'baton-first-'));
try {
  const given = process.argv[2];
  const run = given ? resolve(given) : join(scratch, 'run');
  if (!given) {
    const file = join(scratch, 'experiment.json');
    writeFileSync(file, JSON.stringify(experiment));
    lab('train', '--experiment', file, '--out', run);
  }
  mkdirSync(folder, { recursive: true });
  const out = join(folder, bundle);
  const { bytes, rows, steps } = lab(
    ...['bundle', run, '--no-model', '--samples', String(SAMPLED_STEPS), '--out', out],
  );
  if (bytes > MOST_BYTES) fail(`${bundle} has ${bytes} bytes; ${MOST_BYTES} are allowed`);
  if (rows < steps) fail(`The run has ${rows} rows of ${steps} steps: let it end first`);
  const recorded = new Date().toISOString().slice(0, 10);
  writeFileSync(join(folder, 'first.json'), `${JSON.stringify({ bundle, recorded }, null, 2)}\n`);
  const { adapter, build } = JSON.parse(readFileSync(join(run, 'manifest.json'), 'utf8'));
  console.log(`${bundle}: ${rows} rows, ${bytes} bytes, ${adapter}, build ${build}`);
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
