/** What a run says when training itself fails: numbers that stop being numbers, and rewards that never differ. */
import { expect, type Page, test } from '@playwright/test';
import { control, metrics, openLab, waitForState, waitForSteps } from './page.ts';
import { beforeWorkers } from './worker-script.ts';

const TINY =
  '#v=1&preset=chain-minute&seed=3&num_generations=2&prompts_per_step=1&max_completion_length=12&evaluation.every=0';

const notices = (page: Page) => page.locator('.notices');

/** At a rate above 0.06, AdamW makes every parameter infinite. No rate that the schema allows does so by itself within a few steps. */
function breakLargeRates(): void {
  const { createShaderModule } = GPUDevice.prototype;
  GPUDevice.prototype.createShaderModule = function (options) {
    const code = options.code.replace(
      'let lr = settings[0];',
      'var lr = settings[0]; if (lr > 0.06) { lr = lr * 3e38 * 3e38; }',
    );
    return createShaderModule.call(this, { ...options, code });
  };
}

test('a number that is none ends the run at its last good step, and from there it goes on at a lower rate', async ({
  page,
}) => {
  await page.addInitScript(() =>
    localStorage.setItem('baton.preferences', JSON.stringify({ keepEvery: 1 })),
  );
  await beforeWorkers(page, breakLargeRates);
  await openLab(page, `${TINY}&steps=4`);
  await control(page, 'Step').click();
  await waitForSteps(page, 1);
  await waitForState(page, 'paused');
  await page.locator('[data-fold="optimiser"] > summary').click();
  const rate = page.getByLabel('Learning rate', { exact: true });
  await rate.fill('0.1');
  await rate.press('Enter');
  await page.waitForFunction(() => window.baton?.experiment.method.learning_rate === 0.1);
  // The second step spoils the parameters, and the third finds it out.
  await control(page, 'Run').click();
  await waitForState(page, 'failed');
  await expect(notices(page)).toContainText('stopped being a number at step 3');
  await expect(notices(page)).toContainText('Step 1 is the last good one and is kept.');
  await expect(notices(page)).toContainText('The learning rate is the usual cause');
  await expect(notices(page)).toContainText('It is kept up to step 1.');
  const [good, ...spoilt] = await metrics(page);
  expect(spoilt.map(({ step }) => step)).toEqual([2]);

  await notices(page).getByRole('button', { name: 'Go on at learning rate 0.05' }).click();
  await waitForState(page, 'finished');
  await expect(notices(page).getByRole('alert')).toHaveCount(0);
  const rows = await metrics(page);
  expect(rows[0]).toEqual(good);
  expect(rows.map(({ step, learning_rate }) => [step, learning_rate])).toEqual([
    [1, good.learning_rate],
    ...[2, 3, 4].map((step) => [step, 0.05]),
  ]);
});

test('a run that is paid nothing says that no group had a signal, and offers what gives one', async ({
  page,
}) => {
  await openLab(
    page,
    TINY.replace('num_generations=2', 'num_generations=3').replace('length=12', 'length=24') +
      '&steps=10&rewards.0.weight=0',
  );
  await control(page, 'Run').click();
  await waitForSteps(page, 9);
  await waitForState(page, 'finished');
  const rows = await metrics(page);
  // Right and wrong answers were paid the same.
  expect(rows.some(({ accuracy }) => Number(accuracy) > 0 && Number(accuracy) < 1)).toBe(true);
  const notice = notices(page).getByRole('status').filter({ hasText: 'No group had a signal' });
  await expect(notice).toContainText('nothing is learned');
  await notice.getByRole('button', { name: 'Show the chart' }).click();
  await expect(page.locator('[data-chart="no-signal"]')).toBeInViewport();
  await notice.getByRole('button', { name: 'Completions per question 6' }).click();
  await expect(page.getByText('Draft differs from the run')).toBeVisible();
});
