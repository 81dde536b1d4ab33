import { expect, test } from '@playwright/test';
import { unpackModel } from '../src/lab/model-tar.ts';
import { control, metrics, openLab, SMALL_LINK, waitForState, waitForSteps } from './page.ts';

test.describe('the lab', () => {
  test('opening the page trains nothing; Run does, and every step is recorded once', async ({
    page,
  }) => {
    await openLab(page);
    await expect(control(page, 'Pause')).toBeDisabled();
    await expect(control(page, 'Reset')).toBeDisabled();
    expect(await metrics(page)).toEqual([]);

    await control(page, 'Run').click();
    await expect(page.getByTestId('announcement')).toHaveText(/Started|Preparing|Step/);
    await waitForSteps(page, 3);
    await expect(page).toHaveTitle(/^\d+\/40 Countdown/);
    const rows = await metrics(page);
    expect(rows.map(({ step }) => step)).toEqual(rows.map((_, i) => i + 1));
    for (const row of rows) expect(typeof row.reward).toBe('number');
  });

  test('a pause halts, a step does exactly one, and Run goes on to the end', async ({ page }) => {
    await openLab(page, SMALL_LINK.replace('steps=40', 'steps=8'));
    await control(page, 'Run').click();
    await waitForSteps(page, 2);
    await control(page, 'Pause').click();
    await waitForState(page, 'paused');
    const paused = (await metrics(page)).length;
    await expect(page).toHaveTitle(/^Paused/);

    await control(page, 'Step').click();
    await waitForSteps(page, paused + 1);
    await waitForState(page, 'paused');
    expect(await metrics(page)).toHaveLength(paused + 1);

    await control(page, 'Run').click();
    await waitForState(page, 'finished');
    expect(await metrics(page)).toHaveLength(8);
    await expect(page).toHaveTitle(/^Done/);
    await expect(control(page, 'Pause')).toBeDisabled();
  });

  test('a reset keeps the seed, and the same seed gives the same first rows', async ({ page }) => {
    await openLab(page);
    await control(page, 'Run').click();
    await waitForSteps(page, 3);
    const first = (await metrics(page)).slice(0, 3);
    await control(page, 'Reset').click();
    await waitForState(page, 'idle');
    expect(await metrics(page)).toEqual([]);
    await control(page, 'Run').click();
    await waitForSteps(page, 3);
    expect((await metrics(page)).slice(0, 3)).toEqual(first);
  });

  test('the learning rate changes while the run goes on; other edits wait in the draft', async ({
    page,
  }) => {
    await openLab(page);
    await control(page, 'Run').click();
    await waitForSteps(page, 1);
    await page.locator('[data-fold="optimiser"] > summary').click();
    const rate = page.getByLabel('Learning rate', { exact: true });
    await rate.fill('0.00005');
    await rate.press('Enter');
    await page.waitForFunction(() => window.baton?.experiment.method.learning_rate === 5e-5);
    await expect(page.getByText('Draft differs from the run')).toBeHidden();

    await page.getByLabel('Steps', { exact: true }).fill('41');
    await page.getByLabel('Steps', { exact: true }).press('Enter');
    await expect(page.getByText('Draft differs from the run')).toBeVisible();
    await page.getByRole('button', { name: 'Discard' }).click();
    await expect(page.getByLabel('Steps', { exact: true })).toHaveValue('40');
  });

  test('a value out of range is named beside its field and changes nothing', async ({ page }) => {
    await openLab(page);
    const steps = page.getByLabel('Steps', { exact: true });
    await steps.fill('0');
    await steps.press('Enter');
    await expect(page.getByRole('alert')).toContainText('It stays 40');
    expect(await page.evaluate(() => window.baton?.experiment.steps)).toBe(40);
  });

  test('the keys of the help dialog do what it says', async ({ page }) => {
    await openLab(page);
    await page.keyboard.press('?');
    const help = page.getByRole('dialog');
    await expect(help).toContainText('Run or pause');
    await page.keyboard.press('Escape');
    await expect(help).toBeHidden();

    await page.keyboard.press('.');
    await waitForSteps(page, 1);
    await waitForState(page, 'paused');
    expect(await metrics(page)).toHaveLength(1);
    await page.keyboard.press(' ');
    await waitForSteps(page, 2);
    await page.keyboard.press(' ');
    await waitForState(page, 'paused');
    await page.keyboard.press('r');
    await waitForState(page, 'idle');

    await page.keyboard.press('?');
    await page.getByLabel('Single keys act').uncheck();
    await page.keyboard.press('Escape');
    await page.keyboard.press('.');
    await page.waitForTimeout(500);
    expect(await metrics(page)).toEqual([]);
  });

  test('the theme stays after a reload, and no run goes by itself', async ({ page }) => {
    await page.emulateMedia({ colorScheme: 'light' });
    await openLab(page);
    await page.getByRole('button', { name: /Switch theme/ }).click();
    await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark');
    await page.reload();
    await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark');
    expect(await metrics(page)).toEqual([]);
  });
});

test.describe('links', () => {
  test('a copied link opens the same experiment elsewhere', async ({ page, context }) => {
    await context.grantPermissions(['clipboard-read', 'clipboard-write']);
    await openLab(page, '');
    await page.getByLabel('Preset').selectOption('countdown-kl');
    await page.getByLabel('Seed', { exact: true }).fill('77');
    await page.getByLabel('Seed', { exact: true }).press('Enter');
    await page.getByRole('button', { name: 'Copy link' }).click();
    await expect(page.getByText('Link copied')).toBeVisible();
    const link = await page.evaluate(() => navigator.clipboard.readText());
    expect(link.length).toBeLessThan(2000);
    const experiment = await page.evaluate(() => window.baton?.experiment);
    expect(experiment?.seed).toBe(77);

    const other = await context.newPage();
    await openLab(other, link.slice(link.indexOf('#')));
    expect(await other.evaluate(() => window.baton?.experiment)).toEqual(experiment);
    expect(await metrics(other)).toEqual([]);
  });

  test('a bad link names its fields, applies nothing and starts nothing', async ({ page }) => {
    await openLab(page, '');
    const before = await page.evaluate(() => window.baton?.experiment);
    await page.evaluate(() => {
      location.hash = '#v=1&preset=chain-minute&epsilon=9&speed=3';
    });
    const notice = page.getByText(/This link was not taken/);
    await expect(notice).toBeVisible();
    await expect(page.locator('.notice')).toContainText('method.epsilon');
    await expect(page.locator('.notice')).toContainText('speed');
    expect(await page.evaluate(() => window.baton?.experiment)).toEqual(before);
    expect(await page.evaluate(() => window.baton?.state)).toBe('idle');
    await page.getByRole('button', { name: 'Close this notice' }).click();
    await expect(notice).toBeHidden();
  });
});

test.describe('window.baton', () => {
  test('run takes an experiment and resolves when it has finished', async ({ page }) => {
    await openLab(page, '');
    const result = await page.evaluate(async () => {
      const { baton } = window;
      if (!baton) throw new Error('window.baton is missing');
      const state = await baton.run({
        seed: 5,
        steps: 2,
        method: { num_generations: 4, prompts_per_step: 2, max_completion_length: 24 },
        evaluation: { every: 0 },
      });
      return { state, rows: baton.metrics().length, hash: baton.hash(), version: baton.version };
    });
    expect(result).toMatchObject({ state: 'finished', rows: 2 });
    expect(result.hash).toMatch(/^[0-9a-f]{16,}$/);
    expect(result.version).not.toBe('');
  });

  test('an experiment that is not allowed is refused by name', async ({ page }) => {
    await openLab(page, '');
    const field = await page.evaluate(async () => {
      try {
        await window.baton?.run({ method: { epsilon: 9 } });
        return 'accepted';
      } catch (error) {
        return (error as { field?: string }).field;
      }
    });
    expect(field).toBe('method.epsilon');
  });
});

test.describe('same experiment, same bytes', () => {
  test('the same run before and after a reload has the same hash and the same rows', async ({
    page,
  }) => {
    const run = async () => {
      await openLab(page, SMALL_LINK.replace('steps=40', 'steps=4'));
      await control(page, 'Run').click();
      await waitForState(page, 'finished');
      return page.evaluate(() => ({
        hash: window.baton?.hash(),
        rows: JSON.stringify(window.baton?.metrics()),
      }));
    };
    const first = await run();
    await page.reload();
    expect(await run()).toEqual(first);
    expect(first.hash).toMatch(/^[0-9a-f]{64}$/);
  });

  test('a run that was paused and stepped has the same hash as one that ran through', async ({
    page,
  }) => {
    await openLab(page, SMALL_LINK.replace('steps=40', 'steps=4'));
    await control(page, 'Run').click();
    await waitForState(page, 'finished');
    const through = await page.evaluate(() => window.baton?.hash());
    await control(page, 'Reset').click();
    await control(page, 'Step').click();
    await waitForState(page, 'paused');
    await control(page, 'Step').click();
    await waitForSteps(page, 2);
    await waitForState(page, 'paused');
    await control(page, 'Run').click();
    await waitForState(page, 'finished');
    expect(await page.evaluate(() => window.baton?.hash())).toBe(through);
  });
});

test('a trainer that ends without a word is noticed, what was recorded stays, and Run starts another', async ({
  page,
}) => {
  await openLab(
    page,
    '#v=1&preset=chain-minute&steps=200&num_generations=2&prompts_per_step=1&evaluation.every=0',
  );
  await control(page, 'Run').click();
  await page.waitForFunction(() => (window.baton?.metrics().length ?? 0) > 0);
  const [trainer] = page.workers();
  // The browser ends a worker in the same way where it needs the memory: no error, no other event.
  await trainer.evaluate(() => self.close());
  await expect(page.getByRole('alert')).toContainText('The trainer ended without a word');
  expect(await page.evaluate(() => window.baton?.metrics().length)).toBeGreaterThan(0);
  await page.getByRole('button', { name: 'Start again' }).click();
  await page.waitForFunction(() => window.baton?.state === 'running');
});

test('a second tab says that another one is training, and can train once that one is reset', async ({
  page,
  context,
}) => {
  await openLab(page);
  await control(page, 'Step').click();
  await waitForState(page, 'paused');
  const other = await context.newPage();
  await openLab(other);
  await control(other, 'Run').click();
  await waitForState(other, 'failed');
  await expect(other.getByRole('alert')).toContainText(/another tab/i);
  await control(page, 'Reset').click();
  await other.getByRole('button', { name: 'Start again' }).click();
  await waitForSteps(other, 1);
});

test.describe('files', () => {
  test('the metrics are saved as CSV with a row a step', async ({ page }) => {
    await openLab(page, SMALL_LINK.replace('steps=40', 'steps=2'));
    await control(page, 'Run').click();
    await waitForState(page, 'finished');
    await page.locator('[data-fold="export"] > summary').click();
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Metrics, CSV' }).click(),
    ]);
    const stream = await download.createReadStream();
    let text = '';
    for await (const chunk of stream) text += chunk;
    const lines = text.trimEnd().split('\r\n');
    expect(lines[0]).toMatch(/^step,.*reward/);
    expect(lines).toHaveLength(3);
  });

  test('the model is saved as a folder in one file, with weights whose header names its tensors', async ({
    page,
  }) => {
    await openLab(page);
    await control(page, 'Step').click();
    await waitForState(page, 'paused');
    await page.locator('[data-fold="export"] > summary').click();
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Model, with its tokenizer' }).click(),
    ]);
    expect(download.suggestedFilename()).toMatch(/-step-1\.tar$/);
    const chunks: Buffer[] = [];
    for await (const chunk of await download.createReadStream()) chunks.push(chunk as Buffer);
    const files = unpackModel(new Uint8Array(Buffer.concat(chunks)));
    expect([...files.keys()]).toEqual(expect.arrayContaining(['config.json', 'tokenizer.json']));
    const bytes = Buffer.from(files.get('model.safetensors') ?? []);
    const length = Number(bytes.readBigUInt64LE(0));
    const header = JSON.parse(bytes.subarray(8, 8 + length).toString('utf8'));
    expect(Object.keys(header)).toContain('model.embed_tokens.weight');
  });

  test('a file with an unknown setting is refused by name', async ({ page }) => {
    await openLab(page, '');
    const before = await page.evaluate(() => window.baton?.experiment);
    await page.locator('[data-fold="json"] > summary').click();
    await page.getByLabel('Experiment, bundle or model').setInputFiles({
      name: 'mine.json',
      mimeType: 'application/json',
      // A file of an earlier build is answered in its own words.
      buffer: Buffer.from('{"version":1,"objective":{"epsilonn":0.2}}'),
    });
    await expect(page.locator('.notice')).toContainText('objective.epsilonn');
    expect(await page.evaluate(() => window.baton?.experiment)).toEqual(before);
  });
});

test('a whole journey breaks no content policy, throws nothing and asks nobody else', async ({
  page,
  baseURL,
}) => {
  const problems: string[] = [];
  page.on('pageerror', (error) => problems.push(`error: ${error.message}`));
  page.on('request', (request) => {
    const url = request.url();
    const own = url.startsWith(new URL(String(baseURL)).origin) || /^(data|blob):/.test(url);
    if (!own) problems.push(`asks ${url}`);
  });
  await page.exposeFunction('reportViolation', (text: string) => problems.push(text));
  await page.addInitScript(() => {
    document.addEventListener('securitypolicyviolation', (event) => {
      const { reportViolation } = globalThis as unknown as { reportViolation(text: string): void };
      reportViolation(`policy: ${event.violatedDirective} ${event.blockedURI}`);
    });
  });
  await openLab(page);
  for (const fold of await page.locator('.setup details > summary').all()) await fold.click();
  await page.keyboard.press('.');
  await waitForSteps(page, 1);
  await waitForState(page, 'paused');
  await page.locator('#charts svg').first().hover();
  await page.keyboard.press('?');
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: /Switch theme/ }).click();
  await page.getByLabel('Preset').selectOption('countdown-kl');
  await control(page, 'Reset').click();
  expect(problems).toEqual([]);
  // Text never becomes markup, and no script comes from elsewhere.
  const refused = await page.evaluate(() => {
    const tried = (work: () => unknown) => {
      try {
        work();
        return 'done';
      } catch (error) {
        return (error as Error).name;
      }
    };
    return [
      tried(() => {
        document.createElement('div').innerHTML = '<b>x</b>';
      }),
      tried(() => new Worker('data:text/javascript,1')),
    ];
  });
  expect(refused).toEqual(['TypeError', 'TypeError']);
});
