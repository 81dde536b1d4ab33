/**
 * `node bench/decode.mjs`: tokens per second of generation in Node, as a table.
 *
 *   --against DIR   another checkout of Baton, whose generator takes turns with this one's: rounds alternate, and the tokens must be equal
 *   --policy NAME   a bundled policy (countdown-nano)
 *   --work LIST     sequences x budget, with an e where sequences end at their end token (16x64,64x64,192x64e)
 *   --rounds N      timed rounds of each (7)
 *
 * VK_ICD_FILENAMES chooses the driver, as for every command here. Elapsed time and CPU time of all threads are medians over rounds.
 */
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { fail, root } from '../scripts/dependencies.mjs';
import { ensureVulkan } from '../scripts/setup.mjs';
import { describeVulkan, vulkanEnvironment } from '../scripts/vulkan.mjs';
import { buildAlone } from './headless.mjs';

const { values } = parseArgs({
  options: {
    against: { type: 'string' },
    policy: { type: 'string', default: 'countdown-nano' },
    work: { type: 'string', default: '16x64,64x64,192x64e' },
    rounds: { type: 'string', default: '7' },
  },
});
const rounds = Math.max(1, Number(values.rounds) || 7);
const works = values.work.split(',').map((text) => {
  const [, sequences, tokens, ends] = /^(\d+)x(\d+)(e?)$/.exec(text) ?? fail(`--work ${text}`);
  return { text, sequences: Number(sequences), tokens: Number(tokens), ends: ends === 'e' };
});

const choice = ensureVulkan({ prefer: 'hardware' });
if (!choice) fail(describeVulkan(choice));
Object.assign(process.env, vulkanEnvironment(choice));

const builds = [{ name: 'here', sources: root }];
if (values.against) builds.push({ name: 'against', sources: resolve(values.against) });
const out = join(root, '.cache/bench-decode');
for (const build of builds) {
  const path = await buildAlone(
    'bench/decode/main.ts',
    out,
    `${build.name}.mjs`,
    'bench',
    build.sources,
  );
  Object.assign(build, await import(pathToFileURL(path).href));
}

const median = (list) => [...list].sort((a, b) => a - b)[list.length >> 1];
const folder = join(root, 'public/models/policies', values.policy);
const rows = [];
let adapter = '';
for (const work of works) {
  const runs = [];
  for (const build of builds)
    runs.push({ build, decoding: await build.openDecoding({ folder, ...work }), ms: [], cpu: [] });
  for (const run of runs) run.ids = JSON.stringify(await run.decoding.run());
  if (runs.some((run) => run.ids !== runs[0].ids))
    fail(`${work.text}: the builds differ in tokens`);
  const tokens = JSON.parse(runs[0].ids).reduce((sum, ids) => sum + ids.length, 0);
  for (let round = 0; round < rounds; round++) {
    for (let i = 0; i < runs.length; i++) {
      const run = runs[(i + round) % runs.length];
      const before = process.cpuUsage();
      const from = performance.now();
      await run.decoding.run();
      run.ms.push(performance.now() - from);
      const { user, system } = process.cpuUsage(before);
      run.cpu.push((user + system) / 1000);
    }
  }
  adapter = runs[0].decoding.adapter;
  for (const run of runs) {
    const ms = median(run.ms);
    const ratios = run.ms.map((_, i) => run.ms[i] / runs[0].ms[i]);
    rows.push({
      work: work.text,
      build: run.build.name,
      tokens,
      'ms (median)': ms.toFixed(0),
      'ms (least)': Math.min(...run.ms).toFixed(0),
      'CPU ms (median)': median(run.cpu).toFixed(0),
      'CPU ms (least)': Math.min(...run.cpu).toFixed(0),
      'tokens/s (median)': ((1000 * tokens) / ms).toFixed(0),
      'time beside here': median(ratios).toFixed(2),
    });
    console.error(`${work.text}, ${run.build.name}: ${ms.toFixed(0)} ms`);
    run.decoding.close();
  }
}
console.log(`${adapter}, ${values.policy}, ${rounds} rounds`);
console.table(rows);
for (const build of builds) await build.closeDevice();
