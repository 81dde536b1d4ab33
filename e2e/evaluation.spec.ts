/** Evaluating by hand, with the real trainer: curves before training and now, and a run that does not change. */
import AxeBuilder from '@axe-core/playwright';
import { expect, type Page, test } from '@playwright/test';
import { control, openLab, waitForState, waitForSteps } from './page.ts';

const LINK =
  '#v=1&preset=chain-minute&seed=3&steps=6&num_generations=4&prompts_per_step=2&max_completion_length=24&evaluation.every=0';

async function ask(page: Page): Promise<void> {
  const panel = page.getByRole('region', { name: 'Evaluation' });
  await panel.getByLabel('Questions', { exact: true }).selectOption('16');
  await panel.getByLabel('Answers to each').selectOption('4');
  await panel.getByRole('button', { name: 'Evaluate now' }).click();
}

const hash = (page: Page) => page.evaluate(() => window.baton?.hash);

test('shows curves before training and now, by pointer, keys and table, and changes nothing of the run', async ({
  page,
}) => {
  await openLab(page, LINK);
  await control(page, 'Run').click();
  await waitForState(page, 'finished');
  const bare = await hash(page);

  await control(page, 'Reset').click();
  await control(page, 'Step').click();
  await waitForState(page, 'paused');
  await ask(page);
  await expect(page.getByRole('button', { name: 'Evaluate now' })).toBeVisible({
    timeout: 120_000,
  });
  const majority = page.getByRole('slider', { name: /^Maj@k/ });
  await expect(majority).toHaveAttribute('aria-valuetext', /^k = 4: before training \d.*step 1 \d/);
  await majority.focus();
  await page.keyboard.press('Home');
  await expect(majority).toHaveAttribute('aria-valuetext', /^k = 1: /);
  await page.keyboard.press('ArrowRight');
  await expect(majority).toHaveAttribute('aria-valuetext', /^k = 2: /);
  for (const colorScheme of ['dark', 'light'] as const) {
    await page.emulateMedia({ colorScheme });
    const { violations } = await new AxeBuilder({ page }).include('.evaluation').analyze();
    expect(violations.map(({ id }) => id)).toEqual([]);
  }
  // These arrow keys do not move the pinned step of the other charts.
  await expect(page.getByRole('slider', { name: /^Transferability/ })).toHaveAttribute(
    'aria-valuetext',
    /^τ 0\.9 to 1\.0: before training .*, step 1 .*, from scratch /,
  );
  await page.getByRole('button', { name: 'Data table of Transferability' }).click();
  await expect(page.getByRole('dialog').getByRole('row')).toHaveCount(11);
  await page.getByRole('dialog').getByRole('button', { name: 'Close' }).click();

  await control(page, 'Run').click();
  await waitForSteps(page, 3);
  await ask(page);
  await waitForState(page, 'finished');
  await expect(page.getByRole('button', { name: 'Evaluate now' })).toBeVisible({
    timeout: 120_000,
  });
  expect(await hash(page)).toBe(bare);
});
