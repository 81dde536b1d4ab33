/** Receivers on every runtime, and the user's own decoder: the same tokens everywhere, and refusals with reasons. */
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, type Page, test } from '@playwright/test';
import { control, metrics, openLab, waitForState } from './page.ts';

const MODEL = 'policies/chain-nano';
const LINK =
  '#v=1&preset=chain-minute&seed=3&steps=1&num_generations=4&prompts_per_step=2&max_completion_length=24&evaluation.every=0';

/** Time for a worker and its runtime to start and open a decoder, in milliseconds. */
const OPENED = { timeout: 60_000 };
// A run, an export and three workers with their own runtimes, on CPUs that may be busy.
test.setTimeout(600_000);
const folder = mkdtempSync(join(tmpdir(), 'baton-own-'));
test.afterAll(() => rmSync(folder, { recursive: true, force: true }));
const tokenizer = `public/models/${MODEL}/tokenizer.json`;
const config = `public/models/${MODEL}/config.json`;

/** The model as a file, as a user would bring it. */
async function decoder(): Promise<string> {
  const path = join(folder, 'mine.onnx');
  const args = ['scripts/lab.mjs', 'export-onnx', '--model', MODEL, '--out', path];
  await promisify(execFile)(process.execPath, args);
  return path;
}

/** One step with a greedy receiver on a runtime; returns its reward. */
async function finishes(page: Page, receivers: string, backend: string) {
  const transfer = { term: 'transfer', receivers, backend, receiver_temperature: 0 };
  const experiment = {
    ...{ seed: 3, steps: 1, task: { id: 'chain' }, policy: MODEL, evaluation: { every: 0 } },
    method: { num_generations: 4, prompts_per_step: 2, max_completion_length: 24 },
    rewards: [{ term: 'answer' }, transfer],
  };
  expect(await page.evaluate((asked) => window.baton?.run(asked), experiment)).toBe('finished');
  const [row] = await metrics(page);
  return Object.fromEntries(
    Object.entries(row).filter(([name]) => /^rewards\/transfer\/(mean|tau_|scratch)/.test(name)),
  );
}

test('a greedy receiver writes the same on Baton’s kernels, on the ONNX runtime, and as the user’s own file', async ({
  page,
}) => {
  await openLab(page, LINK);
  const path = await decoder();
  const onKernels = await finishes(page, 'policies/chain-nano', 'kernels');
  expect(Object.keys(onKernels).length).toBeGreaterThan(2);
  expect(await finishes(page, 'policies/chain-nano', 'onnx')).toEqual(onKernels);
  const panel = page.getByRole('region', { name: 'Evaluation' });
  await panel.locator('input[type="file"]').setInputFiles([path, tokenizer, config]);
  await expect(panel.getByLabel('Receivers')).toHaveValue(/own\/mine$/, OPENED);
  expect(await finishes(page, 'own/mine', 'kernels')).toEqual(onKernels);
});

test('the user’s own decoder is measured by cut, and a file that is not a decoder is refused with the reason', async ({
  page,
}) => {
  await openLab(page, LINK);
  const path = await decoder();
  const panel = page.getByRole('region', { name: 'Evaluation' });
  const files = panel.locator('input[type="file"]');
  const cut = join(folder, 'cut.onnx');
  writeFileSync(cut, readFileSync(path).subarray(0, 5000));
  const text = join(folder, 'text.onnx');
  writeFileSync(text, 'this is a text');
  for (const [chosen, why] of [
    [[cut, tokenizer], /cut off/],
    [[text, tokenizer], /not an ONNX file/],
    [[path], /without a tokenizer\.json/],
    [[tokenizer], /no \.onnx file/],
  ] as const) {
    await files.setInputFiles([...chosen]);
    await expect(panel.getByRole('alert')).toContainText(why);
  }
  await files.setInputFiles([path, tokenizer, config]);
  await expect(panel.getByLabel('Receivers')).toHaveValue(/own\/mine$/, OPENED);
  await expect(panel.getByRole('alert')).toHaveCount(0);
  await panel.getByLabel('Receivers').fill('policy own/mine');
  await panel.getByLabel('Run on').selectOption('onnx');
  await panel.getByLabel('Questions', { exact: true }).selectOption('16');
  await panel.getByLabel('Answers to each').selectOption('4');
  await control(page, 'Step').click();
  await waitForState(page, 'finished');
  await panel.getByRole('button', { name: 'Evaluate now' }).click();
  await expect(panel.getByRole('button', { name: 'Evaluate now' })).toBeVisible({
    timeout: 120_000,
  });
  await page.getByRole('button', { name: 'Data table of Transferability' }).click();
  await expect(page.getByRole('dialog').getByRole('row')).toHaveCount(11);
  await expect(page.getByRole('dialog')).toContainText('mine');
});
