/**
 * A monkey at the page: what it does is drawn by a seed, which is printed. `BATON_MONKEY_SEED=<seed>` does the same things again, in the same
 * order; how far the page has come at each is a matter of time.
 */
import { expect, type Page, test } from '@playwright/test';
import { act, seededNumbers } from './monkey.ts';
import { openLab } from './page.ts';

/** How long it plays with one seed, in milliseconds: at least some acts on a slow machine, and at most so many on a fast one. */
const PLAYS = 20_000;
const LEAST_ACTS = 20;
const MOST_ACTS = 150;
// On a machine that is busy with other work, an act may take seconds.
test.setTimeout(600_000);
// Pictures of every act would take longer than the acts.
test.use({ trace: 'off' });
/** The same everywhere; the other seed is new every time. */
const FIXED = 20261120;
/** Of the remedy of an error that nobody foresaw, and what an untyped one says of itself. */
const UNTYPED =
  /report this if it happens again|\b(?:Type|Range|Reference|Syntax)Error\b|\[object |Cannot read prop|is not a function/;

const asked = Number(process.env.BATON_MONKEY_SEED);
const seeds = asked > 0 ? [asked] : [FIXED, Date.now() % 2 ** 31];

/** Everything that goes wrong without the page saying so. */
async function watch(page: Page): Promise<string[]> {
  const wrong: string[] = [];
  page.on('pageerror', (error) => wrong.push(`error: ${error.stack ?? error}`));
  page.on('crash', () => wrong.push('the page has crashed'));
  page.on('dialog', (dialog) => void dialog.dismiss());
  await page.exposeFunction('batonPolicy', (text: string) => wrong.push(text));
  await page.addInitScript(() => {
    document.addEventListener('securitypolicyviolation', (event) => {
      const told = (globalThis as unknown as { batonPolicy(text: string): void }).batonPolicy;
      told(`policy: ${event.violatedDirective} ${event.blockedURI}`);
    });
  });
  return wrong;
}

for (const [place, seed] of seeds.entries()) {
  test(`a monkey leaves a lab that still runs, ${place === 0 ? 'seed as ever' : 'new seed'}`, async ({
    page,
  }) => {
    console.log(`BATON_MONKEY_SEED=${seed} does this again`);
    const wrong = await watch(page);
    await openLab(page);
    const random = seededNumbers(seed);
    const done: string[] = [];
    const from = performance.now();
    const goesOn = () =>
      done.length < LEAST_ACTS || (done.length < MOST_ACTS && performance.now() - from < PLAYS);
    while (wrong.length === 0 && goesOn()) {
      // What is covered, gone or under way cannot be clicked, which is no fault of the page.
      done.push(
        await act(page, random).catch((error: Error) => `fails: ${error.message.slice(0, 80)}`),
      );
      const said = await page
        .locator('body')
        .textContent()
        .catch(() => 'between two pages');
      const untyped = UNTYPED.exec(`${/untyped: .*/.exec(done.at(-1) ?? '')?.[0] ?? ''} ${said}`);
      if (untyped) wrong.push(`the page says ${untyped[0]}`);
    }
    await test.info().attach('what the monkey did', { body: done.join('\n') });
    expect(wrong, `seed ${seed}, after: ${done.slice(-12).join('; ')}`).toEqual([]);
    // Enough was done, and not everything in vain.
    expect(done.filter((one) => !one.startsWith('fails')).length).toBeGreaterThan(LEAST_ACTS / 4);

    await page.waitForFunction(() => window.baton?.adapter != null);
    const state = await page.evaluate(async () => {
      const { baton } = window;
      const method = { num_generations: 2, prompts_per_step: 1, max_completion_length: 8 };
      const chain = { task: { id: 'chain' }, policy: 'policies/chain-nano' };
      return baton?.run({ seed: 1, steps: 1, ...chain, method, evaluation: { every: 0 } });
    });
    expect(state).toBe('finished');
    expect(wrong).toEqual([]);
  });
}
