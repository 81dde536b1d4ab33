/** A run as one file: taken home, looked at without a GPU, and verified in another browser profile. */
import { readFile } from 'node:fs/promises';
import { expect, type Page, test } from '@playwright/test';
import { control, hideWebGpu, openLab } from './page.ts';

const LINK =
  '#v=1&preset=chain-minute&seed=5&steps=3&num_generations=2&prompts_per_step=1&max_completion_length=12&evaluation.every=0';
const RUN = 400_000;

/** Drops a file on the window, as from a folder. */
async function drop(page: Page, name: string, bytes: Buffer): Promise<void> {
  await page.evaluate(
    ({ name, text }) => {
      const data = new DataTransfer();
      data.items.add(new File([Uint8Array.from(atob(text), (c) => c.charCodeAt(0))], name));
      window.dispatchEvent(new DragEvent('drop', { dataTransfer: data, cancelable: true }));
    },
    { name, text: bytes.toString('base64') },
  );
}

test('a run is taken home, read without a GPU, and verified by somebody else', async ({
  page,
  browser,
}) => {
  test.setTimeout(3 * RUN);
  await openLab(page, LINK);
  await control(page, 'Run').click();
  await page.waitForFunction(() => window.baton?.state === 'finished', null, { timeout: RUN });
  const hash = await page.evaluate(() => window.baton?.hash());
  await page.locator('[data-fold="export"] > summary').click();
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: /^Bundle/ }).click(),
  ]);
  expect(download.suggestedFilename()).toMatch(/\.tar\.gz$/);
  const bytes = await readFile(await download.path());

  const reader = await browser.newContext();
  const blind = await reader.newPage();
  await hideWebGpu(blind);
  await blind.goto('./');
  await expect(blind.getByRole('heading', { level: 1 })).toContainText('It has no WebGPU');
  await drop(blind, 'friend.tar.gz', bytes);
  await expect(blind.getByText('A recorded run: friend.tar.gz')).toBeVisible();
  expect(await blind.evaluate(() => window.baton?.hash())).toBe(hash);
  await expect(blind.getByRole('button', { name: 'Verify' })).toHaveCount(0);
  await reader.close();

  const other = await browser.newContext();
  const verifier = await other.newPage();
  await openLab(verifier, '');
  await drop(verifier, 'friend.tar.gz', bytes);
  await verifier.getByRole('button', { name: 'Verify' }).click();
  await expect(verifier.getByText('Verified: friend.tar.gz is equal in all 3 rows')).toBeVisible({
    timeout: RUN,
  });
  await verifier.screenshot({ path: test.info().outputPath('verified.png') });
  await other.close();
});
