/**
 * `node bench/step.mjs`: one step of GRPO (preset countdown-grpo) in Node, by phases, as a table. The learning rate is 0, so every step
 * does the same kind of work.
 *
 *   --against DIR   another checkout of Baton, which takes turns with this one: rounds alternate, and what they find must agree
 *   --rounds N      timed rounds of each, after one that is not counted (5)
 *
 * VK_ICD_FILENAMES chooses the driver, as for every command here. Times are CPU milliseconds of all threads, since the elapsed time of a
 * busy machine says little; `elapsed` is there too.
 */
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { fail, root } from '../scripts/dependencies.mjs';
import { ensureVulkan } from '../scripts/setup.mjs';
import { describeVulkan, vulkanEnvironment } from '../scripts/vulkan.mjs';
import { buildAlone } from './headless.mjs';

const { values } = parseArgs({
  options: { against: { type: 'string' }, rounds: { type: 'string', default: '5' } },
});
const rounds = Math.max(1, Number(values.rounds) || 5);
const choice = ensureVulkan({ prefer: 'hardware' });
if (!choice) fail(describeVulkan(choice));
Object.assign(process.env, vulkanEnvironment(choice));

const builds = [{ name: 'here', sources: root }];
if (values.against) builds.push({ name: 'against', sources: resolve(values.against) });
const out = join(root, '.cache/bench-step');
const runs = [];
for (const { name, sources } of builds) {
  const path = await buildAlone('bench/step/main.ts', out, `${name}.mjs`, 'bench', sources);
  const { openSteps } = await import(pathToFileURL(path).href);
  runs.push({ name, steps: await openSteps(join(root, 'public/models')), times: [] });
}

/** What must agree in all builds: what was written, what it earned, and what the trainer makes of it, up to rounding. */
const essence = ({ reward, entropy, loss, num_tokens }) =>
  [reward, num_tokens, entropy, loss].map((value) => Number(value.toPrecision(3))).join(' ');
for (let round = -1; round < rounds; round++) {
  const essences = new Set();
  for (let i = 0; i < runs.length; i++) {
    const run = runs[(i + round + 1) % runs.length];
    const before = process.cpuUsage();
    const from = performance.now();
    const { phases, metrics } = await run.steps.run();
    const elapsed = performance.now() - from;
    const { user, system } = process.cpuUsage(before);
    const times = { ...phases, step: (user + system) / 1000, elapsed };
    const told = Object.entries(times).map(([phase, ms]) => `${phase} ${ms.toFixed(0)}`);
    process.stderr.write(
      `${run.name}, ${round < 0 ? 'not counted' : round + 1}: ${told.join(', ')}\n`,
    );
    if (round >= 0) run.times.push(times);
    essences.add(essence(metrics));
  }
  if (essences.size > 1) fail(`the builds differ: ${[...essences].join(' and ')}`);
}

const median = (list) => [...list].sort((a, b) => a - b)[list.length >> 1];
const of = (run, phase) => run.times.map((time) => time[phase]);
const rows = runs.flatMap((run) =>
  Object.keys(run.times[0]).map((phase) => ({
    build: run.name,
    phase,
    'ms (median)': median(of(run, phase)).toFixed(0),
    'ms (least)': Math.min(...of(run, phase)).toFixed(0),
    'beside here': median(of(run, phase).map((ms, i) => ms / of(runs[0], phase)[i])).toFixed(2),
  })),
);
console.log(`${runs[0].steps.adapter}, ${rounds} rounds`);
console.table(rows);
for (const run of runs) run.steps.close();
