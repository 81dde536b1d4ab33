/** Two tabs and one queue, or one stored run: one of them runs it, and where that one is closed the other goes on. */
import { type BrowserContext, expect, type Page, test } from '@playwright/test';
import { control, openLab, waitForState, waitForSteps } from './page.ts';

const LINK =
  '#v=1&preset=chain-minute&seed=1&steps=3&num_generations=2&prompts_per_step=1&max_completion_length=12&evaluation.every=0';

async function keepEveryStep(context: BrowserContext): Promise<void> {
  await context.addInitScript(() =>
    localStorage.setItem('baton.preferences', JSON.stringify({ keepEvery: 1 })),
  );
}

async function toRuns(page: Page): Promise<void> {
  await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Runs' }).click();
}

const queue = (page: Page) => page.getByRole('region', { name: 'Queue' });

test('one queue is run by one tab, and by the other once that is closed', async ({ context }) => {
  test.setTimeout(900_000);
  await keepEveryStep(context);
  const first = await context.newPage();
  await openLab(first, LINK);
  await control(first, 'Run').click();
  await waitForState(first, 'finished');
  await toRuns(first);
  await first.locator('tr[data-group]').first().getByRole('checkbox').check();
  await first.getByLabel('Last seed').fill('4');
  await first.getByRole('button', { name: 'Run again with seeds 1 to 4' }).click();
  await first.waitForFunction(() => (window.baton?.experiment.seed ?? 1) > 1);

  const second = await context.newPage();
  await openLab(second, '');
  await toRuns(second);
  await expect(queue(second)).toContainText('Another tab of Baton runs the queue.');
  expect(await second.evaluate(() => window.baton?.metrics().length)).toBe(0);

  await first.close();
  await expect(queue(second)).toHaveCount(0, { timeout: 400_000 });
  await expect(second.locator('tr[data-group]')).toHaveCount(1);
  await expect(second.locator('tr[data-group]')).toContainText('±');
  // Each seed was run once: none twice, none left out.
  await second.getByRole('button', { name: /^Seeds of/ }).click();
  await expect(second.locator('tr.seedrow')).toHaveCount(4);
});

test('of two tabs that resume one stored run at once one does, and the other says that it is open', async ({
  context,
}) => {
  test.setTimeout(600_000);
  await keepEveryStep(context);
  const link = LINK.replace('steps=3', 'steps=30');
  const first = await context.newPage();
  await openLab(first, link);
  await control(first, 'Run').click();
  await waitForSteps(first, 2);
  // Nothing that a tab does while it closes counts: its last step may be kept or not.
  await first.close();

  const notice = (page: Page) => page.getByRole('status').filter({ hasText: 'was not finished' });
  const tabs = [await context.newPage(), await context.newPage()];
  for (const tab of tabs) {
    await openLab(tab, link);
    await expect(notice(tab)).toBeVisible();
  }
  await Promise.all(tabs.map((tab) => notice(tab).getByRole('button', { name: 'Resume' }).click()));
  const refused = (tab: Page) =>
    tab.getByRole('alert').filter({ hasText: /Another tab is training|This run is open/ });
  const goes = (tab: Page) => tab.evaluate(() => window.baton?.state === 'running');
  await expect
    .poll(async () => (await Promise.all(tabs.map(goes))).filter(Boolean).length, {
      timeout: 120_000,
    })
    .toBe(1);
  const [winner, other] = (await goes(tabs[0])) ? tabs : [...tabs].reverse();
  await expect(refused(other)).toBeVisible();
  await expect(refused(winner)).toHaveCount(0);

  // The other has changed nothing: the run goes on where it was kept, every step once, and then it is the other's.
  await winner.waitForFunction(() => (window.baton?.metrics().length ?? 0) >= 4);
  await winner.close();
  await other.reload();
  await expect(notice(other)).toBeVisible();
  await notice(other).getByRole('button', { name: 'Resume' }).click();
  await waitForState(other, 'finished');
  const steps = await other.evaluate(() => window.baton?.metrics().map(({ step }) => step) ?? []);
  expect(steps).toHaveLength(30);
  expect(new Set(steps).size).toBe(30);
});
