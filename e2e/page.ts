/** Helpers that all journeys share: a small experiment as a link, and access to the page through window.baton. */
import { expect, type Page } from '@playwright/test';
import type { MetricsRow } from '../src/rl/records.ts';

/** A run small enough for a software adapter: two questions with four answers each, no evaluation. */
export const SMALL_LINK =
  '#v=1&preset=countdown-grpo&seed=3&steps=40&num_generations=4&prompts_per_step=2&max_completion_length=24&evaluation.every=0';

/** How long a busy machine may take to open the page, in milliseconds. Other limits apply to an open page. */
const OPENING = 60_000;

/**
 * Opens the page with an experiment in the address and waits until the adapter is known. Nothing is compiled ahead: most journeys train
 * nothing, and those that do wait for their kernels either way. page-opens.spec.ts opens it as a person does.
 */
export async function openLab(page: Page, hash = SMALL_LINK): Promise<void> {
  await page.goto(`./?ahead=off${hash}`);
  await expect(page.getByRole('button', { name: 'Run', exact: true })).toBeEnabled({
    timeout: OPENING,
  });
  await page.waitForFunction(() => window.baton?.adapter != null);
}

export function metrics(page: Page): Promise<MetricsRow[]> {
  return page.evaluate(() => window.baton?.metrics() ?? []);
}

/** Waits until at least `count` steps are recorded. */
export async function waitForSteps(page: Page, count: number): Promise<void> {
  await page.waitForFunction((least) => (window.baton?.metrics().length ?? 0) >= least, count, {
    timeout: 120_000,
  });
}

export async function waitForState(page: Page, state: string): Promise<void> {
  await page.waitForFunction((wanted) => window.baton?.state === wanted, state, {
    timeout: 120_000,
  });
}

/** A button of the run bar. */
export function control(page: Page, name: 'Run' | 'Pause' | 'Step' | 'Reset') {
  return page
    .getByRole('group', { name: 'Run controls' })
    .getByRole('button', { name, exact: true });
}

/** Hides WebGPU from the page. A worker has its own navigator, so its script is changed to do the same. */
export async function hideWebGpu(page: Page): Promise<void> {
  const hide =
    'Object.defineProperty(Object.getPrototypeOf(navigator), "gpu", { get: undefined, configurable: true }); delete Object.getPrototypeOf(navigator).gpu;';
  await page.addInitScript(hide);
  await page.route(/worker[^/]*\.(js|ts)(\?.*)?$/, async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, body: `${hide}\n${await response.text()}` });
  });
}
