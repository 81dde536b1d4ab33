/**
 * `npm run -s lab -- COMMAND`: the lab without a page. Installs dependencies and a Vulkan driver if they are
 * missing, builds src/cli/main.ts if its sources have changed, and runs it in this process.
 *
 * Only the command writes to standard output. BATON_ROOT names the repository's folder, for bundled files;
 * other paths are relative to the caller's working directory.
 */
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { cachedBuild, hashSources } from './build-cache.mjs';
import { ensureDependencies, fail, root } from './dependencies.mjs';
import { ensureVulkan } from './setup.mjs';
import { describeVulkan, vulkanEnvironment } from './vulkan.mjs';

const SOURCES = ['src', 'vite.config.ts', 'package.json', 'package-lock.json'];
/** Commands that never open a device. */
const WITHOUT_GPU = new Set([
  undefined,
  'reward',
  'export-onnx',
  'bundle',
  'help',
  '--help',
  '-h',
  '--version',
]);

async function build() {
  const hash = hashSources(SOURCES);
  process.env.BATON_SOURCES = hash;
  const dir = await cachedBuild('lab', hash, async (draft) => {
    const vite = await import('vite');
    const toStderr = (text) => process.stderr.write(`${text}\n`);
    const customLogger = { ...vite.createLogger('error'), error: toStderr, info() {}, warn() {} };
    await vite.build({
      root,
      customLogger,
      // The reporter writes to standard output whatever the logger, unless it is told to be silent.
      logLevel: 'error',
      publicDir: false,
      build: {
        ssr: 'src/cli/main.ts',
        outDir: draft,
        target: 'node20',
        minify: false,
        reportCompressedSize: false,
        sourcemap: 'inline',
        // A single file: a run of many hours must not have to load another one later.
        rolldownOptions: { output: { entryFileNames: 'main.mjs', codeSplitting: false } },
      },
    });
  });
  return join(dir, 'main.mjs');
}

ensureDependencies();
const args = process.argv.slice(2);
if (!WITHOUT_GPU.has(args[0])) {
  const choice = ensureVulkan({ prefer: 'hardware' });
  if (!choice) fail(describeVulkan(choice));
  Object.assign(process.env, vulkanEnvironment(choice));
}
const main = await build().catch((error) => fail(`The lab could not be built: ${error.message}`));
process.env.BATON_ROOT = root;
// npm starts scripts in the package's folder, but paths are relative to the folder in which the caller typed them.
if (process.env.npm_lifecycle_event === 'lab' && process.env.INIT_CWD) {
  process.chdir(process.env.INIT_CWD);
}
process.argv = [process.argv[0], main, ...args];
process.setSourceMapsEnabled(true);
await import(pathToFileURL(main).href);
