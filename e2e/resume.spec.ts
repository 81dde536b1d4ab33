/** Nothing is lost: a tab that is killed at a random moment costs no bit of its run. */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { type BrowserContext, expect, type Page, test } from '@playwright/test';
import { control, openLab, waitForState, waitForSteps } from './page.ts';

const STEPS = 16;
/** No tab is killed after this step, so that steps are left when the moment of the kill has passed. */
const LAST_KILL = STEPS - 6;
const LINK = `#v=1&preset=chain-minute&seed=3&steps=${STEPS}&num_generations=2&prompts_per_step=1&max_completion_length=12&evaluation.every=0`;

/**
 * `BATON_KILL_SEED=n` draws the moments of a run of this journey again, `BATON_KILLS=n` kills more often in one run, and `--repeat-each n`
 * does the journey n times, each with moments of its own.
 */
const SEED = Number(process.env.BATON_KILL_SEED) || Date.now() % 2 ** 31;
const KILLS = Number(process.env.BATON_KILLS) || 2;

/** How long a busy machine may take for a whole run, in milliseconds. */
const RUN = 400_000;

/** Numbers between 0 and 1 that follow from the seed. */
function drawer(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

/** Every tab keeps its runs this often. */
async function keepEvery(context: BrowserContext, steps: number): Promise<void> {
  const preferences = JSON.stringify({ keepEvery: steps });
  await context.addInitScript(
    (text) => localStorage.setItem('baton.preferences', text),
    preferences,
  );
}

async function openTab(context: BrowserContext): Promise<Page> {
  const page = await context.newPage();
  await openLab(page, LINK);
  return page;
}

/** Ends the tab as a crash does: no event of leaving reaches the page or its workers. */
async function kill(page: Page): Promise<void> {
  const crashed = page.waitForEvent('crash');
  const session = await page.context().newCDPSession(page);
  session.send('Page.crash').catch(() => undefined);
  await crashed;
  await page.close();
}

/** What a run left: the hash of its rows, the rows, and its weights. */
async function outcome(page: Page) {
  await page.waitForFunction(() => window.baton?.state === 'finished', null, { timeout: RUN });
  const fold = page.locator('[data-fold="export"]');
  if (!(await fold.evaluate((element: HTMLDetailsElement) => element.open)))
    await fold.locator('> summary').click();
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'Model, with its tokenizer' }).click(),
  ]);
  const weights = createHash('sha256').update(await readFile(await download.path()));
  return {
    ...(await page.evaluate(() => ({
      hash: window.baton?.hash(),
      rows: JSON.stringify(window.baton?.metrics()),
    }))),
    weights: weights.digest('hex'),
  };
}

const notice = (page: Page) => page.getByRole('status').filter({ hasText: 'was not finished' });

test('a run whose tab is killed at random moments ends with the bits of one that went through', async ({
  context,
}) => {
  test.setTimeout(3 * RUN + KILLS * 120_000);
  const seed = SEED + test.info().repeatEachIndex;
  console.log(`BATON_KILL_SEED=${seed} draws these moments again`);
  const draw = drawer(seed);
  await keepEvery(context, 2);
  const through = await openTab(context);
  await control(through, 'Run').click();
  const expected = await outcome(through);
  expect(expected.hash).toMatch(/^[0-9a-f]{64}$/);
  await through.close();

  let page = await openTab(context);
  await expect(notice(page)).toHaveCount(0);
  await control(page, 'Run').click();
  let from = 0;
  let killed = 0;
  while (killed < KILLS && from < LAST_KILL) {
    const at = from + 1 + Math.floor(draw() * (LAST_KILL - from));
    await waitForSteps(page, at);
    await page.waitForTimeout(Math.floor(draw() * 300));
    // A machine may be quick enough to end the run meanwhile. A run that has ended is not offered again.
    if (await page.evaluate(() => window.baton?.state === 'finished')) break;
    await kill(page);
    killed += 1;
    page = await openTab(context);
    await expect(notice(page)).toBeVisible();
    await notice(page).getByRole('button', { name: 'Resume' }).click();
    await page.waitForFunction(() => window.baton?.state !== 'idle');
    from = await page.evaluate(() => window.baton?.metrics().at(-1)?.step ?? 0);
  }
  console.log(`killed ${killed} times`);
  expect(await outcome(page)).toEqual(expected);
});

test('runs side by side come back together, each with its own bits', async ({ context }) => {
  test.setTimeout(3 * RUN);
  await keepEvery(context, 2);
  const page = await openTab(context);
  const hashes = (tab: Page) =>
    tab.evaluate(() => window.baton?.runs().flatMap((run) => (run.present ? [run.hash] : [])));
  const finished = (tab: Page) =>
    tab.waitForFunction(() => window.baton?.state === 'finished', null, { timeout: RUN });
  const start = (tab: Page) =>
    tab.evaluate(() => {
      const { baton } = window;
      const seeds = [1, 2].map((seed) => ({ ...baton?.experiment, seed, steps: 5 }));
      void baton?.runGroup(seeds);
    });
  await start(page);
  await finished(page);
  const expected = await hashes(page);
  expect(new Set(expected).size).toBe(2);
  await start(page);
  await waitForSteps(page, 3);
  await kill(page);
  const again = await openTab(context);
  await notice(again).getByRole('button', { name: 'Resume' }).click();
  await finished(again);
  expect(await hashes(again)).toEqual(expected);
});

test('a run that another tab has open is not offered until that tab is gone, and can be deleted then', async ({
  context,
}) => {
  await keepEvery(context, 1);
  const first = await openTab(context);
  await control(first, 'Run').click();
  await waitForSteps(first, 2);
  await control(first, 'Pause').click();
  await waitForState(first, 'paused');
  const second = await openTab(context);
  await expect(notice(second)).toHaveCount(0);
  await second.getByRole('link', { name: 'Runs' }).click();
  await second.getByRole('button', { name: /^Seeds of/ }).click();
  const row = second.getByRole('row').filter({ hasText: `of ${STEPS}` });
  await expect(row).toContainText('open in a lab');
  await expect(row.getByRole('button', { name: /^(Resume|Delete)/ })).toHaveCount(0);

  await first.close();
  await expect(row.getByRole('button', { name: /^Resume/ })).toBeVisible();
  await row.getByRole('button', { name: /^Delete/ }).click();
  await expect(second.getByText('No run is stored yet')).toBeVisible();
});

test('a run whose quota shrinks on the way goes on and says so, and what was kept of it can be resumed', async ({
  context,
}) => {
  test.setTimeout(2 * RUN);
  await keepEvery(context, 1);
  const page = await openTab(context);
  const session = await context.newCDPSession(page);
  await control(page, 'Run').click();
  await waitForSteps(page, 3);
  const { origin } = new URL(page.url());
  await session.send('Storage.overrideQuotaForOrigin', { origin, quotaSize: 1 });
  const said = page.getByRole('status').filter({ hasText: 'storage is full' });
  await expect(said).toContainText('The run goes on, and the steps kept so far are safe');
  const reached = await page.evaluate(() => window.baton?.metrics().length ?? 0);
  await waitForSteps(page, reached + 2);
  await control(page, 'Pause').click();
  await waitForState(page, 'paused');
  const lost = await page.evaluate(() => window.baton?.metrics().length ?? 0);
  await kill(page);

  const again = await openTab(context);
  await notice(again).getByRole('button', { name: 'Resume' }).click();
  await again.waitForFunction(() => (window.baton?.metrics().length ?? 0) > 0);
  // It goes on before what was not kept, and every step is there once.
  expect(await again.evaluate(() => window.baton?.metrics().length)).toBeLessThan(lost);
  await again.waitForFunction(() => window.baton?.state === 'finished', null, { timeout: RUN });
  const steps = await again.evaluate(() => window.baton?.metrics().map(({ step }) => step));
  expect(steps).toHaveLength(STEPS);
  expect(new Set(steps).size).toBe(STEPS);
});

test('where the browser keeps no files a run goes on, and the page says so once', async ({
  page,
}) => {
  const refuse =
    'StorageManager.prototype.getDirectory = () => Promise.reject(new DOMException("no", "SecurityError"));';
  await page.addInitScript(refuse);
  await page.route(/worker[^/]*\.(js|ts)(\?.*)?$/, async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, body: `${refuse}\n${await response.text()}` });
  });
  await openLab(page, LINK);
  await control(page, 'Run').click();
  const said = page.getByRole('status').filter({ hasText: 'keeps no files for this page' });
  await expect(said).toBeVisible();
  await said.getByRole('button', { name: 'Close this notice' }).click();
  await waitForSteps(page, 2);
  await control(page, 'Reset').click();
  await control(page, 'Run').click();
  await waitForSteps(page, 1);
  await expect(said).toHaveCount(0);
});
