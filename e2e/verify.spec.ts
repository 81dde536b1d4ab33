/** From several runs to a figure that somebody else verifies: bundles in one file, opened in another browser, run again and compared there. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type BrowserContext, expect, type Page, test } from '@playwright/test';
import { control, openLab, waitForState } from './page.ts';

const link = (seed: number) =>
  `#v=1&preset=chain-minute&seed=${seed}&steps=3&num_generations=2&prompts_per_step=1&max_completion_length=12&evaluation.every=1&evaluation.prompts=4&evaluation.samples=1`;

const folder = mkdtempSync(join(tmpdir(), 'baton-verify-'));
test.afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function keepEveryStep(context: BrowserContext): Promise<void> {
  await context.addInitScript(() =>
    localStorage.setItem('baton.preferences', JSON.stringify({ keepEvery: 1 })),
  );
}

async function toRuns(page: Page): Promise<void> {
  await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Runs' }).click();
}

const verification = (page: Page) => page.getByRole('region', { name: 'Verify' });

test('two seeds are bundled in one file, verified here, and verified and compared in another profile', async ({
  browser,
  context,
}) => {
  test.setTimeout(900_000);
  await keepEveryStep(context);
  const page = await context.newPage();
  for (const seed of [1, 2]) {
    await openLab(page, link(seed));
    await page.reload();
    await page.waitForFunction(() => window.baton?.adapter != null);
    await control(page, 'Run').click();
    await waitForState(page, 'finished');
  }
  await toRuns(page);
  await expect(page.locator('tr[data-group]')).toHaveCount(1);
  await page.locator('tr[data-group]').getByRole('checkbox').check();
  const panel = page.getByRole('complementary', { name: 'Comparison' });
  await panel.getByText('Bars').click();
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    panel.getByRole('button', { name: 'Export 2 bundles' }).click(),
  ]);
  expect(download.suggestedFilename()).toMatch(/-bundles\.tar$/);
  const path = join(folder, download.suggestedFilename());
  await download.saveAs(path);
  await panel.getByRole('button', { name: 'Verify 2 runs' }).click();
  await expect(verification(page)).toContainText('2 of 2 runs equal in every row', {
    timeout: 300_000,
  });
  // What is verified here is here already.
  await expect(page.locator('tr[data-group]')).toContainText('two seeds');

  const elsewhere = await browser.newContext();
  const other = await elsewhere.newPage();
  await openLab(other, '');
  await toRuns(other);
  await other.getByLabel('Bundles, or files that hold several').setInputFiles(path);
  await expect(verification(other)).toContainText('2 to go');
  await verification(other).getByRole('button', { name: 'Verify' }).click();
  await expect(verification(other)).toContainText('2 of 2 runs equal in every row', {
    timeout: 300_000,
  });
  await expect(other.locator('tr[data-group]')).toContainText('two seeds');
  await expect(other.locator('tr[data-group]')).toContainText('done');
  await elsewhere.close();
});
