/** One step, phase by phase: a logged one of the recording, and one that waits in the lab. */
import AxeBuilder from '@axe-core/playwright';
import { expect, type Page, test } from '@playwright/test';
import { control, hideWebGpu, openLab, SMALL_LINK } from './page.ts';

const OPENING = { timeout: 60_000 };
const RUN = 300_000;
const known = (page: Page) => page.locator('.phasesteps .done');

test('a logged step is walked through, and its numbers come as they became known', async ({
  page,
}) => {
  await hideWebGpu(page);
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await page.goto('./?page=microscope&scope=phases');
  await expect(known(page)).toHaveCount(4, OPENING);
  await page.getByRole('button', { name: 'Walk through this step' }).click();
  await expect(known(page)).toHaveCount(1);
  await expect(page.locator('.phasegrid .barred')).toHaveCount(0);
  for (const next of ['score', 'advantage']) {
    await page.getByRole('button', { name: `Show: ${next}` }).click();
  }
  await expect(page.getByRole('img', { name: /^Clip plot/ })).toHaveCount(0);
  await page.keyboard.press('Shift+Period');
  await expect(known(page)).toHaveCount(4);
  await expect(page.getByRole('img', { name: /^Clip plot/ })).toBeVisible();
  await expect(page.locator('.phasegrid .barred').first()).toBeVisible();
});

test('a step that waits after each phase has the bits of one that does not, and the run goes on', async ({
  page,
}) => {
  test.setTimeout(2 * RUN);
  await openLab(page, SMALL_LINK);
  await control(page, 'Step').click();
  await page.waitForFunction(() => window.baton?.state === 'paused', null, { timeout: RUN });
  const hash = await page.evaluate(() => window.baton?.hash());
  await page.goto(`./?page=microscope&scope=phases&ahead=off${SMALL_LINK}`);
  await page.waitForFunction(() => window.baton?.adapter != null, null, OPENING);
  const next = page.locator('.phasebar .primary');
  for (let phase = 1; phase <= 4; phase += 1) {
    await next.click();
    await expect(known(page)).toHaveCount(phase, { timeout: RUN });
    expect(await page.evaluate(() => window.baton?.metrics().length)).toBe(0);
  }
  await expect(page.locator('.phasegrid .moved')).toBeVisible();
  await next.click();
  await page.waitForFunction(() => window.baton?.state === 'paused', null, { timeout: RUN });
  expect(await page.evaluate(() => window.baton?.hash())).toBe(hash);
  await next.click();
  await expect(page.getByText('waits in step 2 of 40, after sampling')).toBeVisible({
    timeout: RUN,
  });
  await page.getByRole('button', { name: 'Run on' }).click();
  await page.waitForFunction(() => (window.baton?.metrics().length ?? 0) >= 3, null, {
    timeout: RUN,
  });
});

for (const [colorScheme, width] of [
  ['light', 1280],
  ['dark', 390],
] as const) {
  test(`it is accessible and fits, in ${colorScheme} at ${width}`, async ({ page }) => {
    await hideWebGpu(page);
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    await page.setViewportSize({ width, height: 844 });
    await page.goto('./?page=microscope&scope=phases');
    await expect(known(page)).toHaveCount(4, OPENING);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(width);
    const { violations } = await new AxeBuilder({ page }).analyze();
    const serious = violations.filter(
      ({ impact }) => impact === 'serious' || impact === 'critical',
    );
    expect(serious.map(({ id, nodes }) => `${id}: ${nodes[0].target}`)).toEqual([]);
  });
}
