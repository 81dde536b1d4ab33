import AxeBuilder from '@axe-core/playwright';
import { expect, test } from '@playwright/test';

test('a kernel is opened and checked; an edit that does not compile or is wrong is refused', async ({
  page,
}) => {
  await page.goto('./?page=kernels');
  await expect(page.getByRole('heading', { level: 1, name: 'Kernels' })).toBeAttached();
  await page.getByRole('button', { name: 'swiglu-forward' }).click();
  await expect(page.getByRole('heading', { level: 2, name: 'swiglu-forward' })).toBeVisible();

  await page.getByRole('button', { name: 'Check', exact: true }).click();
  const check = page.getByRole('region', { name: 'Check against float64' });
  await expect(check.getByText('passes').first()).toBeVisible({ timeout: 90_000 });
  await expect(check.getByText('fails')).toHaveCount(0);

  const source = page.getByRole('textbox', { name: 'WGSL of swiglu/swiglu-forward.wgsl' });
  const text = await source.inputValue();
  const line = text.split('\n').findIndex((one) => one.includes('let gate =')) + 1;
  const attempt = page.getByRole('button', { name: 'Try this kernel' });
  await source.fill(text.replace('= gate_up[at];', '= gate_down[at];'));
  await attempt.click();
  await expect(page.getByRole('button', { name: `Line ${line}`, exact: true })).toBeVisible({
    timeout: 60_000,
  });

  await source.fill(text.replace('exp(min(', 'exp2(min('));
  await attempt.click();
  await expect(page.getByText(/Wrong at/)).toBeVisible({ timeout: 60_000 });

  await page.getByRole('button', { name: 'Revert' }).click();
  await expect(source).toHaveValue(text);
  const { violations } = await new AxeBuilder({ page }).analyze();
  const serious = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
  expect(serious.map(({ id, nodes }) => `${id}: ${nodes[0].target}`)).toEqual([]);
});
