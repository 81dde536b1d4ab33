/**
 * `node bench/start.mjs`: how long a visitor waits for the first step, as a table (see start-time.mjs for what its rows are).
 *
 *   --against DIR    another checkout of Baton, whose page is visited by turns with this one's
 *   --rounds N       visits of each (3)
 *   --browser=ARGS   further arguments of Chromium, with spaces between
 *   --after S        seconds that the browser stands before a visit (0): in its first ones it loads pages of its own
 *   --cpu            instead, CPU seconds of one visit by part, up to each of the times (Linux)
 */
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { root } from '../scripts/dependencies.mjs';
import { startCpu, startTimesByTurns } from './start-time.mjs';

const { values } = parseArgs({
  options: {
    against: { type: 'string' },
    rounds: { type: 'string', default: '3' },
    browser: { type: 'string', default: '' },
    after: { type: 'string', default: '0' },
    cpu: { type: 'boolean', default: false },
  },
});
if (values.cpu) {
  const phases = await startCpu();
  const parts = [...new Set(phases.flatMap(([, spent]) => [...spent.keys()]))];
  const all = (part) => phases.reduce((sum, [, spent]) => sum + (spent.get(part) ?? 0), 0);
  console.log(`| CPU seconds | ${phases.map(([to]) => `to ${to}`).join(' | ')} |`);
  console.log(`| --- |${' --- |'.repeat(phases.length)}`);
  for (const part of parts.sort((a, b) => all(b) - all(a))) {
    const cells = phases.map(([, spent]) => (spent.get(part) ?? 0).toFixed(1));
    console.log(`| ${part} | ${cells.join(' | ')} |`);
  }
  process.exit();
}
const builds = [{ name: 'here', sources: root }];
if (values.against) builds.unshift({ name: 'against', sources: resolve(values.against) });
const seconds = (ms) => (ms === undefined ? '' : `${(ms / 1000).toFixed(1)} s`);

const found = await startTimesByTurns(builds, {
  times: Math.max(1, Number(values.rounds) || 3),
  browser: values.browser.split(' ').filter(Boolean),
  after: Math.max(0, Number(values.after) || 0),
  onVisit: (name, { ready, ended }) =>
    process.stderr.write(`${name}: Run at ${seconds(ready)}, ended at ${seconds(ended)}\n`),
});
console.log(`| | ${builds.map(({ name }) => name).join(' | ')} |`);
console.log(`| --- |${' --- |'.repeat(builds.length)}`);
for (const row of ['ready', 'generates', 'trains', 'ended'])
  console.log(`| ${row} | ${found.map((visit) => seconds(visit[row])).join(' | ')} |`);
