/** Without a network: what was opened once opens again and trains, also below a path of its own; a newer build is announced and reloads nothing. */

import { cp, readFile, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { extname, join, normalize } from 'node:path';
import { expect, type Page, test } from '@playwright/test';
import { build } from 'vite';
import { control, metrics, openLab, SMALL_LINK, waitForState } from './page.ts';

test.use({ serviceWorkers: 'allow' });

/** Resolves when everything that the first page needs is kept. */
const kept = (page: Page) =>
  page.evaluate(async () => (await navigator.serviceWorker.ready).active?.state !== undefined);

test('loaded once, it opens and trains a step without a network', async ({ page, context }) => {
  test.setTimeout(300_000);
  await openLab(page);
  await kept(page);
  await context.setOffline(true);
  await page.reload();
  await expect(control(page, 'Step')).toBeEnabled({ timeout: 60_000 });
  await page.waitForFunction(() => window.baton?.adapter != null, null, { timeout: 60_000 });
  await control(page, 'Step').click();
  await waitForState(page, 'paused');
  expect((await metrics(page)).map(({ step }) => step)).toEqual([1]);
  // Another page of the app, by its own address.
  await page.goto('./?page=glossary&ahead=off');
  await expect(page.getByRole('heading', { name: 'Glossary' })).toBeVisible();
});

const TYPES: Readonly<Record<string, string>> = {
  ...{ '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css' },
  ...{ '.json': 'application/json', '.svg': 'image/svg+xml', '.wasm': 'application/wasm' },
  '.webmanifest': 'application/manifest+json',
};

/** Serves a build below a path. A later build can take its place. */
async function serveBelow(path: string, folder: string) {
  const served = { folder };
  const server: Server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://localhost');
    const file = normalize(pathname.slice(path.length) || 'index.html');
    if (!pathname.startsWith(path) || file.startsWith('..')) return response.writeHead(404).end();
    readFile(join(served.folder, file)).then(
      (bytes) => {
        const type = TYPES[extname(file)] ?? 'application/octet-stream';
        response.writeHead(200, { 'content-type': type, 'cache-control': 'no-cache' }).end(bytes);
      },
      () => response.writeHead(404).end(),
    );
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  return { served, server, url: `http://localhost:${port}${path}` };
}

/** The same build as another one: its page has a script of another name. */
async function asNewer(old: string, folder: string): Promise<string> {
  await cp(old, folder, { recursive: true });
  const page = await readFile(join(old, 'index.html'), 'utf8');
  const [, script] = /src="\.\/(assets\/[^"]+\.js)"/.exec(page) ?? [];
  const renamed = script.replace(/[^-]+\.js$/, 'newer.js');
  await cp(join(old, script), join(folder, renamed));
  for (const name of ['index.html', 'service-worker.js']) {
    const text = await readFile(join(old, name), 'utf8');
    await writeFile(join(folder, name), text.replaceAll(script, renamed));
  }
  return folder;
}

test('built below a path: a newer build is announced, the run stays, and a reload opens it', async ({
  page,
}, testInfo) => {
  test.setTimeout(600_000);
  const outDir = testInfo.outputPath('old');
  await build({ logLevel: 'error', build: { outDir, emptyOutDir: true } });
  const { served, server, url } = await serveBelow('/lab/', outDir);
  try {
    await page.goto(`${url}?ahead=off${SMALL_LINK}`);
    await page.waitForFunction(() => window.baton?.adapter != null, null, { timeout: 60_000 });
    await kept(page);
    await control(page, 'Step').click();
    await waitForState(page, 'paused');
    const notice = page.getByText('A newer version of Baton is ready');
    await expect(notice).toHaveCount(0);

    served.folder = await asNewer(outDir, testInfo.outputPath('new'));
    await page.evaluate(async () => {
      await (await navigator.serviceWorker.ready).update();
    });
    await expect(notice).toBeVisible({ timeout: 60_000 });
    expect((await metrics(page)).map(({ step }) => step)).toEqual([1]);
    await page.reload();
    await page.waitForFunction(() => window.baton?.adapter != null, null, { timeout: 60_000 });
    await expect(page.locator('script[type="module"]')).toHaveAttribute('src', /newer\.js$/);
    await expect(notice).toHaveCount(0);
  } finally {
    server.closeAllConnections();
    server.close();
  }
});
