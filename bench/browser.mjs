/** Builds a bench page, serves it and opens it in Chromium. */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ensureDependencies, fail, root } from '../scripts/dependencies.mjs';
import { ensureChromium } from '../scripts/setup.mjs';

const folder = join(root, 'bench');

/** Installs the peers if one is missing or has another version than bench/package.json names. */
export function ensurePeers() {
  const read = (path) => JSON.parse(readFileSync(path, 'utf8'));
  const present = Object.entries(read(join(folder, 'package.json')).dependencies).every(
    ([name, version]) => {
      const path = join(folder, 'node_modules', name, 'package.json');
      return existsSync(path) && read(path).version === version;
    },
  );
  if (present) return;
  process.stderr.write('bench: installing the peers\n');
  const npm = process.env.npm_execpath;
  const [program, first] = npm ? [process.execPath, [npm]] : ['npm', []];
  const result = spawnSync(program, [...first, 'ci', '--loglevel=warn'], {
    cwd: folder,
    stdio: ['ignore', 2, 2],
    shell: !npm && process.platform === 'win32',
  });
  if (result.status !== 0) fail('npm ci could not install the peers of the bench (see above).');
}

/**
 * Builds bench/NAME/index.html and serves it on this machine.
 * @param {string} name
 * @param {{ port?: number, models?: boolean, isolated?: boolean }} [options] port: 0 for any free one; models: the bundled models are
 *   served too; isolated: the page may share memory with threads
 */
export async function serveBench(name, { port = 0, models = false, isolated = false } = {}) {
  ensureDependencies();
  ensurePeers();
  const vite = await import('vite');
  const site = join(folder, name);
  const outDir = join(root, '.cache', `bench-${name}`);
  const publicDir = models ? join(root, 'public') : false;
  const config = { root: site, configFile: false, logLevel: 'error', base: './', publicDir };
  const headers = isolated
    ? {
        'Cross-Origin-Opener-Policy': 'same-origin',
        'Cross-Origin-Embedder-Policy': 'require-corp',
      }
    : {};
  await vite.build({
    ...config,
    define: { __BATON_BUILD__: JSON.stringify('bench'), __BATON_COMMIT__: JSON.stringify('') },
    build: {
      outDir,
      emptyOutDir: true,
      target: 'chrome125',
      minify: false,
      chunkSizeWarningLimit: 1e5,
    },
    worker: { format: 'es' },
  });
  const server = await vite.preview({
    ...config,
    build: { outDir },
    preview: { host: '127.0.0.1', port, strictPort: port !== 0, headers },
  });
  return { server, address: `http://127.0.0.1:${server.httpServer.address().port}/` };
}

/**
 * Opens bench/NAME/index.html in Chromium, which defines `runBench(options)`.
 * @param {string} name
 * @param {{ gpu?: boolean, models?: boolean, isolated?: boolean }} [options] gpu: the machine's own GPU instead of the software adapter;
 *   models: the bundled models are served too; isolated: the page may share memory with threads
 */
export async function openBench(name, { gpu = false, models = false, isolated = false } = {}) {
  ensureDependencies();
  const executablePath = ensureChromium();
  if (!executablePath) fail('the bench needs Chromium or Chrome.');
  const { chromium } = await import('@playwright/test');
  const { server, address } = await serveBench(name, { models, isolated });
  const browser = await chromium.launch({
    executablePath,
    args: [
      '--no-sandbox',
      '--enable-unsafe-webgpu',
      ...(gpu ? [] : ['--use-webgpu-adapter=swiftshader']),
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
  const page = await browser.newPage();
  page.on('console', (message) => process.stderr.write(`page: ${message.text()}\n`));
  page.on('pageerror', (error) => process.stderr.write(`page: ${error.message}\n`));
  await page.goto(address);
  await page.waitForFunction(() => 'runBench' in globalThis);
  return {
    browser: `Chromium ${browser.version()}`,
    /** Calls `take` with what the page knows so far. */
    onProgress: (take) => page.exposeFunction('benchProgress', take),
    /** @returns {Promise<any>} what runBench resolves with */
    run: (options) => page.evaluate((o) => globalThis.runBench(o), options),
    async close() {
      await browser.close();
      server.httpServer.closeAllConnections?.();
      await new Promise((resolve) => server.httpServer.close(resolve));
    },
  };
}
