/** Builds the bench for Node (no page, Dawn's own device) and runs it in this process. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { commitOfSources } from '../scripts/commit.mjs';
import { ensureDependencies, fail, root } from '../scripts/dependencies.mjs';
import { ensureVulkan } from '../scripts/setup.mjs';
import { describeVulkan, vulkanEnvironment } from '../scripts/vulkan.mjs';
import { ensurePeers } from './browser.mjs';

/**
 * Builds an entry of the repository into one file that needs no node_modules but Dawn's.
 * @param {string} entry relative to the root
 * @param {string} outDir
 * @param {string} name of the file
 * @param {string} [build] what the code calls its build
 * @param {string} [sources] the checkout whose `src` the entry gets
 * @returns {Promise<string>} its path
 */
export async function buildAlone(entry, outDir, name, build = 'bench', sources = root) {
  ensureDependencies();
  const vite = await import('vite');
  mkdirSync(outDir, { recursive: true });
  await vite.build({
    root,
    configFile: false,
    logLevel: 'error',
    publicDir: false,
    plugins: [sourcesOf(sources)],
    define: {
      __BATON_BUILD__: JSON.stringify(build),
      __BATON_COMMIT__: JSON.stringify(commitOfSources()),
    },
    // The ONNX runtime adds 26 MB of WebAssembly, which only receivers need.
    ssr: { noExternal: true, external: ['webgpu', 'onnxruntime-web'] },
    build: {
      ssr: entry,
      outDir,
      emptyOutDir: false,
      target: 'node20',
      minify: false,
      reportCompressedSize: false,
      rolldownOptions: { output: { entryFileNames: name, codeSplitting: false } },
    },
  });
  return join(outDir, name);
}

/** Takes what an entry two folders down imports of `src` from a checkout. @param {string} checkout */
function sourcesOf(checkout) {
  return {
    name: 'sources',
    enforce: /** @type {const} */ ('pre'),
    /** @param {string} source */
    resolveId: (source) =>
      checkout !== root && source.startsWith('../../src/')
        ? join(checkout, source.slice('../../'.length))
        : null,
  };
}

/** @param {string} outDir @returns {Promise<string>} path of a module that exports `runBench` */
export function buildHeadless(outDir) {
  ensurePeers();
  return buildAlone('bench/page/headless.ts', outDir, 'bench.mjs');
}

async function load() {
  const choice = ensureVulkan({ prefer: 'hardware' });
  if (!choice) fail(describeVulkan(choice));
  Object.assign(process.env, vulkanEnvironment(choice));
  const path = await buildHeadless(join(root, '.cache/bench-headless'));
  return import(pathToFileURL(path).href);
}

/** @param {{ rounds: number, only: string[], peers: string[], quick: boolean, named: string }} options */
export async function runHeadless(options) {
  const { runBench } = await load();
  return runBench({ ...options, models: join(root, 'public/models') });
}

export async function runLimits() {
  const { runLimits: measure } = await load();
  return measure();
}
