/** The recorded run that a page shows before anything has run: with and without WebGPU, and gone once something runs. */
import AxeBuilder from '@axe-core/playwright';
import { expect, type Page, test } from '@playwright/test';
import { control, hideWebGpu, metrics, SMALL_LINK, waitForSteps } from './page.ts';

const OPENING = { timeout: 60_000 };
const recording = (page: Page) => page.getByRole('complementary', { name: 'Recording' });

/** What the charts and the samples show of it. */
async function expectShown(page: Page): Promise<void> {
  await expect(recording(page)).toContainText(/recorded on \d+ \w+ 20\d\d/, OPENING);
  await expect(page.locator('[data-chart="reward"] path').first()).toBeAttached();
  await expect(page.locator('.caption').first()).toBeVisible();
  await expect(page.locator('.samplelist .strip').first()).toBeVisible();
}

test('the page explains itself before anything is pressed, and counts no run', async ({ page }) => {
  await page.goto('./');
  await expectShown(page);
  const state = () =>
    page.evaluate(() => ({
      state: window.baton?.state,
      rows: window.baton?.metrics().length,
      runs: window.baton?.runs().length,
      hash: window.baton?.hash(),
    }));
  expect(await state()).toEqual({ state: 'idle', rows: 0, runs: 0, hash: '' });
  await expect(control(page, 'Reset')).toBeDisabled();
  await expect(page.locator('.caption')).toHaveCount(3);
});

test('Run takes its place, and a reset does not bring it back', async ({ page }) => {
  await page.goto('./');
  await expectShown(page);
  await page.evaluate((hash) => {
    // A smaller run of the same preset, as somebody would set it in the panel.
    location.hash = hash;
  }, SMALL_LINK);
  await expect(recording(page)).toBeHidden();
  await control(page, 'Run').click();
  await waitForSteps(page, 1);
  expect((await metrics(page))[0].step).toBe(1);
  await control(page, 'Pause').click();
  await page.waitForFunction(() => window.baton?.state === 'paused', null, { timeout: 120_000 });
  await control(page, 'Reset').click();
  await expect(recording(page)).toBeHidden();
});

test('without WebGPU it is there too, says what is missing, and leads to the losses', async ({
  page,
}) => {
  await hideWebGpu(page);
  await page.goto('./');
  await expectShown(page);
  await expect(page.getByRole('heading', { level: 1 })).toContainText('It has no WebGPU');
  await expect(page.getByRole('button', { name: 'Run', exact: true })).toHaveCount(0);
  await page.getByRole('button', { name: 'What is missing' }).click();
  await expect(page.getByRole('row', { name: /^missing/ })).toContainText('navigator.gpu');
  await page.getByRole('button', { name: 'Back to the recording' }).click();
  await expectShown(page);
  await page.getByRole('link', { name: 'These answers under every loss' }).click();
  await expect(page.getByRole('heading', { name: /^The group/ })).toBeVisible(OPENING);
});

test('an address that asks for an experiment shows none', async ({ page }) => {
  await page.goto(`./${SMALL_LINK}`);
  await expect(control(page, 'Run')).toBeEnabled(OPENING);
  await page.waitForFunction(() => window.baton?.adapter != null);
  // The recording is asked for once the adapter is known; nobody asks.
  const asked = page.waitForRequest(/recordings\//, { timeout: 3000 }).catch(() => null);
  expect(await asked).toBeNull();
  await expect(recording(page)).toBeHidden();
});

test('hidden, it stays hidden until the help brings it back', async ({ page }) => {
  await hideWebGpu(page);
  await page.goto('./');
  await expectShown(page);
  await recording(page).getByRole('button', { name: 'Hide' }).click();
  await expect(page.getByRole('row', { name: /^missing/ })).toBeVisible();
  await page.reload();
  await expect(page.getByRole('row', { name: /^missing/ })).toBeVisible(OPENING);
  await expect(recording(page)).toBeHidden();
  await page.getByRole('button', { name: 'Keyboard and help' }).click();
  await page.getByLabel('Show a recorded run when the page opens').check();
  await page.reload();
  await expectShown(page);
});

for (const [colorScheme, width] of [
  ['light', 1280],
  ['dark', 390],
] as const) {
  test(`it is accessible and fits, in ${colorScheme} at ${width}`, async ({ page }) => {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    await page.setViewportSize({ width, height: 844 });
    await hideWebGpu(page);
    await page.goto('./');
    await expect(recording(page)).toBeVisible(OPENING);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(width);
    const { violations } = await new AxeBuilder({ page }).analyze();
    const serious = violations.filter(
      ({ impact }) => impact === 'serious' || impact === 'critical',
    );
    expect(serious.map(({ id }) => id)).toEqual([]);
  });
}
