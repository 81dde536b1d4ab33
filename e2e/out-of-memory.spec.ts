/** A GPU that has no room for a run says so, and a smaller run starts on it without a reload. */
import { expect, type Page, test } from '@playwright/test';
import { control, metrics, openLab, waitForState } from './page.ts';

/** 256 answers at once, whose keys and values alone take 32 MiB. */
const LARGE =
  '#v=1&preset=chain-minute&seed=3&steps=2&num_generations=16&prompts_per_step=16&max_completion_length=64&evaluation.every=0';

const SMALL =
  './?ahead=off#v=1&preset=chain-minute&seed=3&steps=2&num_generations=2&prompts_per_step=2&max_completion_length=24&evaluation.every=0';

/**
 * Stands before the worker's own script. All devices together give so many bytes, and say what WebGPU says beyond that: to the innermost
 * scope that asks for it. Buffers beyond come into being all the same.
 */
function giveAtMost(most: number): void {
  let held = 0;
  let devices = 0;
  const scopes: { readonly filter: GPUErrorFilter; ranOut: boolean }[] = [];
  const { requestDevice } = GPUAdapter.prototype;
  GPUAdapter.prototype.requestDevice = function (wishes) {
    devices += 1;
    Object.assign(globalThis, { devices });
    return requestDevice.call(this, wishes);
  };
  const { createBuffer, pushErrorScope, popErrorScope } = GPUDevice.prototype;
  GPUDevice.prototype.createBuffer = function (options) {
    held += options.size;
    const scope = scopes.findLast(({ filter }) => filter === 'out-of-memory');
    if (held > most && scope) scope.ranOut = true;
    return createBuffer.call(this, options);
  };
  const { destroy } = GPUBuffer.prototype;
  const gone = new WeakSet<GPUBuffer>();
  GPUBuffer.prototype.destroy = function () {
    if (!gone.has(this)) held -= this.size;
    gone.add(this);
    destroy.call(this);
  };
  GPUDevice.prototype.pushErrorScope = function (filter) {
    scopes.push({ filter, ranOut: false });
    pushErrorScope.call(this, filter);
  };
  GPUDevice.prototype.popErrorScope = async function () {
    const scope = scopes.pop();
    const error = await popErrorScope.call(this);
    return scope?.ranOut ? new GPUOutOfMemoryError('no room is left') : error;
  };
}

async function withMemory(page: Page, bytes: number): Promise<void> {
  await page.route(/worker[^/]*\.(js|ts)(\?.*)?$/, async (route) => {
    const response = await route.fetch();
    const body = `(${giveAtMost.toString()})(${bytes});\n${await response.text()}`;
    await route.fulfill({ response, body });
  });
}

test('a run that the GPU has no room for is refused by name, and a smaller one starts on the same device', async ({
  page,
}) => {
  test.setTimeout(600_000);
  await withMemory(page, 2 ** 25);
  await openLab(page, LARGE);
  await control(page, 'Run').click();
  const notice = page.locator('.notices');
  await expect(notice).toContainText('The GPU is out of memory', { timeout: 120_000 });
  await expect(notice).toContainText('Fewer completions');

  await page.goto(SMALL);
  await expect(page.getByRole('button', { name: 'Run', exact: true })).toBeEnabled();
  await control(page, 'Run').click();
  await waitForState(page, 'finished');
  expect(await metrics(page)).toHaveLength(2);
  await expect(notice).toBeHidden();
  const [worker] = page.workers();
  expect(await worker.evaluate(() => Reflect.get(globalThis, 'devices'))).toBe(1);
});
