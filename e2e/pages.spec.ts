import { expect, test } from '@playwright/test';
import { control, openLab, SMALL_LINK, waitForState, waitForSteps } from './page.ts';

test('another page has an address of its own, and the run goes on behind it', async ({ page }) => {
  await openLab(page);
  await control(page, 'Run').click();
  await waitForSteps(page, 1);
  const fold = page.locator('.setup details').first();
  const open = await fold.evaluate((element: HTMLDetailsElement) => element.open);
  await fold.locator('> summary').click();

  const main = page.getByRole('navigation', { name: 'Main' });
  await main.getByRole('link', { name: 'Microscope' }).click();
  await expect(page).toHaveURL(/\?page=microscope#v=1/);
  await expect(page.getByRole('heading', { level: 1, name: 'Microscope' })).toBeFocused();
  await expect(main.getByRole('link', { name: 'Microscope' })).toHaveAttribute(
    'aria-current',
    'page',
  );
  await expect(control(page, 'Pause')).toBeHidden();
  const steps = await page.evaluate(() => window.baton?.metrics().length ?? 0);
  await waitForSteps(page, steps + 1);

  // The lab's keys do nothing on this page.
  await page.keyboard.press(' ');
  await page.keyboard.press('.');
  expect(await page.evaluate(() => window.baton?.state)).toBe('running');

  await page.goBack();
  await expect(page).toHaveURL(new RegExp(`/\\?ahead=off${SMALL_LINK.slice(0, 20)}`));
  await expect(control(page, 'Pause')).toBeVisible();
  expect(await fold.evaluate((element: HTMLDetailsElement) => element.open)).toBe(!open);
  await control(page, 'Pause').click();
  await waitForState(page, 'paused');
  await page.goForward();
  await expect(page.getByRole('heading', { level: 1, name: 'Microscope' })).toBeVisible();
});

test('the address of a page opens it, and one that does not exist opens the lab', async ({
  page,
}) => {
  await page.goto('./?page=microscope');
  await expect(page.getByRole('heading', { level: 1, name: 'Microscope' })).toBeVisible();
  await expect(page).toHaveTitle('Microscope · Baton');
  await page.goto('./?page=nothing');
  await expect(page.getByRole('button', { name: 'Run', exact: true })).toBeVisible();
});
