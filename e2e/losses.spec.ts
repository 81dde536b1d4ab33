/** One group of a run under every loss: on the recording, so that nothing has to be trained, and without WebGPU. */
import AxeBuilder from '@axe-core/playwright';
import { expect, type Page, test } from '@playwright/test';
import { hideWebGpu } from './page.ts';

const OPENING = { timeout: 60_000 };
const LOSSES = ['GRPO', 'BNPO', 'DAPO', 'Dr. GRPO', 'GSPO', 'CISPO', 'PPO'];

async function open(page: Page, query = ''): Promise<void> {
  await hideWebGpu(page);
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await page.goto(`./?page=microscope&scope=losses${query}`);
  await expect(page.getByRole('heading', { name: /^The group/ })).toBeVisible(OPENING);
}

const move = (page: Page) => page.getByRole('slider', { name: 'Move the policy' });

/** The coefficients of the chosen token, one a loss, as they are shown. */
const coefficients = (page: Page) => page.locator('.lossformulas td.n').allTextContents();

test('the same answers stand under seven losses, and bounds hold once the policy moves', async ({
  page,
}) => {
  await open(page);
  for (const loss of LOSSES)
    await expect(
      page.locator('.lossformulas').getByRole('rowheader', { name: loss, exact: true }),
    ).toBeVisible();
  await expect(page.locator('.lossstrips .held')).toHaveCount(0);
  const still = await coefficients(page);
  // With a step as one batch, BNPO is DAPO.
  expect(still[1]).toBe(still[2]);
  await move(page).fill('0.8');
  await expect(page.locator('.lossstrips .held').first()).toBeVisible();
  const moved = await coefficients(page);
  expect(moved).not.toEqual(still);
  // GSPO is held at once; CISPO never loses its push.
  const gspo = page.locator('.lossformulas tr', { hasText: 'GSPO' });
  await expect(gspo).toContainText('clipped');
  expect(Number(moved[LOSSES.indexOf('GSPO')])).toBe(0);
  expect(moved[LOSSES.indexOf('CISPO')]).not.toMatch(/^[+−]?0\.00$/);
  await page.getByRole('button', { name: 'Back to 0' }).click();
  await expect(page.locator('.lossstrips .held')).toHaveCount(0);
  expect(await coefficients(page)).toEqual(still);
});

test('another step, answer and token are a click or a key away, and stand in the address', async ({
  page,
}) => {
  await open(page);
  await page.getByRole('button', { name: 'Earlier step' }).click();
  await page.locator('.pickanswer').nth(2).click();
  const token = page.locator('.lossstrips tr').first().getByRole('button').nth(1);
  await token.click();
  await page.keyboard.press('ArrowRight');
  await expect(page).toHaveURL(/step=\d+&.*answer=3&token=3/);
  await move(page).fill('-0.5');
  await expect(page).toHaveURL(/move=-0\.5/);
  const shown = await coefficients(page);
  const step = await page.locator('.where output').textContent();
  await page.reload();
  await expect(page.getByRole('heading', { name: /^The group/ })).toBeVisible(OPENING);
  await expect(page.locator('.where output')).toHaveText(step ?? '');
  expect(await coefficients(page)).toEqual(shown);
});

for (const [colorScheme, width] of [
  ['light', 1280],
  ['dark', 390],
] as const) {
  test(`it is accessible and fits, in ${colorScheme} at ${width}`, async ({ page }) => {
    await page.emulateMedia({ colorScheme });
    await page.setViewportSize({ width, height: 844 });
    await open(page, '&move=0.6');
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(width);
    const { violations } = await new AxeBuilder({ page }).analyze();
    const serious = violations.filter(
      ({ impact }) => impact === 'serious' || impact === 'critical',
    );
    expect(serious.map(({ id, nodes }) => `${id}: ${nodes[0].target}`)).toEqual([]);
  });
}
