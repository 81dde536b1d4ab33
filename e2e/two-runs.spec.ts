/** Runs side by side: one preset, one Run, a curve of each on every chart. */
import { expect, test } from '@playwright/test';
import { control, openLab, waitForState } from './page.ts';

/** Three steps of each run, small enough for a software adapter. */
const SMALL =
  '#v=1&preset=rltr-against-rlvr&seed=3&steps=3&num_generations=2&prompts_per_step=1&evaluation.every=0&rewards.2.reliability_questions=0';

test('the preset runs all three live: a line of each on the charts, rows and samples of each', async ({
  page,
}) => {
  // Three runs take turns, each with its receiver.
  test.setTimeout(300_000);
  await openLab(page);
  await page.getByLabel('Preset').selectOption('rltr-against-rlvr');
  await expect(page.getByText('3 runs. RLVR is the same run')).toBeVisible();

  await openLab(page, SMALL);
  await page.reload();
  await page.waitForFunction(() => window.baton?.adapter != null);
  await control(page, 'Step').click();
  await waitForState(page, 'paused');
  const after = () =>
    page.evaluate(() =>
      window.baton?.runs().map(({ label, metrics, experiment: { rewards } }) => ({
        ...{ label, steps: metrics.map(({ step }) => step) },
        ...{ paid: rewards[2]?.weight, permuted: rewards[2]?.permuted },
      })),
    );
  const three = (steps: readonly number[]) => [
    { label: 'RLTR', steps, paid: 0.25, permuted: false },
    { label: 'RLVR', steps, paid: 0, permuted: false },
    { label: 'Permuted', steps, paid: 0.25, permuted: true },
  ];
  expect(await after()).toEqual(three([1]));

  await control(page, 'Run').click();
  await waitForState(page, 'finished');
  expect(await after()).toEqual(three([1, 2, 3]));

  for (const chart of ['reward', 'rewards/transfer', 'transfer-reward', 'entropy']) {
    // Charts are drawn only while they are in view.
    await page.locator(`[data-chart="${chart}"]`).scrollIntoViewIfNeeded();
    const lines = page.locator(`[data-chart="${chart}"] .lines`);
    await expect(lines.locator('.ln.r1:not(.raw)').first()).toBeAttached();
    await expect(lines.locator('.ln.r2:not(.raw)').first()).toBeAttached();
    await expect(lines.locator('.ln.r3:not(.raw)').first()).toBeAttached();
  }
  const readout = page.locator('[data-chart="reward"] .readout dt');
  await expect(readout).toHaveText(['RLTR', 'RLVR', 'Permuted']);
  await expect(page.getByRole('list', { name: 'Runs' }).getByRole('button')).toHaveText([
    /RLTR.*done/,
    /RLVR.*done/,
    /Permuted.*done/,
  ]);

  const samples = page.getByRole('complementary', { name: 'Samples' });
  for (const name of ['RLVR', 'Permuted', 'RLTR']) {
    await samples.locator('.samplerun label', { hasText: name }).click();
    await expect(samples.getByRole('radio', { name })).toBeChecked();
    await expect(samples.locator('.samplelist .cutmark')).toHaveCount(2);
    await expect(samples.locator('.handed').first()).toContainText(/τ \d\.\d\d, policy/);
  }

  const files: string[] = [];
  page.on('download', (download) => files.push(download.suggestedFilename()));
  await page.locator('[data-fold="export"] > summary').click();
  await page.getByRole('button', { name: 'Metrics, CSV' }).click();
  await expect
    .poll(() => files.toSorted())
    .toEqual([
      'rltr-against-rlvr-permuted-seed-3-metrics.csv',
      'rltr-against-rlvr-rltr-seed-3-metrics.csv',
      'rltr-against-rlvr-rlvr-seed-3-metrics.csv',
    ]);
});

test('a script runs three seeds side by side: each has a line, which can be hidden, and the rows that it has alone', async ({
  page,
}) => {
  await openLab(page);
  const hashes = await page.evaluate(async () => {
    const { baton } = window;
    if (!baton) throw new Error('no lab');
    const small = { num_generations: 2, prompts_per_step: 2, max_completion_length: 24 };
    const about = { task: { id: 'chain' }, policy: 'policies/chain-nano', method: small };
    const seeds = [1, 2, 3].map((seed) => ({
      ...{ ...about, seed, steps: 2, evaluation: { every: 0 } },
    }));
    await baton.run(seeds[1]);
    const single = baton.hash();
    await baton.runGroup(seeds);
    return { single, group: baton.runs().flatMap(({ present, hash }) => (present ? [hash] : [])) };
  });
  expect(hashes.group).toHaveLength(3);
  expect(hashes.group[1]).toBe(hashes.single);
  const runs = page.getByRole('list', { name: 'Runs' }).getByRole('button');
  await expect(runs).toHaveText([/Seed 1.*done/, /Seed 2.*done/, /Seed 3.*done/]);
  const lines = page.locator('[data-chart="reward"] .lines');
  await expect(lines.locator('.ln.r3:not(.raw)').first()).toBeAttached();
  await runs.nth(2).click();
  await expect(lines.locator('.ln.r3:not(.raw)')).toHaveCount(0);
  await expect(lines.locator('.ln.r2:not(.raw)').first()).toBeAttached();
});
