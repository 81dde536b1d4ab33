/**
 * `npm run bench:soak`: 10,000 steps in Node with memory read twenty times, and whether it is flat by the rule of
 * bench/soak/verdict.ts. Writes bench/results/soak.json. Exit status 1 where memory grows.
 *
 *   --steps N   steps (10000), at least 80; another number writes nothing
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { fail, root } from '../scripts/dependencies.mjs';
import { ensureVulkan } from '../scripts/setup.mjs';
import { describeVulkan, vulkanEnvironment } from '../scripts/vulkan.mjs';
import { buildAlone } from './headless.mjs';

const STEPS = 10_000;
const SAMPLES = 20;
const { values } = parseArgs({ options: { steps: { type: 'string', default: String(STEPS) } } });
const steps = Number(values.steps);
if (!Number.isInteger(steps) || steps < 80) fail('--steps must be a whole number from 80 up.');

const choice = ensureVulkan({ prefer: 'hardware' });
if (!choice) fail(describeVulkan(choice));
Object.assign(process.env, vulkanEnvironment(choice));
const path = await buildAlone('bench/soak/soak.ts', join(root, '.cache/bench-soak'), 'soak.mjs');
const { soak } = await import(pathToFileURL(path).href);
const report = await soak({
  steps,
  every: Math.floor(steps / SAMPLES),
  read: (name) => readFile(join(root, 'public/models/policies/chain-nano', name)).catch(() => null),
  log: (line) => process.stderr.write(`soak: ${line}\n`),
});
const about = {
  cpu: `${cpus()[0]?.model ?? 'unknown'}, ${cpus().length} threads`,
  date: new Date().toISOString().slice(0, 10),
  node: process.version,
};
if (steps === STEPS) {
  const results = join(root, 'bench/results');
  mkdirSync(results, { recursive: true });
  const file = join(results, 'soak.json');
  writeFileSync(file, `${JSON.stringify({ ...report, ...about }, null, 1)}\n`);
}
const { flat, grown, seconds } = report;
console.log(JSON.stringify({ flat, grown, seconds }));
process.exit(flat ? 0 : 1);
