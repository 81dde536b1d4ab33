import AxeBuilder from '@axe-core/playwright';
import { expect, type Page, test } from '@playwright/test';
import { hideWebGpu } from './page.ts';

/** The recording shows first; what is missing is a button away. */
async function openBlind(page: Page): Promise<void> {
  await hideWebGpu(page);
  await page.goto('./');
  await page.getByRole('button', { name: 'What is missing' }).click();
}

test('a browser without WebGPU is told what is missing and how to turn it on here', async ({
  page,
}) => {
  await openBlind(page);
  await expect(page.getByRole('heading', { level: 1 })).toContainText('It has no WebGPU');
  await expect(page.getByRole('row', { name: /^missing/ })).toContainText(
    'navigator.gpu is missing',
  );
  const here = page.locator('details[open]');
  await expect(here).toHaveCount(1);
  await expect(here).toContainText('this browser');
  await expect(here).toContainText('chrome://flags/#enable-unsafe-webgpu');
  await expect(page.getByRole('button', { name: 'Run', exact: true })).toHaveCount(0);

  await page.getByRole('button', { name: 'Check again' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toContainText('It has no WebGPU');
});

test('the report can be copied, and says what was checked', async ({ page, context }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await openBlind(page);
  await page.getByRole('button', { name: 'Copy this report' }).click();
  await expect(page.getByText('Report copied')).toBeVisible();
  const report = await page.evaluate(() => navigator.clipboard.readText());
  expect(report).toContain('NO  WebGPU: navigator.gpu is missing');
  expect(report).toContain('Mozilla/');
});

for (const colorScheme of ['light', 'dark'] as const) {
  test(`the page without WebGPU has no serious accessibility problem in ${colorScheme}`, async ({
    page,
  }) => {
    await page.emulateMedia({ colorScheme });
    await openBlind(page);
    await expect(page.getByRole('row', { name: /^missing/ })).toBeVisible();
    const { violations } = await new AxeBuilder({ page }).analyze();
    const serious = violations.filter(
      ({ impact }) => impact === 'serious' || impact === 'critical',
    );
    expect(serious.map(({ id }) => id)).toEqual([]);
  });
}
