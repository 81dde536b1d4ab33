/** How long a visitor waits: from opening the built page to the end of the first training step of the default preset. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { fail, root } from '../scripts/dependencies.mjs';
import { ensureChromium } from '../scripts/setup.mjs';

const PORT = 5391;
/** The first visit's experiment, without the evaluation before the first step. */
const LINK = '#v=1&preset=countdown-grpo&evaluation.every=0';

async function serve() {
  const server = spawn(process.execPath, [join(root, 'scripts/start.mjs')], {
    env: { ...process.env, PORT: String(PORT) },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await new Promise((done, failed) => {
    server.stdout.once('data', done);
    server.once('exit', () => failed(new Error('the page is not served')));
  });
  return server;
}

/** One visit with an empty profile, milliseconds since navigation. */
async function visit(chromium, executablePath) {
  const browser = await chromium.launch({
    executablePath,
    args: ['--no-sandbox', '--enable-unsafe-webgpu', '--use-webgpu-adapter=swiftshader'],
  });
  try {
    const page = await browser.newPage();
    const from = performance.now();
    await page.goto(`http://127.0.0.1:${PORT}/${LINK}`);
    const button = page
      .getByRole('group', { name: 'Run controls' })
      .getByRole('button', { name: 'Run', exact: true });
    await button.click({ timeout: 60_000 });
    const clicked = performance.now() - from;
    await page.waitForFunction(() => (window.baton?.metrics().length ?? 0) > 0, null, {
      timeout: 180_000,
      polling: 20,
    });
    return { ready: clicked, firstStep: performance.now() - from };
  } finally {
    await browser.close();
  }
}

/** @returns {Promise<{ visits: { ready: number, firstStep: number }[], median: number }>} milliseconds, on SwiftShader */
export async function startTimes(times = 3) {
  const executablePath = ensureChromium();
  if (!executablePath) fail('the bench needs Chromium or Chrome.');
  const { chromium } = await import('@playwright/test');
  const server = await serve();
  const visits = [];
  try {
    for (let i = 0; i < times; i++) visits.push(await visit(chromium, executablePath));
  } finally {
    server.kill('SIGTERM');
  }
  const steps = visits.map(({ firstStep }) => firstStep).sort((a, b) => a - b);
  return { visits, median: steps[steps.length >> 1] };
}
