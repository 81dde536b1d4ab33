/** RARO on the page: both rewards on one chart, the pairs of its steps in the arena, and a pair that somebody writes. */
import { expect, type Page, test } from '@playwright/test';
import { seriousProblemsInBoth } from './axe.ts';
import { control, openLab, waitForState } from './page.ts';

const SMALL =
  '#v=1&preset=raro-against-rlvr&seed=3&steps=2&num_generations=2&prompts_per_step=2&evaluation.every=0&verdicts=2';

/** Asks the critics about the pair that is shown, and waits for all of them. */
async function ask(page: Page, critics: number): Promise<void> {
  await page.getByRole('button', { name: 'Ask the critic' }).click();
  await expect(page.locator('.judge .vbars')).toHaveCount(critics, { timeout: 120_000 });
}

/** The first pair whose two answers differ in being right: of a sum, the first with two different answers; else the first. */
async function opensOnDiffering(page: Page): Promise<void> {
  const place = page.getByText(/^pair \d of \d, /);
  const number = async () => Number(/\d/.exec((await place.textContent()) ?? '')?.[0]);
  const differ = async () => {
    const [first, second] = await page.locator('.pair .ans').allTextContents();
    return first !== second;
  };
  const opened = await number();
  const found = await differ();
  // Without any it is the first.
  if (!found) expect(opened).toBe(1);
  const previous = page.getByRole('button', { name: 'Previous pair' });
  while (await previous.isEnabled()) {
    await previous.click();
    expect(await differ()).toBe(false);
  }
  const next = page.getByRole('button', { name: 'Next pair' });
  while ((await number()) < opened || (!found && (await next.isEnabled()))) {
    await next.click();
    expect(await differ()).toBe(found && (await number()) === opened);
  }
}

test('a step’s pairs stand in the arena: called, judged before and after training, and by whom they are is said last', async ({
  page,
}) => {
  await openLab(page, SMALL);
  await control(page, 'Run').click();
  await waitForState(page, 'finished');
  const rewards = page.locator('[data-chart="main"]');
  await expect(rewards).toContainText('Rewards of policy and critic');
  await expect(rewards).toContainText('policy, if it always ties');
  await expect(page.locator('[data-chart="accuracy"]')).toContainText('watched only in RARO');

  await page.getByRole('link', { name: 'Microscope' }).click();
  await page.getByRole('button', { name: 'Arena' }).click();
  await page.getByRole('button', { name: /Show the run’s pairs of step 2/ }).click();
  const pair = page.getByRole('region', { name: 'The pair' });
  await expect(pair.locator('.ans')).toHaveText([/^\d+$/, /^\d+$/]);
  await opensOnDiffering(page);
  // The visitor calls the pair before the critic's verdicts are seen.
  await expect(page.getByText('Shown 1, then 2')).toHaveCount(0);
  await expect(pair.getByText('the policy’s')).toHaveCount(0);
  await pair.getByRole('button', { name: 'cannot tell' }).click();
  await expect(pair.getByText('the policy’s')).toBeVisible();
  await expect(page.getByText('Shown 1, then 2').first()).toBeVisible();
  const [first, second] = await pair.locator('.ans').allTextContents();
  await expect(page.getByRole('region', { name: 'You and the critic' })).toHaveCount(
    first === second ? 0 : 1,
  );
  await ask(page, 2);
  await expect(page.locator('.judge h4')).toHaveText([/^Before training/, /^Now/]);
  expect(await seriousProblemsInBoth(page)).toEqual([]);

  // The last of the step's pairs is an earlier one.
  const next = page.getByRole('button', { name: 'Next pair' });
  while (await next.isEnabled()) await next.click();
  await expect(page.getByText(/replayed, from step 1/)).toBeVisible();
});

test('a written pair is judged without a run, and what is wrong with one is said by name', async ({
  page,
}) => {
  await page.goto(
    './?page=microscope&scope=arena&ahead=off&task=chain-critic&question=3%2B8%2B5%2B1:',
  );
  const field = page.getByLabel('Answer 2', { exact: true });
  await field.fill('');
  await page.getByRole('button', { name: 'Take this pair' }).click();
  await expect(page.getByRole('alert')).toContainText('An answer is missing');
  await page.getByLabel('Answer 1', { exact: true }).fill('17');
  await field.fill('18');
  await page.getByRole('button', { name: 'Take this pair' }).click();
  const pair = page.getByRole('region', { name: 'The pair' });
  await expect(pair).toContainText(/what the expert answers/);
  await expect(page).toHaveURL(/first=17&second=18/);
  await ask(page, 1);
  await page.getByRole('slider', { name: /A tie pays the critic/ }).fill('0.8');
  await expect(page.getByText('below p = 0.80 it does best to say tie')).toBeVisible();
  expect(await seriousProblemsInBoth(page)).toEqual([]);
});
