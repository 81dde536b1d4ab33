/** From a run to a comparison without a pointer: what Tab does not reach is not used. */
import { expect, type Locator, type Page, test } from '@playwright/test';
import { control, openLab, waitForState, waitForSteps } from './page.ts';

const TINY =
  '#v=1&preset=chain-minute&seed=1&steps=2&num_generations=2&prompts_per_step=2&max_completion_length=12&evaluation.every=0';

/** More controls than the page has. */
const MOST_TABS = 300;

/** Presses Tab, or Shift and Tab, until the focus is there. */
async function tabTo(page: Page, target: Locator, key: 'Tab' | 'Shift+Tab' = 'Tab'): Promise<void> {
  await expect(target).toBeVisible();
  for (let pressed = 0; pressed < MOST_TABS; pressed += 1) {
    await page.keyboard.press(key);
    if (await target.evaluate((element) => element === document.activeElement)) return;
  }
  throw new Error(`${key} does not reach ${target}`);
}

async function press(page: Page, ...keys: readonly string[]): Promise<void> {
  for (const key of keys) await page.keyboard.press(key);
}

test('runs are started, read and compared by keyboard alone', async ({ page }) => {
  test.setTimeout(360_000);
  await page.addInitScript(() =>
    localStorage.setItem('baton.preferences', JSON.stringify({ keepEvery: 1 })),
  );
  await openLab(page, TINY);
  await press(page, 'Space');
  await waitForState(page, 'finished');

  await test.step('a preset is chosen and discarded, and a longer run takes the place of the first', async () => {
    const preset = page.getByLabel('Preset', { exact: true });
    await tabTo(page, preset);
    await press(page, 'ArrowDown');
    await expect(preset).not.toHaveValue('chain-minute');
    await tabTo(page, page.getByRole('button', { name: 'Discard' }));
    await press(page, 'Enter');
    await expect(preset).toHaveValue('chain-minute');
    const steps = page.getByLabel('Steps', { exact: true });
    await tabTo(page, steps);
    // Tab has selected what stands there.
    await press(page, '3', 'Enter');
    await expect(steps).toHaveValue('3');
    await tabTo(page, control(page, 'Run'), 'Shift+Tab');
    await press(page, 'Enter');
    await waitForSteps(page, 3);
    await waitForState(page, 'finished');
  });

  await test.step('a chart’s table', async () => {
    const options = page.getByRole('button', { name: 'Reward: options' });
    await tabTo(page, options);
    await press(page, 'Enter');
    await tabTo(page, page.getByRole('button', { name: 'Data table' }));
    await press(page, 'Enter');
    const table = page.getByRole('dialog', { name: 'Reward' });
    await expect(table.getByRole('rowheader')).toHaveText(['1', '2', '3']);
    await press(page, 'Escape');
    await expect(table).toBeHidden();
    await expect(options).toBeFocused();
  });

  await test.step('the samples of a step, and of the next question', async () => {
    const samples = page.getByRole('complementary', { name: 'Samples' });
    await press(page, 'Home', 'ArrowRight');
    await expect(samples.getByRole('status').filter({ hasText: 'step 2' })).toBeVisible();
    await expect(samples.getByText('1 of 2', { exact: true })).toBeVisible();
    await press(page, ']');
    await expect(samples.getByText('2 of 2', { exact: true })).toBeVisible();
  });

  await test.step('Runs, and two of them compared', async () => {
    const runs = page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Runs' });
    await tabTo(page, runs, 'Shift+Tab');
    await press(page, 'Enter');
    await tabTo(page, page.locator('tr[data-group]').first());
    await press(page, 'x', 'ArrowDown', 'x');
    const comparison = page.getByRole('complementary', { name: 'Comparison' });
    await expect(comparison.locator('.finding')).toContainText('too few');
    await press(page, '?');
    const keys = page.getByRole('dialog').getByRole('table', { name: 'Runs' });
    await expect(keys).toContainText('Compare, or no longer');
  });
});
