/** Ways of writing: three runs of a preset, the chips of answers, the charts of dialects and chatter, and the pair in the microscope. */
import { expect, test } from '@playwright/test';
import { control, openLab, waitForState } from './page.ts';

const SMALL =
  '&seed=3&steps=2&num_generations=4&prompts_per_step=2&evaluation.every=0&rewards.1.scratch_samples=0';

test('two dialects: three runs, a chip on every answer, shares on one chart, and a control that pays another answer’s reward', async ({
  page,
}) => {
  await openLab(page, `#v=1&preset=two-dialects${SMALL}`);
  await expect(page.getByText('3 runs. RLVR is the same run')).toBeVisible();
  await control(page, 'Run').click();
  await waitForState(page, 'finished');
  const runs = page.getByRole('list', { name: 'Runs' }).getByRole('button');
  await expect(runs).toHaveText([/RLTR.*done/, /RLVR.*done/, /Permuted.*done/]);

  const shares = await page.evaluate(() => {
    const [row] = window.baton?.metrics() ?? [];
    const names = Object.keys(row).filter((name) => /^dialects\/[a-z]+$/.test(name));
    return names.reduce((sum, name) => sum + Number(row[name]), 0);
  });
  expect(shares).toBeCloseTo(1, 6);
  await page.locator('[data-chart="dialects"]').scrollIntoViewIfNeeded();
  await expect(page.locator('[data-chart="dialects"] .lines .ln').first()).toBeAttached();
  await expect(page.getByText('put into the warm start on purpose').first()).toBeVisible();

  const samples = page.getByRole('complementary', { name: 'Samples' });
  await expect(samples.locator('.badge.dialect').first()).toHaveText(
    /^(Public|Private|From the right|Leaps|Other)$/,
  );
  await samples.locator('.samplerun label', { hasText: 'Permuted' }).click();
  await expect(samples.getByText(/permuted/i).first()).toBeVisible();
});

test('chatter: its share has a chart, and its tokens are quiet', async ({ page }) => {
  await openLab(page, `#v=1&preset=chatter${SMALL.replace(/&rewards.*/, '')}`);
  await control(page, 'Run').click();
  await waitForState(page, 'finished');
  await page.locator('[data-chart="chatter"]').scrollIntoViewIfNeeded();
  await expect(page.locator('[data-chart="chatter"] .lines .ln').first()).toBeAttached();
  const samples = page.getByRole('complementary', { name: 'Samples' });
  await expect(samples.locator('.tok.chatter').first()).toBeAttached();
});

test('the presets whose task shows nothing stand under a heading that says so', async ({
  page,
}) => {
  await openLab(page);
  const shelf = page.locator('#preset optgroup[label="Where nothing shows"] option');
  await expect(shelf).toHaveText(['RLTR against RLVR', 'SA-GRPO against GRPO']);
  const first = page.locator('#preset optgroup').nth(1).locator('option');
  await expect(first).toHaveText([
    /^Two dialects/,
    /^The private one/,
    /^Rare answers/,
    /^Chatter/,
  ]);
});
