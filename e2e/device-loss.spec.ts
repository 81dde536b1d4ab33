/** The device is lost at every kind of work, and is refused for a while: nothing of a run changes, and nobody reloads the page. */
import { expect, type Page, test } from '@playwright/test';
import { control, openLab, waitForState } from './page.ts';
import { beforeWorkers } from './worker-script.ts';

const LINK =
  '#v=1&preset=chain-minute&seed=3&steps=3&num_generations=2&prompts_per_step=2&max_completion_length=24&evaluation.every=0';

/** What the trainer's device is lost at: the next call of its kind, a kernel by its name; `now` waits for nothing. */
type Moment = 'now' | 'buffer' | 'compile' | 'read' | 'sample' | 'adamw';

/** The same where a discriminator learns beside the policy, whose state the device holds too. */
const LEARNED_REWARD =
  '#v=1&preset=chain-minute&method=airl&seed=3&steps=3&num_generations=2&prompts_per_step=2&max_completion_length=24&reward_warmup_steps=1&evaluation.every=0';

interface Order {
  /** One loss after the other. */
  readonly lose?: readonly Moment[];
  readonly refuse?: boolean;
}

/**
 * Keeps hold of the devices that are requested, destroys the newest at the moment that
 * a journey names, and refuses devices while it is told to.
 */
function watchDevices(): void {
  const devices: GPUDevice[] = [];
  const orders = new BroadcastChannel('device-loss');
  const moments: string[] = [];
  let refusing = false;
  const lose = () => {
    moments.shift();
    devices.at(-1)?.destroy();
    orders.postMessage('lost');
  };
  const at = (name: string) => {
    if (moments[0] === name) lose();
  };
  orders.onmessage = ({ data }: MessageEvent<Order>) => {
    if (devices.length === 0) return;
    refusing = data.refuse ?? refusing;
    moments.push(...(data.lose ?? []));
    at('now');
    orders.postMessage('heard');
  };
  const { requestDevice } = GPUAdapter.prototype;
  GPUAdapter.prototype.requestDevice = async function (wishes) {
    if (refusing) throw new Error('refused');
    const device = await requestDevice.call(this, wishes);
    devices.push(device);
    return device;
  };
  const { createBuffer, createComputePipelineAsync } = GPUDevice.prototype;
  GPUDevice.prototype.createBuffer = function (options) {
    at('buffer');
    return createBuffer.call(this, options);
  };
  GPUDevice.prototype.createComputePipelineAsync = function (options) {
    const pipeline = createComputePipelineAsync.call(this, options);
    at('compile');
    return pipeline;
  };
  const { setPipeline } = GPUComputePassEncoder.prototype;
  GPUComputePassEncoder.prototype.setPipeline = function (pipeline) {
    at(pipeline.label);
    setPipeline.call(this, pipeline);
  };
  const { mapAsync } = GPUBuffer.prototype;
  GPUBuffer.prototype.mapAsync = function (mode, ...range) {
    at('read');
    return mapAsync.call(this, mode, ...range);
  };
}

async function watch(page: Page): Promise<void> {
  await beforeWorkers(page, watchDevices);
  await page.addInitScript(() => {
    const orders = new BroadcastChannel('device-loss');
    const heard: string[] = [];
    orders.onmessage = ({ data }) => heard.push(data);
    Object.assign(window, { orders, heard });
  });
}

declare global {
  interface Window {
    orders: BroadcastChannel;
    heard: string[];
  }
}

/** Gives an order, and waits until the worker has heard of it. */
async function tell(page: Page, order: Order): Promise<void> {
  await page.evaluate((given) => {
    window.heard.length = 0;
    window.orders.postMessage(given);
  }, order);
  await page.waitForFunction(() => window.heard.includes('heard'));
}

/** Waits until a device was lost at each of the moments that were named last. */
function lost(page: Page, times = 1) {
  return page.waitForFunction(
    (wanted) => window.heard.filter((word) => word === 'lost').length === wanted,
    times,
    { timeout: 120_000 },
  );
}

const hash = (page: Page) => page.evaluate(() => window.baton?.hash());
const notices = (page: Page) => page.locator('.notices');

async function exported(page: Page): Promise<Buffer> {
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'Model, with its tokenizer' }).click(),
  ]);
  const chunks: Buffer[] = [];
  for await (const chunk of await download.createReadStream()) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

test('a device lost at any kind of work, or refused for a while, changes no byte and needs no reload', async ({
  page,
}) => {
  test.setTimeout(600_000);
  await watch(page);
  await openLab(page, LINK);
  await page.locator('[data-fold="export"] > summary').click();

  await test.step('what a run gives that nothing happens to', async () => {
    await control(page, 'Run').click();
    await waitForState(page, 'finished');
  });
  const undisturbed = await hash(page);
  const model = await exported(page);
  await control(page, 'Reset').click();

  await test.step('while nothing runs, while preparing, and while compiling', async () => {
    await tell(page, { lose: ['now', 'buffer', 'compile'] });
    await control(page, 'Step').click();
    await lost(page, 3);
    await waitForState(page, 'paused');
    await expect(notices(page)).toBeHidden();
  });

  await test.step('while generating, and while training', async () => {
    await tell(page, { lose: ['sample'] });
    await control(page, 'Step').click();
    await lost(page);
    await waitForState(page, 'paused');
    await tell(page, { lose: ['adamw'] });
    await control(page, 'Run').click();
    await lost(page);
    await waitForState(page, 'finished');
    expect(await hash(page)).toBe(undisturbed);
    await expect(notices(page)).toBeHidden();
  });

  await test.step('while evaluating, and while exporting', async () => {
    const panel = page.getByRole('region', { name: 'Evaluation' });
    await panel.getByLabel('Questions', { exact: true }).selectOption('16');
    await panel.getByLabel('Answers to each').selectOption('4');
    await tell(page, { lose: ['sample'] });
    await panel.getByRole('button', { name: 'Evaluate now' }).click();
    await lost(page);
    await expect(page.getByRole('slider', { name: /^Maj@k/ })).toHaveAttribute(
      'aria-valuetext',
      /before training \d.*step 3 \d/,
      { timeout: 240_000 },
    );
    await tell(page, { lose: ['read'] });
    expect((await exported(page)).equals(model)).toBe(true);
    await lost(page);
  });

  await test.step('where no other device can be had for a while', async () => {
    await control(page, 'Reset').click();
    await control(page, 'Step').click();
    await waitForState(page, 'paused');
    await tell(page, { refuse: true, lose: ['adamw'] });
    await control(page, 'Run').click();
    await expect(notices(page)).toContainText('The GPU was lost and could not be had again');
    await expect(notices(page)).toContainText('The steps up to 1 are kept in this page.');
    await expect(notices(page).getByRole('button', { name: /^Reload/ })).toBeVisible();
    await tell(page, { refuse: false });
    await notices(page).getByRole('button', { name: 'Go on' }).click();
    await waitForState(page, 'finished');
    expect(await hash(page)).toBe(undisturbed);
  });

  await test.step('where there is none before the first step', async () => {
    await tell(page, { refuse: true, lose: ['now'] });
    await control(page, 'Reset').click();
    await control(page, 'Run').click();
    await expect(notices(page)).toContainText('No step is lost.');
    await tell(page, { refuse: false });
    await notices(page).getByRole('button', { name: 'Start again' }).click();
    await waitForState(page, 'finished');
    expect(await hash(page)).toBe(undisturbed);
  });
});

test('a device lost while a discriminator learns changes no row of its run', async ({ page }) => {
  test.setTimeout(600_000);
  await watch(page);
  await openLab(page, LEARNED_REWARD);
  await control(page, 'Run').click();
  await waitForState(page, 'finished');
  const undisturbed = await hash(page);
  await control(page, 'Reset').click();
  await control(page, 'Step').click();
  await waitForState(page, 'paused');
  // The discriminator updates first. The second loss is while the lost step is repeated.
  await tell(page, { lose: ['adamw', 'adamw'] });
  await control(page, 'Run').click();
  await lost(page, 2);
  await waitForState(page, 'finished');
  expect(await hash(page)).toBe(undisturbed);
  await expect(notices(page)).toBeHidden();
});

test('where no other device can be had, a reload goes on from what was kept, with the same bits', async ({
  page,
}) => {
  test.setTimeout(600_000);
  await watch(page);
  await page.addInitScript(() =>
    localStorage.setItem('baton.preferences', JSON.stringify({ keepEvery: 1 })),
  );
  await openLab(page, LINK);
  await control(page, 'Run').click();
  await waitForState(page, 'finished');
  const undisturbed = await hash(page);
  await control(page, 'Reset').click();

  await control(page, 'Step').click();
  await waitForState(page, 'paused');
  await tell(page, { refuse: true, lose: ['adamw'] });
  await control(page, 'Run').click();
  await expect(notices(page)).toContainText('a run that is kept goes on from its last checkpoint');
  // The new page has a new worker, which is told to refuse nothing.
  await Promise.all([
    page.waitForEvent('load'),
    notices(page).getByRole('button', { name: 'Reload the page' }).click(),
  ]);
  await page.waitForFunction(() => window.baton?.adapter != null);
  const unfinished = page.getByRole('status').filter({ hasText: 'was not finished' });
  await unfinished.getByRole('button', { name: 'Resume' }).click();
  await waitForState(page, 'finished');
  expect(await hash(page)).toBe(undisturbed);
});
