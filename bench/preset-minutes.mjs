/**
 * `node bench/preset-minutes.mjs`: how long a run of each preset takes whose minutes alone were measured (`timed` in
 * src/rl/experiment/presets), on this machine's Vulkan driver. A dozen steps of each are done by `lab train` without evaluations; the
 * first, which compiles, is left out of the mean.
 *
 *   --only IDS   presets, with commas between, instead of those
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { fail, root } from '../scripts/dependencies.mjs';
import { buildAlone } from './headless.mjs';

const STEPS = 12;
const { values } = parseArgs({ options: { only: { type: 'string', default: '' } } });
const only = values.only.split(',').filter(Boolean);

const entry = 'src/rl/experiment/presets/index.ts';
const built = await buildAlone(entry, join(root, '.cache/bench-presets'), 'presets.mjs');
const { PRESETS, presetExperiment } = await import(pathToFileURL(built).href);
const unknown = only.find((id) => !PRESETS.some((preset) => preset.id === id));
if (unknown) fail(`--only ${unknown}: there is no such preset.`);
const chosen = PRESETS.filter(({ id, timed }) => (only.length > 0 ? only.includes(id) : timed));

const folder = mkdtempSync(join(tmpdir(), 'baton-minutes-'));
try {
  for (const preset of chosen) {
    const experiment = presetExperiment(preset);
    const asked = join(folder, `${preset.id}.json`);
    const out = join(folder, preset.id);
    const { evaluation } = experiment;
    const short = { ...experiment, steps: STEPS, evaluation: { ...evaluation, every: 0 } };
    writeFileSync(asked, JSON.stringify(short));
    const lab = [join(root, 'scripts/lab.mjs'), 'train', '--experiment', asked, '--out', out];
    const { status } = spawnSync(process.execPath, lab, { stdio: ['ignore', 'ignore', 'inherit'] });
    if (status !== 0) fail(`${preset.id} ended with status ${status}.`);
    const lines = readFileSync(join(out, 'timings.jsonl'), 'utf8').trim().split('\n');
    const times = lines.slice(1).map((line) => JSON.parse(line).step_time);
    const mean = times.reduce((sum, time) => sum + time, 0) / times.length;
    const minutes = (mean * experiment.steps) / 60;
    console.log(`${preset.id}: ${mean.toFixed(2)} s a step, ${minutes.toFixed(1)} min a run`);
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
