import AxeBuilder from '@axe-core/playwright';
import { expect, type Page, test } from '@playwright/test';
import { hideWebGpu } from './page.ts';

/** A question with an answer so short that every cut is done in seconds on any CPU. */
const LINK = './?page=microscope&task=chain&question=31%2B94:';

const slider = (page: Page) => page.getByRole('slider', { name: 'Cut, in tokens' });

/** Waits until every receiver has finished every cut. */
async function finished(page: Page): Promise<void> {
  await expect(page.getByText(/Share of finished answers that are right/)).toBeVisible();
  await expect(page.locator('.scope .pulse')).toHaveCount(0, { timeout: 120_000 });
}

async function fewTries(page: Page): Promise<void> {
  await page.getByLabel('Tries per receiver and cut').fill('6');
  await page.keyboard.press('Enter');
}

async function numbers(page: Page): Promise<string> {
  await page.locator('.numbers > summary').click();
  return (await page.getByRole('region', { name: 'Share right by cut' }).textContent()) ?? '';
}

test('a question is picked, its answer is cut by keys, and the curve appears', async ({ page }) => {
  await page.goto('./?page=microscope');
  await page.getByLabel('Task').selectOption('chain');
  await fewTries(page);
  await page.locator('.examples button').first().click();
  await expect(slider(page)).toBeAttached({ timeout: 60_000 });
  await expect(page).toHaveURL(/question=/);
  await finished(page);
  const curves = page.locator('.scope .ln');
  expect(await curves.count()).toBeGreaterThanOrEqual(2);
  for (const curve of await curves.all()) expect(await curve.getAttribute('d')).toMatch(/^M.*L/);

  // The keys work anywhere on the page, and on the slider itself.
  await page.keyboard.press('Home');
  await expect(slider(page)).toHaveValue('0');
  await expect(page.getByText('Nothing stands yet')).toBeVisible();
  await page.keyboard.press('ArrowRight');
  await expect(slider(page)).toHaveValue('1');
  await slider(page).focus();
  await page.keyboard.press('Shift+ArrowRight');
  const text = await page.locator('.rule p').first().textContent();
  await expect(slider(page)).toHaveValue(String((text ?? '').indexOf(',') + 1 || text?.length));
  await page.keyboard.press('End');
  await expect(slider(page)).toHaveValue(String(text?.length));
  const columns = page.locator('.receiver');
  for (const column of await columns.all()) {
    await expect(column).toContainText(/\d+ of 6 right\s*95 % [\d.]+ to [\d.]+/);
    await expect(column.getByRole('listitem')).toHaveCount(6);
  }
});

test('the cut follows the mouse, and a link shows the same numbers again', async ({ page }) => {
  await page.goto(LINK);
  await fewTries(page);
  await expect(slider(page)).toBeAttached({ timeout: 60_000 });
  const box = await page.locator('.cells').boundingBox();
  if (!box) throw new Error('the answer has no place');
  await page.mouse.move(box.x + 2, box.y + box.height / 2);
  await page.mouse.down();
  await expect(slider(page)).toHaveValue('0');
  await page.mouse.move(box.x + box.width - 2, box.y + box.height / 2, { steps: 4 });
  await page.mouse.up();
  const length = await slider(page).getAttribute('max');
  await expect(slider(page)).toHaveValue(String(length));
  await expect(page).toHaveURL(new RegExp(`cut=${length}`));
  await finished(page);
  const before = await numbers(page);
  expect(before).toMatch(/0\.\d\d|1/);
  await page.reload();
  await fewTries(page);
  await expect(slider(page)).toHaveValue(String(length), { timeout: 60_000 });
  await finished(page);
  expect(await numbers(page)).toBe(before);
});

test('what is wrong with a typed question, or a model file, is said by name, and the rest goes on', async ({
  page,
}) => {
  await page.goto('./?page=microscope');
  await page.getByLabel('Task').selectOption('chain');
  await fewTries(page);
  const field = page.getByRole('textbox', { name: /type one/ });
  await field.fill('12 plus 95');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('alert')).toContainText('not a Chain question');
  await expect(field).toBeFocused();
  await field.fill('31+94');
  await page.keyboard.press('Enter');
  await expect(slider(page)).toBeAttached({ timeout: 60_000 });

  await page.getByRole('button', { name: /^Receivers/ }).click();
  const files = page.getByLabel('Choose files');
  const broken = {
    name: 'mine.onnx',
    mimeType: 'application/octet-stream',
    buffer: Buffer.from('no model'),
  };
  await files.setInputFiles([broken]);
  await expect(page.getByRole('alert')).toContainText('without a tokenizer.json');
  await files.setInputFiles([
    broken,
    { name: 'tokenizer.json', mimeType: 'application/json', buffer: Buffer.from('{}') },
  ]);
  await page.keyboard.press('Escape');
  const mine = page.getByRole('region', { name: 'mine' });
  await expect(mine.getByRole('alert')).toContainText('model.onnx', { timeout: 60_000 });
  await finished(page);
  await expect(page.locator('.receiver').first()).toContainText(/of 6 right/);
});

test('two policies are compared on one question', async ({ page }) => {
  await page.goto('./?page=microscope&task=countdown&question=2+1+8%3D17:');
  await page.getByLabel('Tries per receiver and cut').fill('1');
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: 'Compare two policies' }).click();
  await expect(slider(page)).toHaveCount(2, { timeout: 60_000 });
  await expect(page.locator('.lane')).toHaveCount(2);
  await slider(page).nth(1).focus();
  await page.keyboard.press('Home');
  await expect(slider(page).nth(1)).toHaveValue('0');
  await expect(slider(page).nth(0)).not.toHaveValue('0');
  await expect(page).toHaveURL(/policy=policies%2F[a-z-]+\+policies%2F[a-z-]+/);
});

test('without WebGPU the microscope is a click away and works', async ({ page }) => {
  await hideWebGpu(page);
  await page.goto('./');
  await page.getByRole('link', { name: 'microscope', exact: true }).click();
  // The lab is still there, hidden behind it, and has a task of its own.
  await page.getByRole('combobox', { name: 'Task' }).selectOption('chain');
  await page.locator('.examples button').first().click();
  await expect(slider(page)).toBeAttached({ timeout: 60_000 });
  await expect(page.locator('.tries li').first()).toBeVisible({ timeout: 60_000 });
});

for (const colorScheme of ['light', 'dark'] as const) {
  test(`the microscope has no serious accessibility problem in ${colorScheme}`, async ({
    page,
  }) => {
    await page.emulateMedia({ colorScheme });
    const serious = async () => {
      const { violations } = await new AxeBuilder({ page }).analyze();
      return violations
        .filter(({ impact }) => impact === 'serious' || impact === 'critical')
        .map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(' ')).join(', ')}`);
    };
    await page.goto('./?page=microscope');
    await expect(page.getByText('Pick a question')).toBeVisible();
    expect(await serious()).toEqual([]);
    await page.goto(LINK);
    await fewTries(page);
    await expect(slider(page)).toBeAttached({ timeout: 60_000 });
    await finished(page);
    await page.locator('.numbers > summary').click();
    await page.getByRole('button', { name: /^Receivers/ }).click();
    expect(await serious()).toEqual([]);
  });
}

test('on a phone the page does not scroll sideways, and a tap cuts', async ({ browser }) => {
  const context = await browser.newContext({
    viewport: { width: 390, height: 844 },
    hasTouch: true,
  });
  const page = await context.newPage();
  await page.goto(LINK);
  await expect(slider(page)).toBeAttached({ timeout: 60_000 });
  const box = await page.locator('.cells').boundingBox();
  if (!box) throw new Error('the answer has no place');
  await page.touchscreen.tap(box.x + 3, box.y + box.height / 2);
  await expect(slider(page)).toHaveValue('0');
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
  await context.close();
});
