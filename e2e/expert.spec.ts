import { expect, test } from '@playwright/test';
import { control, metrics, openLab, waitForState } from './page.ts';

/** A sum of two or three numbers, two steps, no evaluation. */
const LINK =
  '#v=1&preset=chain-minute&seed=3&steps=2&num_generations=4&prompts_per_step=2&evaluation.every=0';

test('a method without rewards is chosen and run: a loss, what the expert wrote, nothing of rewards', async ({
  page,
}) => {
  await openLab(page, LINK);
  await expect(page.locator('[data-chart="reward"]')).toBeVisible();
  await page.getByLabel('Method', { exact: true }).selectOption({ label: 'SFT' });
  await expect(page.getByText('SFT does not use the reward terms.')).toBeVisible();
  await expect(page.locator('[data-fold="expert"]')).toBeVisible();

  await control(page, 'Run').click();
  await waitForState(page, 'finished');
  const rows = await metrics(page);
  expect(rows).toHaveLength(2);
  for (const row of rows) {
    expect(row.loss).toBeGreaterThan(0);
    expect(row).not.toHaveProperty('reward');
  }
  const loss = page.locator('[data-chart="loss"]');
  await expect(loss).toBeVisible();
  await expect(loss).toContainText('Mean negative log-likelihood of a token of the expert.');
  await expect(page.locator('[data-chart="reward"], [data-chart^="rewards/"]')).toHaveCount(0);

  const samples = page.getByRole('complementary', { name: 'Samples' });
  await expect(samples).toContainText('What the expert wrote.');
  await expect(samples.locator('.sample')).toHaveCount(1);
  await expect(samples).not.toContainText(/reward|advantage|NaN/);
});
