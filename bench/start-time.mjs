/**
 * How long a visitor waits who presses Run as soon as possible: the built page, an empty profile, the default preset, Chromium on
 * SwiftShader. All times count from navigation:
 *
 *   ready       Run is pressed
 *   generates   all that generation needs is compiled and allocated: the first answers are being written
 *   evaluated   the preset's evaluation before the first step is done; absent where it is off
 *   trains      the first answers are written and scored: the first training pass begins
 *   ended       the parameters were updated: the first row is on the page
 */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { fail, root } from '../scripts/dependencies.mjs';
import { ensureChromium } from '../scripts/setup.mjs';
import { between, cpuSeconds } from './cpu-seconds.mjs';

const PORT = 5391;
export const PAGE = `http://127.0.0.1:${PORT}/`;
/** The first visit's experiment, without the evaluation before the first step, and with it. */
const LINKS = {
  training: '#v=1&preset=countdown-grpo&evaluation.every=0',
  evaluated: '#v=1&preset=countdown-grpo',
};

/** Builds and serves the page of a checkout. */
export async function servePage(sources = root, port = PORT) {
  const server = spawn(process.execPath, [join(sources, 'scripts/start.mjs')], {
    cwd: sources,
    env: { ...process.env, PORT: String(port) },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await new Promise((done, failed) => {
    server.stdout.once('data', done);
    server.once('exit', () => failed(new Error('the page is not served')));
  });
  return { address: `http://127.0.0.1:${port}/`, close: () => server.kill('SIGTERM') };
}

/** Opens Chromium on SwiftShader with an empty profile. @param {string[]} [more] arguments besides */
export async function openBrowser(chromium, more = []) {
  const executablePath = ensureChromium();
  if (!executablePath) fail('the bench needs Chromium or Chrome.');
  return chromium.launch({
    executablePath,
    args: ['--no-sandbox', '--enable-unsafe-webgpu', '--use-webgpu-adapter=swiftshader', ...more],
  });
}

/**
 * Runs in the page before its own code: presses Run as soon as it can be pressed, and notes the times of events by the page's clock. Pressing
 * it from outside, by its role and name, would take a tenth of a second of the page's own time.
 */
function watch() {
  const seen = {};
  globalThis.startTimes = seen;
  const press = () => {
    const [run] = document.querySelectorAll('[aria-label="Run controls"] button:enabled');
    if (run?.textContent !== 'Run') return requestAnimationFrame(press);
    seen.ready = performance.now();
    globalThis.moment?.('ready');
    run.click();
  };
  press();
  const note = ({ data }) => {
    const now = performance.now();
    if (data.type === 'state' && data.state === 'running' && !seen.generates) {
      seen.generates = now;
      globalThis.moment?.('generates');
    }
    if (data.type !== 'step') return;
    if (data.metrics.step === 0) seen.evaluated = now;
    if (data.metrics.step === 1) {
      seen.ended = now;
      seen.trains = now - 1000 * data.timings.phases.train;
      globalThis.moment?.('ended');
    }
  };
  globalThis.Worker = class extends Worker {
    constructor(...parts) {
      super(...parts);
      this.addEventListener('message', note);
    }
  };
}

/**
 * One visit, milliseconds since navigation.
 * @param {{ browser?: string[], after?: number, onMoment?: (moment: string) => void }} [options] arguments of Chromium besides; seconds that
 *   the browser stands before the visit; what is called before navigation (`start`), and at three of the times
 */
async function visit(chromium, address, { browser: more = [], after = 0, onMoment } = {}) {
  const browser = await openBrowser(chromium, more);
  try {
    const page = await browser.newPage();
    if (onMoment) await page.exposeFunction('moment', onMoment);
    await page.addInitScript(watch);
    await page.waitForTimeout(1000 * after);
    onMoment?.('start');
    await page.goto(address);
    await page.waitForFunction(() => globalThis.startTimes.ended, null, {
      timeout: 180_000,
      polling: 200,
    });
    return await page.evaluate(() => globalThis.startTimes);
  } finally {
    await browser.close();
  }
}

/** The visit with the median end time. */
function middle(visits) {
  return [...visits].sort((a, b) => a.ended - b.ended)[visits.length >> 1];
}

/**
 * Visits pages of several checkouts by turns.
 * @param {readonly { name: string, sources: string }[]} builds
 * @param {{ times: number, browser: string[], after: number, onVisit: (name: string, visit: object) => void }} options browser, after: as above
 * @returns for each its middle visit to the first step without an evaluation before it
 */
export async function startTimesByTurns(builds, { times, onVisit, ...options }) {
  const { chromium } = await import('@playwright/test');
  const servers = [];
  const visits = builds.map(() => []);
  try {
    for (const [i, { sources }] of builds.entries())
      servers.push(await servePage(sources, PORT + i));
    for (let round = 0; round < times; round++)
      for (const [i, { name }] of builds.entries()) {
        const seen = await visit(chromium, servers[i].address + LINKS.training, options);
        onVisit(name, seen);
        visits[i].push(seen);
      }
  } finally {
    for (const server of servers) server.close();
  }
  return visits.map(middle);
}

/** @returns milliseconds since navigation on SwiftShader: all visits and the middle one, without the evaluation and with it */
export async function startTimes(times = 3) {
  const { chromium } = await import('@playwright/test');
  const server = await servePage();
  const found = {};
  try {
    for (const [name, link] of Object.entries(LINKS)) {
      const visits = [];
      for (let i = 0; i < times; i++) visits.push(await visit(chromium, PAGE + link));
      found[name] = { visits, middle: middle(visits) };
    }
  } finally {
    server.close();
  }
  return found;
}

/** One visit, for what its time is spent on. @returns CPU seconds by part, of each phase */
export async function startCpu() {
  const { chromium } = await import('@playwright/test');
  const server = await servePage();
  const read = new Map();
  try {
    const onMoment = (moment) => read.set(moment, cpuSeconds());
    await visit(chromium, PAGE + LINKS.training, { onMoment });
  } finally {
    server.close();
  }
  const moments = ['start', 'ready', 'generates', 'ended'];
  return moments.slice(1).map((to, i) => [to, between(read.get(moments[i]), read.get(to))]);
}
