import { expect, test } from '@playwright/test';
import { seriousProblems } from './axe.ts';
import { control, openLab, SMALL_LINK, waitForState, waitForSteps } from './page.ts';

for (const colorScheme of ['light', 'dark'] as const) {
  test.describe(`in ${colorScheme}`, () => {
    test.use({ colorScheme });

    test('the lab has no serious accessibility problem before, during and after a pause', async ({
      page,
    }) => {
      await openLab(page);
      expect(await seriousProblems(page)).toEqual([]);
      await control(page, 'Run').click();
      await waitForSteps(page, 2);
      await control(page, 'Pause').click();
      await waitForState(page, 'paused');
      for (const fold of await page.locator('.setup details > summary').all()) await fold.click();
      await page.getByLabel('Preset').selectOption('countdown-kl');
      await expect(page.getByText('Draft differs from the run')).toBeVisible();
      expect(await seriousProblems(page)).toEqual([]);
      await page.getByRole('link', { name: 'Runs' }).click();
      await expect(page.getByText(/^seed \d+ open$/)).toBeVisible();
      await page
        .getByRole('button', { name: /^Seeds of/ })
        .first()
        .click();
      await page
        .getByRole('checkbox', { name: /^Compare/ })
        .first()
        .check();
      await page.getByRole('button', { name: 'New sweep' }).click();
      expect(await seriousProblems(page)).toEqual([]);
      await page.getByRole('link', { name: 'Glossary' }).click();
      await page.getByRole('searchbox').fill('clip');
      await expect(page.getByRole('heading', { name: 'Clipped tokens' })).toBeVisible();
      expect(await seriousProblems(page)).toEqual([]);
    });

    test('dialogs and notices have no serious accessibility problem', async ({ page }) => {
      await openLab(page, '');
      await page.evaluate(() => {
        location.hash = '#v=1&preset=nothing';
      });
      await expect(page.locator('.notice')).toBeVisible();
      await page.keyboard.press('?');
      await expect(page.getByRole('dialog')).toBeVisible();
      expect(await seriousProblems(page)).toEqual([]);
      await page.keyboard.press('Escape');
      expect(await seriousProblems(page)).toEqual([]);
    });
  });
}

test('focus returns to what opened the help', async ({ page }) => {
  await openLab(page, '');
  const opener = page.getByRole('button', { name: 'Keyboard and help' });
  await opener.focus();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('dialog')).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(opener).toBeFocused();
});

test('on a phone one pane shows at a time and nothing trains before Run', async ({ page }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  await openLab(page);
  const panes = page.getByRole('navigation', { name: 'Panes' });
  await panes.getByRole('button', { name: 'Setup' }).click();
  await expect(page.getByLabel('Preset')).toBeVisible();
  await expect(page.locator('#charts')).toBeHidden();
  await panes.getByRole('button', { name: 'Samples' }).click();
  await expect(page.getByLabel('Preset')).toBeHidden();
  await expect(page.locator('#samples')).toBeVisible();
  expect(await page.evaluate(() => window.baton?.state)).toBe('idle');
  for (const pane of ['Setup', 'Charts', 'Samples']) {
    await panes.getByRole('button', { name: pane }).click();
    expect(await seriousProblems(page)).toEqual([]);
  }
  const width = await page.evaluate(() => document.documentElement.scrollWidth);
  expect(width).toBeLessThanOrEqual(390);
});

test('on a touch phone the GPU is left alone until a person presses Run', async ({ browser }) => {
  const context = await browser.newContext({
    viewport: { width: 390, height: 844 },
    hasTouch: true,
    isMobile: true,
  });
  const page = await context.newPage();
  await page.goto(`./${SMALL_LINK}`);
  const line = page.getByText('Nothing is computed on this device before you press');
  await expect(line).toBeVisible({ timeout: 60_000 });
  // What opens the GPU would have said so by the time at which the page shows its answers.
  const panes = page.getByRole('navigation', { name: 'Panes' });
  await panes.getByRole('button', { name: 'Samples' }).click();
  expect(await page.evaluate(() => window.baton?.adapter ?? null)).toBeNull();
  await panes.getByRole('button', { name: 'Charts' }).click();
  await page.getByRole('button', { name: 'Run', exact: true }).click();
  await expect(line).toBeHidden();
  await page.waitForFunction(() => window.baton?.adapter != null);
  await context.close();
});
