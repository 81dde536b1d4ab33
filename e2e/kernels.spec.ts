import { expect, test } from '@playwright/test';
import { seriousProblemsInBoth } from './axe.ts';
import { control, metrics, openLab, waitForState, waitForSteps } from './page.ts';

/** The text with `from` changed to `to`, at its first place. The kernel must have that place. */
function edited(text: string, from: string, to: string): string {
  expect(text).toContain(from);
  return text.replace(from, to);
}

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
  await source.fill(edited(text, '= gate_up[at];', '= gate_down[at];'));
  await attempt.click();
  await expect(page.getByRole('button', { name: `Line ${line}`, exact: true })).toBeVisible({
    timeout: 60_000,
  });

  await source.fill(edited(text, 'exp(min(', 'exp2(min('));
  await attempt.click();
  await expect(page.getByText(/Wrong at/)).toBeVisible({ timeout: 60_000 });

  await page.getByRole('button', { name: 'Revert' }).click();
  await expect(source).toHaveValue(text);
  expect(await seriousProblemsInBoth(page)).toEqual([]);
});

test('a kernel that passes its check goes into the running lab, a badge says so, and it is taken out again', async ({
  page,
}) => {
  await openLab(page);
  await control(page, 'Step').click();
  await waitForState(page, 'paused');

  await page.getByRole('link', { name: 'Kernels' }).click();
  await page.getByRole('button', { name: 'rmsnorm-forward' }).click();
  const source = page.getByRole('textbox', { name: 'WGSL of rmsnorm/rmsnorm-forward.wgsl' });
  const text = await source.inputValue();
  const attempt = page.getByRole('button', { name: /^Try/ });
  const use = page.getByRole('button', { name: 'Use in the lab' });
  // A wrong kernel is not offered to the lab.
  await source.fill(edited(text, '* scale * w[i', '* scale + w[i'));
  await attempt.click();
  await expect(page.getByText(/Wrong at/)).toBeVisible({ timeout: 90_000 });
  await expect(use).toHaveCount(0);
  // A correct kernel that adds in another order.
  const changed = edited(
    text,
    'sum.x + sum.y + sum.z + sum.w',
    '(sum.x + sum.y) + (sum.z + sum.w)',
  );
  await source.fill(changed);
  await attempt.click();
  await expect(page.getByText(/sizes against float64/)).toBeVisible({ timeout: 120_000 });
  await use.click();
  await expect(page.getByText('The lab computes with this text.')).toBeVisible();
  await expect(use).toHaveCount(0);

  await page.getByRole('link', { name: 'Lab', exact: true }).click();
  const badge = page.getByRole('region', { name: 'Run' }).getByRole('link', { name: /Changed/ });
  await expect(badge).toHaveText(/Changed kernel\s*rmsnorm-forward/);
  await control(page, 'Step').click();
  await waitForSteps(page, 2);
  await waitForState(page, 'paused');
  const used = await page.evaluate(() => window.baton?.changedKernels());
  expect(used).toMatchObject([{ file: 'rmsnorm/rmsnorm-forward.wgsl', text: changed }]);
  const named = { file: 'rmsnorm/rmsnorm-forward.wgsl', sha256: used?.[0].sha256, from_step: 2 };
  const manifest = () => page.evaluate(() => window.baton?.manifest());
  expect((await manifest())?.changed_kernels).toEqual([{ ...named, to_step: null }]);

  await badge.click();
  await expect(page.getByRole('heading', { level: 2, name: 'rmsnorm-forward' })).toBeVisible();
  await page
    .getByRole('region', { name: 'Source' })
    .getByRole('button', { name: 'Restore the original' })
    .click();
  await expect(page.getByText('The lab computes with')).toHaveCount(0);
  await page.getByRole('link', { name: 'Lab', exact: true }).click();
  await expect(badge).toHaveCount(0);
  await control(page, 'Step').click();
  await waitForSteps(page, 3);
  expect((await metrics(page)).map(({ step }) => step)).toEqual([1, 2, 3]);
  expect((await manifest())?.changed_kernels).toEqual([{ ...named, to_step: 2 }]);
});
