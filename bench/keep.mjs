/**
 * `npm run bench:keep`: what keeping a run in the browser's storage costs. The built page in Chromium on SwiftShader does the same run by
 * turns without checkpoints and with one after every step, and the times between its rows are compared. A checkpoint after every step
 * costs ten times what the page's default does, so that it is seen above the noise. Prints seconds and the share at the default.
 *
 *   --rounds N   runs of each kind (3)
 *   --steps N    steps of a run (40)
 *   --link F     hash of the experiment's link; default: the first visit's, without evaluations
 */
import { parseArgs } from 'node:util';
import { openBrowser, PAGE, servePage } from './start-time.mjs';

/** Steps between checkpoints where nobody chose otherwise. */
const DEFAULT_EVERY = 10;
const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '3' },
    steps: { type: 'string', default: '40' },
    link: { type: 'string', default: '#v=1&preset=countdown-grpo&evaluation.every=0' },
  },
});
const [rounds, steps] = [Number(values.rounds), Number(values.steps)];

const median = (numbers) => [...numbers].sort((a, b) => a - b)[numbers.length >> 1];

/** Runs in the page before its own code, and notes when rows and checkpoints arrive. */
function watch(every) {
  localStorage.setItem('baton.preferences', JSON.stringify({ keepEvery: every }));
  const seen = { rows: [], kept: [] };
  globalThis.seen = seen;
  const note = ({ data }) => {
    if (data.type === 'step') seen.rows.push(performance.now());
    if (data.type === 'kept') seen.kept.push({ seconds: data.seconds, bytes: data.bytes });
  };
  globalThis.Worker = class extends Worker {
    constructor(...parts) {
      super(...parts);
      this.addEventListener('message', note);
    }
  };
}

/** One run. @returns seconds between rows, and what its checkpoints took in the background */
async function run(chromium, every) {
  const browser = await openBrowser(chromium);
  try {
    const page = await browser.newPage();
    await page.addInitScript(watch, every);
    await page.goto(`${PAGE}${values.link}&steps=${steps}`);
    await page.waitForFunction(() => globalThis.baton?.adapter != null, null, { timeout: 120_000 });
    await page.evaluate(() => globalThis.baton.run());
    const { rows, kept } = await page.evaluate(() => globalThis.seen);
    return { gaps: rows.slice(1).map((at, i) => (at - rows[i]) / 1000), kept };
  } finally {
    await browser.close();
  }
}

const { chromium } = await import('@playwright/test');
const server = await servePage();
const gaps = { never: [], always: [] };
const kept = [];
try {
  for (let i = 0; i < rounds; i++) {
    gaps.never.push(...(await run(chromium, null)).gaps);
    const always = await run(chromium, 1);
    gaps.always.push(...always.gaps);
    kept.push(...always.kept);
  }
} finally {
  server.close();
}
const [never, always] = [median(gaps.never), median(gaps.always)];
const checkpoint = always - never;
const report = {
  step: never,
  step_with_checkpoint: always,
  checkpoint,
  share_at_default: checkpoint / (DEFAULT_EVERY * never),
  background: median(kept.map(({ seconds }) => seconds)),
  bytes: Math.max(...kept.map(({ bytes }) => bytes)),
};
console.log(JSON.stringify(report, null, 1));
