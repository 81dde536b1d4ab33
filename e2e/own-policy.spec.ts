/** A trained model leaves the page as one file and comes back: in the lab, in the microscope, and on the command line. */
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, type Page, test } from '@playwright/test';
import { control, metrics, openLab, waitForState } from './page.ts';

const LINK =
  '#v=1&preset=chain-minute&seed=3&steps=1&num_generations=4&prompts_per_step=2&max_completion_length=24&evaluation.every=0';

const folder = mkdtempSync(join(tmpdir(), 'baton-policy-'));
test.afterAll(() => rmSync(folder, { recursive: true, force: true }));

const policy = (page: Page) => page.getByLabel('Policy', { exact: true });
const open = (page: Page) => page.getByLabel('Open a policy of your own');

async function step(page: Page) {
  await control(page, 'Step').click();
  await waitForState(page, 'finished');
}

async function saved(page: Page): Promise<string> {
  await page.locator('[data-fold="export"] > summary').click();
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'Model, with its tokenizer' }).click(),
  ]);
  const path = join(folder, download.suggestedFilename());
  await download.saveAs(path);
  return path;
}

test('a trained model is saved, opened again after a reload, trained further, asked, and read by the command line', async ({
  page,
}) => {
  test.setTimeout(600_000);
  await openLab(page, LINK);
  await step(page);
  const path = await saved(page);
  expect(path).toMatch(/seed-3-step-1\.tar$/);

  await page.goto('about:blank');
  await openLab(page, LINK);
  await open(page).setInputFiles(path);
  await expect(policy(page)).toHaveValue(/^policies\/own-.*step-1-[0-9a-f]{8}$/);
  const id = await policy(page).inputValue();
  await step(page);
  expect(await metrics(page)).toHaveLength(1);
  expect(await page.evaluate(() => window.baton?.experiment.policy)).toBe(id);

  await page.getByRole('link', { name: 'Microscope' }).click();
  const setup = page.locator('.setupline');
  await setup.getByLabel('Task').selectOption('chain');
  const asked = setup.getByLabel('Answer by');
  await asked.selectOption(id);
  await expect(asked).toHaveValue(id);

  const onnx = join(folder, 'again.onnx');
  const args = ['scripts/lab.mjs', 'export-onnx', '--model', path, '--out', onnx];
  const { stdout } = await promisify(execFile)(process.execPath, args);
  const { model_hash: hash } = JSON.parse(stdout.slice(stdout.indexOf('{')));
  expect(id.endsWith(hash.slice(0, 8))).toBe(true);

  // Without its file a run of it is refused by name, and nothing runs.
  await page.getByRole('link', { name: 'Runs' }).click();
  await page.getByRole('button', { name: /^Delete the policy/ }).click();
  await page.getByRole('link', { name: 'Lab', exact: true }).click();
  await page.reload();
  await page.waitForFunction(() => window.baton?.adapter != null);
  await control(page, 'Run').click();
  await expect(page.locator('.notices')).toContainText('is not in this browser');
});

test('what is no model is refused by name', async ({ page }) => {
  await openLab(page, LINK);
  const model = 'public/models/policies/chain-critic-pico';
  const file = (name: string, text: string) => {
    const path = join(folder, name);
    writeFileSync(path, text);
    return path;
  };
  const before = await policy(page).inputValue();
  for (const [files, why] of [
    [[file('text.tar', 'no archive')], 'no tar archive'],
    [[`${model}/model.safetensors`], 'without its config.json'],
    [[`${model}/model.safetensors`, `${model}/config.json`], 'no tokenizer.json'],
    [[file('notes.json', '{}')], 'no model among these files'],
    [
      [
        file(
          'cut.safetensors',
          readFileSync(`${model}/model.safetensors`).toString('latin1').slice(0, 4000),
        ),
        `${model}/config.json`,
        `${model}/tokenizer.json`,
      ],
      'safetensors',
    ],
  ] as const) {
    await open(page).setInputFiles([...files]);
    await expect(page.getByRole('alert')).toContainText(why);
  }
  expect(await policy(page).inputValue()).toBe(before);
});
