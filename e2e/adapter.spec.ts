/** A visitor checks the adapter: the report is saved as a file, and one that is stopped keeps what was found. */
import { readFile } from 'node:fs/promises';
import { type Download, expect, type Page, test } from '@playwright/test';
import { parseAdapterReport } from '../src/lab/adapter-report/schema.ts';
import { seriousProblemsInBoth } from './axe.ts';

/** A report takes 110 s at most, but for the case or step that is under way. A busy machine is given more. */
const REPORT = 240_000;

async function openPanel(page: Page) {
  await page.goto('./?page=kernels');
  await page.getByRole('button', { name: 'Check this adapter' }).click();
  return page.getByRole('region', { name: 'Check this adapter' });
}

const textOf = async (download: Download) => await readFile(await download.path(), 'utf8');

test('the adapter is checked, and the report is saved as data and as a page', async ({ page }) => {
  test.setTimeout(REPORT + 120_000);
  const sent: string[] = [];
  page.on('request', (request) => sent.push(request.url()));
  const panel = await openPanel(page);
  await panel.getByRole('button', { name: 'Start the check' }).click();
  await expect(panel.getByRole('row', { name: /Kernels for software adapters/ })).toBeVisible({
    timeout: 60_000,
  });
  const save = panel.getByRole('button', { name: 'Save the report' });
  await expect(save).toBeVisible({ timeout: REPORT });
  await expect(panel.getByText(/^All is right|nothing wrong among them/)).toBeVisible();

  const [file] = await Promise.all([page.waitForEvent('download'), save.click()]);
  expect(file.suggestedFilename()).toMatch(/^baton-google-swiftshader-[\d-]+\.json$/);
  const report = parseAdapterReport(JSON.parse(await textOf(file)), 'saved');
  expect(report.adapter).toMatchObject({ software: true, family: 'scalar' });
  expect(report.browser).toContain('Chrome');
  const rows = report.families.flatMap(({ kernels }) => kernels);
  expect(rows.filter(({ passed }) => !passed)).toEqual([]);
  expect(rows.some(({ done }) => done > 0)).toBe(true);
  expect(report.families.flatMap(({ bits }) => bits.flatMap(({ differ }) => differ))).toEqual([]);

  const asPage = panel.getByRole('button', { name: 'Save it as a page' });
  const [saved] = await Promise.all([page.waitForEvent('download'), asPage.click()]);
  expect(await textOf(saved)).toContain('<h1>Baton on google swiftshader</h1>');
  // Nothing but the page: all that was fetched came from where the page came from.
  const own = new URL(page.url()).origin;
  expect(sent.filter((url) => !url.startsWith(own) && !url.startsWith('blob:'))).toEqual([]);

  expect(await seriousProblemsInBoth(page)).toEqual([]);
  if (process.env.BATON_SHOTS) await page.screenshot({ path: process.env.BATON_SHOTS });
});

test('a check that is stopped keeps what it found', async ({ page }) => {
  const panel = await openPanel(page);
  await panel.getByRole('button', { name: 'Start the check' }).click();
  await expect(panel.getByText(/^[1-9]\d* of \d+ sizes; /)).toBeVisible({
    timeout: 60_000,
  });
  await page.getByRole('button', { name: 'Stop', exact: true }).click();
  await expect(panel.getByText('It ended early: stopped.')).toBeVisible();
  const save = panel.getByRole('button', { name: 'Save the report' });
  const [file] = await Promise.all([page.waitForEvent('download'), save.click()]);
  const report = parseAdapterReport(JSON.parse(await textOf(file)), 'saved');
  expect(report).toMatchObject({ ended: 'stopped', run: null });
});
