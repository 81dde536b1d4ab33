/** The microscope "Without the question" on the bundled policy: an answer is edited, and every reward follows. */
import { expect, type Page, test } from '@playwright/test';
import { seriousProblemsInBoth } from './axe.ts';
import { hideWebGpu } from './page.ts';

const LINK = './?page=microscope&scope=without&task=countdown&question=6%208%202%3D1:';

const field = (page: Page) => page.getByLabel('Answer', { exact: true });
const row = (page: Page, name: string) =>
  page
    .getByRole('region', { name: 'Kinds of answers' })
    .getByRole('row', { name: new RegExp(`^${name}`) });

/** R_SA of the answer that is being edited, as shown by its formula. */
async function rSa(page: Page): Promise<number> {
  const text = (await page.locator('.formula > b').textContent()) ?? '';
  return Number(text.replace('−', '-'));
}

test('an edit changes the bars, R_SA and every reward, without WebGPU too', async ({ page }) => {
  await hideWebGpu(page);
  await page.goto(LINK);
  await expect(row(page, 'Concise, right').locator('b').first()).toBeVisible({ timeout: 90_000 });
  await expect(field(page)).toHaveValue('8-2=6,6/6=1');
  const bars = page.locator('.told rect');
  // Eleven characters and the end token.
  await expect(bars).toHaveCount(12);
  const asked = await rSa(page);

  await field(page).fill('4/4=1,1*5=5');
  await expect(page.getByText(/wrong: .*; 12 tokens/)).toBeVisible();
  const foreign = await rSa(page);
  expect(foreign).toBeLessThan(asked);
  expect(foreign).toBeGreaterThanOrEqual(-1);
  await field(page).fill('8-2=6');
  await expect(bars).toHaveCount(6);
  await expect(page).toHaveURL(/text=8-2%3D6/);

  await field(page).fill('8€');
  await expect(page.getByText('Character "€" is not in this tokenizer')).toBeVisible();
  await row(page, 'Redundant, right').getByRole('button').click();
  await expect(page.getByText(/right; \d+ tokens/)).toBeVisible();
  await expect(row(page, 'Yours')).toContainText(/\+0\.\d\d/);

  await page.getByText('Numbers', { exact: true }).click();
  await expect(page.getByRole('region', { name: 'Log-probs by token' })).toBeVisible();
  expect(await seriousProblemsInBoth(page)).toEqual([]);

  // Question and answer are kept in another microscope, and on return.
  const written = await field(page).inputValue();
  await page.getByRole('button', { name: 'Transfer', exact: true }).click();
  await expect(page.getByRole('heading', { name: 'Make 1 from 6, 8 and 2' })).toBeVisible();
  await expect(page.getByText('as written')).toBeVisible({ timeout: 60_000 });
  await expect(page.locator('.rule p').first()).toContainText(written.slice(0, 8));
  await page.getByRole('button', { name: 'Without the question' }).click();
  await expect(field(page)).toHaveValue(written);
  // A worker may still be on its way.
  await page.unrouteAll({ behavior: 'ignoreErrors' });
});
