/**
 * `npm run study -- NAME`: a study's runs and its report (studies/main.ts, `--help` for more). Makes sure of the dependencies and
 * of a Vulkan driver, and builds the studies and the lab when their sources changed.
 */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { cachedBuild, hashSources } from './build-cache.mjs';
import { ensureDependencies, fail, root } from './dependencies.mjs';
import { ensureVulkan } from './setup.mjs';
import { describeVulkan, vulkanEnvironment } from './vulkan.mjs';

/** Options with which nothing is trained. */
const WITHOUT_LAB = ['--report-only', '--list', '--help'];

async function build() {
  const hash = hashSources(['studies', 'src/rl', 'src/ui/plot', 'package-lock.json']);
  const dir = await cachedBuild('study', hash, async (draft) => {
    const vite = await import('vite');
    await vite.build({
      root,
      logLevel: 'error',
      publicDir: false,
      build: {
        ssr: 'studies/main.ts',
        outDir: draft,
        target: 'node20',
        minify: false,
        reportCompressedSize: false,
        sourcemap: 'inline',
        rolldownOptions: { output: { entryFileNames: 'main.mjs', codeSplitting: false } },
      },
    });
  });
  return join(dir, 'main.mjs');
}

/** Lets the lab build itself, and asks it for its version. */
function buildLab() {
  const { status, stdout } = spawnSync(process.execPath, ['scripts/lab.mjs', '--version'], {
    cwd: root,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  if (status !== 0) fail('The lab could not be built; its message is above.');
  const { version } = JSON.parse(stdout.trimEnd().split('\n').at(-1));
  process.env.BATON_LAB_BUILD = version;
  process.env.BATON_LAB = join(root, `.cache/lab-${version.split('+')[1]}`, 'main.mjs');
}

ensureDependencies();
const args = process.argv.slice(2);
const main = await build().catch((error) => fail(`The study could not be built: ${error.message}`));
if (args.length > 0 && !args.some((arg) => WITHOUT_LAB.includes(arg))) {
  const choice = ensureVulkan({ prefer: 'hardware' });
  if (!choice) fail(describeVulkan(choice));
  Object.assign(process.env, vulkanEnvironment(choice));
  buildLab();
}
process.env.BATON_ROOT = root;
process.argv = [process.argv[0], main, ...args];
process.setSourceMapsEnabled(true);
await import(pathToFileURL(main).href);
