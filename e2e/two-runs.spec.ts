/** Two runs side by side: one preset, one Run, two curves on every chart. */
import { expect, test } from '@playwright/test';
import { control, openLab, waitForState } from './page.ts';

/** Three steps of both runs, small enough for a software adapter. */
const SMALL_PAIR =
  '#v=1&preset=rltr-against-rlvr&seed=3&steps=3&num_generations=4&prompts_per_step=2&evaluation.every=0';

test('the preset runs both live: two lines on the charts, rows and samples of each', async ({
  page,
}) => {
  await openLab(page);
  await page.getByLabel('Preset').selectOption('rltr-against-rlvr');
  await expect(page.getByText('2 runs. RLVR is the same run')).toBeVisible();

  await openLab(page, SMALL_PAIR);
  await page.reload();
  await page.waitForFunction(() => window.baton?.adapter != null);
  await control(page, 'Step').click();
  await waitForState(page, 'paused');
  const after = () =>
    page.evaluate(() => {
      const { metrics, hash, against } = window.baton ?? {};
      const other = against?.() ?? null;
      return {
        steps: metrics?.().map(({ step }) => step),
        otherSteps: other?.metrics.map(({ step }) => step),
        equal: hash?.() === other?.hash,
        paid: [window.baton?.experiment, other?.experiment].map((one) => one?.rewards[2]?.weight),
      };
    });
  expect(await after()).toEqual({ steps: [1], otherSteps: [1], equal: false, paid: [0.5, 0] });

  await control(page, 'Run').click();
  await waitForState(page, 'finished');
  expect(await after()).toMatchObject({ steps: [1, 2, 3], otherSteps: [1, 2, 3] });

  for (const chart of ['reward', 'rewards/transfer', 'transfer-reward', 'entropy']) {
    // Charts draw while they are in view.
    await page.locator(`[data-chart="${chart}"]`).scrollIntoViewIfNeeded();
    const lines = page.locator(`[data-chart="${chart}"] .lines`);
    await expect(lines.locator('.ln.r1:not(.raw)').first()).toBeAttached();
    await expect(lines.locator('.ln.r2:not(.raw)').first()).toBeAttached();
  }
  const readout = page.locator('[data-chart="reward"] .readout dt');
  await expect(readout).toHaveText(['RLTR', 'RLVR']);
  for (const name of ['RLTR', 'RLVR']) {
    await expect(page.getByRole('button', { name: `${name} done` })).toBeVisible();
  }

  const samples = page.getByRole('complementary', { name: 'Samples' });
  const firstAnswers = () => samples.locator('.strip').allTextContents();
  const ofFirst = await firstAnswers();
  await expect(samples.locator('.samplelist .cutmark')).toHaveCount(4);
  await expect(samples.locator('.handed').first()).toContainText(/τ \d\.\d\d, policy/);
  await samples.getByRole('radio', { name: 'RLVR' }).check();
  await expect.poll(firstAnswers).not.toEqual(ofFirst);

  const files: string[] = [];
  page.on('download', (download) => files.push(download.suggestedFilename()));
  await page.locator('[data-fold="export"] > summary').click();
  await page.getByRole('button', { name: 'Metrics, CSV' }).click();
  await expect
    .poll(() => files.toSorted())
    .toEqual(['rltr-against-rlvr-rltr-metrics.csv', 'rltr-against-rlvr-rlvr-metrics.csv']);
});
