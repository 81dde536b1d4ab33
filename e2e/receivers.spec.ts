/** The receivers' worker in the built page: what it writes, and under which content security policy. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, type Page, test } from '@playwright/test';
import { InferenceSession } from 'onnxruntime-web';
import { control, openLab, waitForState } from './page.ts';

const MODEL = 'policies/countdown-nano';
const PROMPT = '3,5,8=16:';
const BUDGET = 40;

/** What the command line writes greedily, on Baton's kernels. */
async function onKernels(): Promise<number[]> {
  const { stdout } = await promisify(execFile)(process.execPath, [
    ...['scripts/lab.mjs', 'generate', '--model', MODEL, '--prompt', PROMPT, '--greedy'],
    ...['--max-completion-length', String(BUDGET)],
  ]);
  return JSON.parse(stdout.trimEnd().split('\n').at(-1) ?? '').results[0].completions[0].ids;
}

/** The address of a built worker's script, found in the page's scripts. @param name prefix of its file name */
async function receiversWorker(page: Page, name: string): Promise<string> {
  const found = await page.evaluate(async (begins) => {
    const seen = new Set<string>();
    const open = [...document.querySelectorAll<HTMLScriptElement>('script[src]')].map((s) => s.src);
    for (let url = open.pop(); url !== undefined; url = open.pop()) {
      if (seen.has(url)) continue;
      seen.add(url);
      const text = await (await fetch(url)).text();
      const file = url.slice(url.lastIndexOf('/') + 1);
      if (file.startsWith(`${begins}-`) && text.includes('past_key_values')) return url;
      for (const [, name] of text.matchAll(/["'`/]([\w-]+\.js)["'`]/g)) {
        const next = new URL(name, url.includes('/assets/') ? url : `${url}assets/`).href;
        open.push(next);
      }
    }
    return null;
  }, name);
  expect(found).not.toBeNull();
  return String(found);
}

/** A worker has the policy of its own response. This gives it the page's policy, and makes it report what that blocks. */
async function underThePagesPolicy(page: Page, worker: string): Promise<void> {
  const policy = await page
    .locator('meta[http-equiv="Content-Security-Policy"]')
    .getAttribute('content');
  expect(policy).toContain("script-src 'self' 'wasm-unsafe-eval'");
  await page.route(worker, async (route) => {
    const response = await route.fetch();
    const listener = `self.addEventListener('securitypolicyviolation', (e) =>
      self.postMessage({ type: 'violation', call: 0, what: e.violatedDirective + ' ' + e.blockedURI }));`;
    await route.fulfill({
      response,
      headers: { ...response.headers(), 'content-security-policy': String(policy) },
      body: `${listener}\n${await response.text()}`,
    });
  });
}

for (const [name, runtime] of [
  ['worker', 'on the processor'],
  ['webgpu-worker', 'on WebGPU'],
] as const)
  test(`a receiver in its worker ${runtime} writes what our kernels write, under the page’s own policy`, async ({
    page,
    baseURL,
  }) => {
    const foreign: string[] = [];
    page.on('request', (request) => {
      if (!/^(data|blob):/.test(request.url()) && !request.url().startsWith(String(baseURL)))
        foreign.push(request.url());
    });
    await page.goto('./');
    const worker = await receiversWorker(page, name);
    await underThePagesPolicy(page, worker);
    const { ids, violations, evaluated } = await page.evaluate(
      async ({ address, model, prompt, budget }) => {
        const files = new Map<string, Uint8Array>();
        for (const name of ['config.json', 'model.safetensors', 'tokenizer.json']) {
          const response = await fetch(new URL(`models/${model}/${name}`, document.baseURI));
          files.set(name, new Uint8Array(await response.arrayBuffer()));
        }
        const { vocab } = JSON.parse(new TextDecoder().decode(files.get('tokenizer.json'))).model;
        const prompts = [[1, ...[...prompt].map((character) => vocab[character] as number)]];
        const worker = new Worker(address, { type: 'module' });
        const violations: string[] = [];
        let answer: (data: { type: string; out?: { ids: number[] }[] }) => void = () => {};
        worker.onmessage = ({ data }) =>
          data.type === 'violation' ? violations.push(data.what) : answer(data);
        const ask = (command: object) =>
          new Promise<{ type: string; out?: { ids: number[] }[] }>((resolve, reject) => {
            answer = resolve;
            worker.onerror = (event) => reject(new Error(event.message));
            worker.postMessage(command);
          });
        const source = { kind: 'weights', id: model, files };
        const opened = await ask({ type: 'open', call: 1, source });
        if (opened.type !== 'opened')
          return { ids: JSON.stringify(opened), violations, evaluated: 0 };
        const sampling = { temperature: 1, topK: 0, topP: 1, minP: 0, greedy: true };
        const request = { prompts, copies: 1, budgets: [budget], sampling, key: [1, 2], uid: 0 };
        const done = await ask({ type: 'complete', call: 2, receiver: 1, request });
        worker.terminate();
        return { ids: done.out?.[0].ids ?? JSON.stringify(done), violations, evaluated: 1 };
      },
      { address: worker, model: MODEL, prompt: PROMPT, budget: BUDGET },
    );
    expect(violations).toEqual([]);
    expect(evaluated).toBe(1);
    expect(ids).toEqual(await onKernels());
    expect(foreign).toEqual([]);
  });

test('the run’s model is saved as an ONNX file that a runtime opens', async ({ page }) => {
  await openLab(page);
  await control(page, 'Step').click();
  await waitForState(page, 'paused');
  await page.locator('[data-fold="export"] > summary').click();
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'Model, ONNX' }).click(),
  ]);
  expect(download.suggestedFilename()).toMatch(/-step-1\.onnx$/);
  const chunks: Buffer[] = [];
  for await (const chunk of await download.createReadStream()) chunks.push(chunk as Buffer);
  const session = await InferenceSession.create(new Uint8Array(Buffer.concat(chunks)));
  expect(session.inputNames).toContain('past_key_values.0.key');
  expect(session.outputNames).toContain('logits');
  await session.release();
});
