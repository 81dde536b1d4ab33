import { expect, type Page, test } from '@playwright/test';
import { control, openLab, waitForState } from './page.ts';

/** Six steps with an evaluation before the first and at every second, of two held-out questions with two answers. */
const LINK =
  '#v=1&preset=chain-minute&seed=3&steps=6&num_generations=4&prompts_per_step=2&max_completion_length=24' +
  '&evaluation.every=2&evaluation.prompts=2&evaluation.samples=2';

const samples = (page: Page) => page.getByRole('complementary', { name: 'Samples' });

async function ran(page: Page): Promise<void> {
  await openLab(page, LINK);
  await control(page, 'Run').click();
  await waitForState(page, 'finished');
  await page.locator('h1, .brand').first().click();
}

test.describe('searching among samples', () => {
  test('a held-out question is followed over the evaluations, and two of them are compared', async ({
    page,
  }) => {
    await ran(page);
    const column = samples(page);
    await expect(column.getByText('1 of 4')).toBeVisible();
    for (let i = 0; i < 3; i += 1) await page.keyboard.press(']');
    await expect(column.getByText('Held out: asked at every evaluation')).toBeVisible();
    const question = (await column.getByRole('heading', { level: 3 }).textContent()) ?? '';

    await page.keyboard.press('p');
    const steps = column.getByRole('navigation', { name: 'Steps that asked this question' });
    await expect(steps.getByRole('button')).toHaveText([/^0/, /^2/, /^4/, /^6/]);
    await steps.getByRole('button').nth(1).click();
    await expect(column.getByRole('heading', { level: 3 })).toHaveText(question);

    // A step that did not ask it says so and shows the one before.
    await page.keyboard.press('ArrowRight');
    await expect(
      column.getByText('Step 3 did not ask it; these are its answers of step 2.'),
    ).toBeVisible();

    await page.keyboard.press('d');
    const other = column.getByRole('combobox', { name: 'Step', exact: true });
    await expect(other).toHaveValue('0');
    await expect(column.getByText(/beside step 2: \d answers? changed/)).toBeVisible();
    await expect(column.locator('.sides')).toHaveCount(2);
    await other.selectOption('6');
    await expect(column.getByText('beside step 2')).toBeVisible();
    await page.locator('.brand').first().click();
    await page.keyboard.press('d');
    await expect(column.locator('.sides')).toHaveCount(0);
    await page.keyboard.press('p');
    await expect(steps).toHaveCount(0);
  });

  test('filters and text find questions and lead to steps where something fits', async ({
    page,
  }) => {
    await ran(page);
    const column = samples(page);
    const which = column.getByRole('combobox', { name: 'Which questions' });
    await page.keyboard.press('f');
    await expect(which).toHaveValue('best');
    await which.selectOption('all');

    await page.keyboard.press('/');
    await page.keyboard.type('no such text');
    await expect(
      column.getByText('No question of step 6 fits, nor any of another step.'),
    ).toBeVisible();
    const field = column.getByRole('searchbox');

    // A question of the first step alone: the last step says where it is.
    await field.fill('');
    await page.locator('.brand').first().click();
    await page.keyboard.press('Home');
    await page.keyboard.press('ArrowRight');
    const text = (await column.getByRole('heading', { level: 3 }).textContent()) ?? '';
    await field.fill(text);
    await page.locator('.brand').first().click();
    await page.keyboard.press('End');
    await expect(column.getByText(/No question of step 6 fits; step 1 has one/)).toBeVisible();
    await page.keyboard.press('Shift+N');
    await expect(column.getByRole('heading', { level: 3 })).toHaveText(text);
  });

  test('the keys of the samples stand in the help dialog', async ({ page }) => {
    await openLab(page, LINK);
    await page.keyboard.press('?');
    for (const label of ['Follow this question', 'Compare two steps', 'Find in samples'])
      await expect(page.getByRole('rowheader', { name: label })).toBeVisible();
  });
});
