/** From one run to a result: seeds are queued, survive a reload, and two settings are compared seed by seed. */
import { type BrowserContext, expect, type Page, test } from '@playwright/test';
import { seriousProblemsInBoth } from './axe.ts';
import { control, openLab, waitForState } from './page.ts';

const LINK =
  '#v=1&preset=chain-minute&seed=1&steps=3&num_generations=2&prompts_per_step=1&max_completion_length=12&evaluation.every=1&evaluation.prompts=4&evaluation.samples=1';

/** How long a busy machine may take for all queued runs, in milliseconds. */
const QUEUE = 400_000;

async function keepEveryStep(context: BrowserContext): Promise<void> {
  await context.addInitScript(() =>
    localStorage.setItem('baton.preferences', JSON.stringify({ keepEvery: 1 })),
  );
}

const groups = (page: Page) => page.locator('tr[data-group]');
const queue = (page: Page) => page.getByRole('region', { name: 'Queue' });

async function toRuns(page: Page): Promise<void> {
  await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Runs' }).click();
}

/** Waits until the queue is seen, and then until nothing is left of it. */
async function queueDone(page: Page): Promise<void> {
  await expect(queue(page)).toBeVisible();
  await expect(queue(page)).toHaveCount(0, { timeout: QUEUE });
}

test('one run becomes two settings with three seeds each, over a reload, and the difference is said with its interval', async ({
  context,
}) => {
  test.setTimeout(3 * QUEUE);
  await keepEveryStep(context);
  let page = await context.newPage();
  await openLab(page, LINK);
  await control(page, 'Run').click();
  await waitForState(page, 'finished');
  await toRuns(page);
  await expect(groups(page)).toHaveCount(1);
  await expect(groups(page).first()).toContainText('one seed');

  await groups(page).first().getByRole('checkbox').check();
  await page.getByLabel('Last seed').fill('3');
  await page.getByRole('button', { name: 'Run again with seeds 1 to 3' }).click();
  await expect(queue(page).getByRole('listitem')).toHaveCount(2);
  // The queue's runs are the lab's own, and the tab is lost in the middle of one.
  await page.waitForFunction(() => (window.baton?.experiment.seed ?? 1) > 1);
  await page.close();

  page = await context.newPage();
  await openLab(page, LINK);
  await toRuns(page);
  await queueDone(page);
  await expect(groups(page)).toHaveCount(1);
  await expect(groups(page).first()).toContainText('±');
  await expect(groups(page).first()).toContainText('done');

  await page.evaluate(async () => {
    const { baton } = window;
    const { experiment } = baton ?? {};
    await baton?.run({ ...experiment, seed: 1, method: { ...experiment?.method, beta: 0.05 } });
  });
  await expect(groups(page)).toHaveCount(2);
  for (const box of await groups(page).getByRole('checkbox').all()) await box.check();
  const panel = page.getByRole('complementary', { name: 'Comparison' });
  await expect(panel.locator('.finding')).toContainText('too few');
  await page.getByRole('button', { name: 'Run both on the same seeds' }).click();
  await queueDone(page);
  await expect(panel.locator('.finding')).toContainText(
    /(Not decided with three seeds|is ahead of .* three seeds agree)/,
  );
  await expect(panel.getByRole('row', { name: /KL weight/ })).toContainText('0.05');
  const [csv] = await Promise.all([
    page.waitForEvent('download'),
    panel.getByRole('button', { name: 'CSV' }).click(),
  ]);
  expect(csv.suggestedFilename()).toMatch(/\.csv$/);

  // A deletion is taken back, or done when the page is left.
  await groups(page).first().focus();
  await page.keyboard.press('Delete');
  await expect(groups(page)).toHaveCount(1);
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(groups(page)).toHaveCount(2);
  await groups(page).first().focus();
  await page.keyboard.press('Delete');
  await page.getByRole('link', { name: 'Lab', exact: true }).click();
  await page.reload();
  await toRuns(page);
  await expect(groups(page)).toHaveCount(1);
});

test('a note that is written at a step by keys is there after a reload, with the run that it is of', async ({
  page,
  context,
}) => {
  test.setTimeout(QUEUE);
  await keepEveryStep(context);
  const notes = page.getByRole('region', { name: 'Notes at steps' });
  await openLab(page, LINK);
  await control(page, 'Run').click();
  await waitForState(page, 'finished');
  await page.keyboard.press('End');
  await page.keyboard.press('a');
  const field = page.getByLabel('Note at step 3');
  await expect(field).toBeFocused();
  await page.keyboard.type('As far as it goes');
  await page.keyboard.press('Enter');
  await expect(notes.getByRole('listitem')).toContainText('As far as it goes');
  expect(await seriousProblemsInBoth(page)).toEqual([]);

  await page.reload();
  await expect(notes).toHaveCount(0);
  await toRuns(page);
  await page.getByRole('button', { name: /^Seeds of / }).click();
  await page.getByRole('button', { name: /^Open .* seed 1 in the lab$/ }).click();
  await expect(notes.getByRole('listitem')).toContainText('As far as it goes');
  await notes.getByRole('button', { name: 'Delete the note at step 3' }).click();
  await expect(notes).toHaveCount(0);
});
