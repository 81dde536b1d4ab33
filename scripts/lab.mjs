/**
 * `npm run -s lab -- COMMAND`: the lab without a page. Makes sure of the dependencies and of a Vulkan
 * driver, builds src/cli/main.ts when its sources changed, and runs it in this process.
 *
 * Standard output is the command's alone. BATON_ROOT names the folder of the repository, for what is
 * bundled there; other paths are relative to the folder the caller stands in.
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
        // One file: a run that lasts for hours must not look for a second one later.
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
// npm starts scripts in the package's folder; the paths of the caller are relative to where they typed.
if (process.env.npm_lifecycle_event === 'lab' && process.env.INIT_CWD) {
  process.chdir(process.env.INIT_CWD);
}
process.argv = [process.argv[0], main, ...args];
process.setSourceMapsEnabled(true);
await import(pathToFileURL(main).href);
