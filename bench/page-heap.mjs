/**
 * Checks whether anything besides a run's record grows while the built page trains. Measures the used JavaScript heap of the page and of
 * the trainer's worker, after garbage collection, at growing numbers of steps of the smallest experiment.
 */
import { openBrowser, PAGE, servePage } from './start-time.mjs';

const MIB = 2 ** 20;
/** Steps at which the run is paused and both heaps are read. */
const STEPS = [50, 150, 250, 350];

/** One question with two answers of at most four tokens; no samples are kept, so that only metrics rows grow by design. */
const EXPERIMENT = {
  steps: 100_000,
  task: { id: 'chain' },
  policy: 'policies/chain-nano',
  method: { num_generations: 2, prompts_per_step: 1, max_completion_length: 4 },
  evaluation: { every: 0 },
  logging: { sample_groups: 0 },
};

/** Talks to the trainer's worker through the page's debugger. */
async function workerOf(session) {
  let next = 0;
  const waiting = new Map();
  session.on('Target.receivedMessageFromTarget', ({ message }) => {
    const { id, result, error } = JSON.parse(message);
    waiting.get(id)?.(error ? Promise.reject(new Error(error.message)) : result);
  });
  const sessionId = await new Promise((resolve) => {
    session.on('Target.attachedToTarget', ({ sessionId: id, targetInfo }) => {
      if (targetInfo.type === 'worker') resolve(id);
    });
    session.send('Target.setAutoAttach', { autoAttach: true, waitForDebuggerOnStart: false });
  });
  return {
    send: (method) =>
      new Promise((resolve) => {
        next += 1;
        waiting.set(next, resolve);
        const message = JSON.stringify({ id: next, method, params: {} });
        session.send('Target.sendMessageToTarget', { sessionId, message });
      }),
  };
}

/** MiB in use after garbage collection. */
async function heapOf(session) {
  await session.send('HeapProfiler.enable');
  for (let i = 0; i < 3; i++) await session.send('HeapProfiler.collectGarbage');
  const { usedSize } = await session.send('Runtime.getHeapUsage');
  return usedSize / MIB;
}

/** @returns used heaps in MiB after each number of steps, and KiB a step from the first to the last */
export async function pageHeap() {
  const { chromium } = await import('@playwright/test');
  const server = await servePage();
  const browser = await openBrowser(chromium);
  try {
    const page = await browser.newPage();
    await page.goto(PAGE);
    await page.waitForFunction(() => globalThis.baton?.adapter, null, { timeout: 60_000 });
    const session = await page.context().newCDPSession(page);
    const worker = await workerOf(session);
    await page.evaluate((experiment) => void globalThis.baton.run(experiment), EXPERIMENT);
    const heaps = [];
    for (const steps of STEPS) {
      const done = (count) => globalThis.baton.metrics().length >= count;
      await page.waitForFunction(done, steps, { timeout: 300_000, polling: 100 });
      await page.evaluate(() => globalThis.baton.pause());
      const step = await page.evaluate(() => globalThis.baton.metrics().length);
      heaps.push({ step, page: await heapOf(session), worker: await heapOf(worker) });
      await page.evaluate(() => void globalThis.baton.run());
    }
    const [first, last] = [heaps[0], heaps.at(-1)];
    const perStep = (key) => (1024 * (last[key] - first[key])) / (last.step - first.step);
    return { heaps, kibPerStep: { page: perStep('page'), worker: perStep('worker') } };
  } finally {
    await browser.close();
    server.close();
  }
}
