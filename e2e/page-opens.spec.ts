import { expect, test } from '@playwright/test';

test('the page opens without a policy violation or an error, and asks nobody else for anything', async ({
  page,
  baseURL,
}) => {
  const problems: string[] = [];
  page.on('pageerror', (error) => problems.push(`error: ${error.message}`));
  page.on('request', (request) => {
    const url = request.url();
    if (!url.startsWith(String(baseURL)) && !/^(data|blob):/.test(url))
      problems.push(`asks ${url}`);
  });
  await page.exposeFunction('batonProblem', (text: string) => problems.push(text));
  await page.addInitScript(() => {
    document.addEventListener('securitypolicyviolation', (event) => {
      const report = (globalThis as unknown as { batonProblem(text: string): void }).batonProblem;
      report(`policy: ${event.violatedDirective} ${event.blockedURI}`);
    });
  });
  await page.goto('./');
  await expect(page.getByRole('heading').first()).toBeVisible();
  await expect(page).toHaveTitle(/Baton/);
  expect(problems).toEqual([]);
});

test('text cannot become markup, whoever tries', async ({ page }) => {
  await page.goto('./');
  await expect(page.getByRole('heading').first()).toBeVisible();
  const refused = await page.evaluate(() => {
    try {
      document.body.innerHTML = '<b>';
      return null;
    } catch (error) {
      return `${error}`;
    }
  });
  expect(refused).toContain('TrustedHTML');
  await expect(page.getByRole('heading').first()).toBeVisible();
});

test('the columns scroll, the page never does', async ({ page }) => {
  for (const size of [
    { width: 1280, height: 720 },
    { width: 390, height: 844 },
  ]) {
    await page.setViewportSize(size);
    await page.goto('./');
    await expect(page.getByRole('heading').first()).toBeVisible();
    const whole = await page.evaluate(() => ({
      width: document.documentElement.scrollWidth,
      height: document.documentElement.scrollHeight,
    }));
    expect(whole).toEqual(size);
  }
});
