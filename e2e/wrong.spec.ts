/** The microscope "Where did it go wrong" on bundled models: a wrong trace is typed, and the reward's pick is held against the verifier. */
import { expect, type Page, test } from '@playwright/test';
import { seriousProblemsInBoth } from './axe.ts';
import { control, hideWebGpu, openLab, waitForSteps } from './page.ts';

const LINK =
  './?page=microscope&scope=wrong&task=chain-carry&policy=policies/chain-carry&question=7%2B8%2B5%2B9:&text=7%2B8%3D15,15%2B5%3D20,20%2B9%3D29';

const field = (page: Page) => page.getByLabel('Trace', { exact: true });
const words = (page: Page) => page.locator('.wrongwords');

test('a typed trace is read, its first wrong step named, and the pick called a hit or a miss, without WebGPU too', async ({
  page,
}) => {
  await hideWebGpu(page);
  await page.goto(LINK);
  await expect(words(page)).toContainText('Every step is right', { timeout: 90_000 });
  await expect(words(page)).toContainText('The policy itself finds');

  await field(page).fill('7+8=5,5+5=10,10+9=19');
  await expect(page.getByText('wrong: 7+8=5 is false')).toBeVisible();
  await expect(words(page)).toContainText('the first wrong step is “7+8=5,”');
  await expect(words(page)).toContainText(/falls most, by \d\.\d\d, at “.*”: a (hit|miss)/);
  await expect(page).toHaveURL(/text=7%2B8%3D5/);

  // The same numbers under every reading: once for all tokens, there is nothing to pick.
  await page.getByRole('button', { name: 'sparse' }).click();
  await expect(words(page)).toContainText('nothing to pick');
  await expect(page).toHaveURL(/read=sparse/);
  await page.getByLabel('Read', { exact: true }).press('ArrowRight');
  await expect(words(page)).toContainText('Read at the end of each step');

  await field(page).fill('7+8€');
  await expect(page.getByText('Character "€" is not in this tokenizer')).toBeVisible();
  await field(page).fill('');
  await expect(page.getByText('There is nothing to read')).toBeVisible();
  await field(page).fill('1+'.repeat(100));
  await expect(page.getByText(/The trace has 201 tokens; .* can read \d+/)).toBeVisible();

  await page.getByRole('button', { name: 'Inject an error' }).click();
  await expect(page.getByText(/The expert’s with /)).toBeVisible();
  await page.getByRole('button', { name: 'Next wrong answer' }).click();
  await expect(page.getByText(/Answer \d+ of carry/)).toBeVisible();
  await expect(words(page)).toContainText('the first wrong step is');
  expect(await seriousProblemsInBoth(page)).toEqual([]);
  // A worker may still be on its way.
  await page.unrouteAll({ behavior: 'ignoreErrors' });
});

test('sixteen answers to each question are chosen from by vote, confidence and reward, on a phone too', async ({
  page,
}) => {
  await page.setViewportSize({ width: 390, height: 844 });
  await page.goto(LINK.replace('policies/chain-carry&', 'policies/chain-carry-rule&which=16&'));
  const section = page.getByRole('region', { name: 'Which of sixteen' });
  await expect(section.getByText('16 questions, 16 answers each')).toBeVisible({
    timeout: 120_000,
  });
  await expect(section).toContainText(/One sample is right in \d+ %/);
  await expect(section).toContainText(/the majority vote chooses a right one in \d+ %/);
  await expect(section.getByRole('list', { name: 'Answers by mean reward' })).toBeVisible();
  await section.getByText('minimum').click();
  await expect(section.getByRole('list', { name: 'Answers by minimum reward' })).toBeVisible();
  await expect(page.getByRole('region', { name: 'How often the pick is right' })).toBeVisible();
  const judge = page.getByRole('region', { name: 'As a judge' });
  await expect(judge).toContainText(/256 answers, \d+ of them right/);
  await expect(judge).toContainText(/AUROC, reward\s*\d\.\d\d/);
  const elsewhere = page.getByRole('region', { name: 'Used elsewhere' });
  await expect(elsewhere.getByRole('table')).toContainText('+55.6');
  await elsewhere.getByText('AUROC', { exact: true }).click();
  await expect(elsewhere.getByRole('status')).toContainText('right answers are told from wrong');
  const width = await page.evaluate(() => document.documentElement.scrollWidth);
  expect(width).toBeLessThanOrEqual(390);
  expect(await seriousProblemsInBoth(page)).toEqual([]);
});

test('the reward that the lab’s run has learned so far reads a trace', async ({ page }) => {
  await openLab(
    page,
    '#v=1&preset=vote-is-wrong&seed=3&steps=40&num_generations=4&prompts_per_step=2&evaluation.every=0',
  );
  await control(page, 'Run').click();
  await waitForSteps(page, 1);
  await control(page, 'Pause').click();
  await page.getByRole('link', { name: 'Microscope' }).click();
  await page.getByRole('button', { name: 'Where did it go wrong' }).click();
  const reward = page.getByLabel('Reward by');
  await expect(reward.locator('option').first()).toHaveText(/, step \d+$/);
  await page.locator('.examples button').first().click();
  await reward.selectOption({ index: 0 });
  await expect(words(page)).toContainText(/Read at every token/, { timeout: 90_000 });
  await expect(reward.locator('option:checked')).toHaveText(/, step \d+$/);
  await expect(page).not.toHaveURL(/reward=/);
});

test('a reward model from files reads a trace, and is refused by name where one is missing', async ({
  page,
}) => {
  await page.goto(LINK);
  const folder = 'public/models/reward-models/hops-backwards';
  const files = (...names: string[]) => names.map((name) => `${folder}/${name}`);
  const chooser = page.getByLabel('Open a reward model');
  await chooser.setInputFiles(files('model.safetensors', 'config.json'));
  await expect(page.getByText('came without a tokenizer.json')).toBeVisible();
  await chooser.setInputFiles(files('model.safetensors', 'config.json', 'tokenizer.json'));
  await expect(page.getByLabel('Reward by').locator('option:checked')).toHaveText('your own');
  await expect(words(page)).toContainText(/Read at every token/, { timeout: 90_000 });
});
