/**
 * Builds the service worker beside the page, and tells it what to keep. Workbox's own build tools would make this list too; they bring some
 * three hundred packages, and Vite knows the files already.
 */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const SOURCE = 'src/ui/offline/service-worker.ts';
const NAME = 'service-worker.js';
/** Public files that are kept from the start: what the first page shows and trains. Everything else there is kept once it is used. */
const FIRST = [
  'favicon.svg',
  'icon-',
  'manifest.webmanifest',
  'recordings/',
  'models/policies/countdown-nano/',
  'models/policies/countdown-micro/',
];
/** Emitted files that are not kept from the start: the ONNX runtime alone has 27 MB. */
const LATER = /\.(wasm|map)$/;

const hashOf = (...contents) => {
  const hash = createHash('sha256');
  for (const content of contents) hash.update(content);
  return hash.digest('hex').slice(0, 16);
};

/** @param {string} folder @param {string} below @returns {string[]} paths below the folder, sorted */
function filesIn(folder, below = '') {
  return readdirSync(join(folder, below), { withFileTypes: true })
    .flatMap((entry) => {
      const path = below + entry.name;
      return entry.isDirectory() ? filesIn(folder, `${path}/`) : [path];
    })
    .sort();
}

/** @returns {import('vite').Plugin} */
export function offline() {
  let publicDir = '';
  return {
    name: 'baton:offline',
    // The page alone: the command line and the benchmarks are built by the same settings.
    apply: ({ build }, { command }) => command === 'build' && !build?.ssr,
    configResolved(config) {
      publicDir = config.publicDir;
    },
    buildStart() {
      this.emitFile({ type: 'chunk', id: SOURCE, fileName: NAME });
    },
    generateBundle: {
      order: 'post',
      handler(_, bundle) {
        const worker = bundle[NAME];
        if (worker?.type !== 'chunk' || worker.imports.length > 0)
          this.error('the service worker must stand in one file');
        const emitted = Object.values(bundle)
          .filter(({ fileName }) => fileName !== NAME && !LATER.test(fileName))
          .map((file) => ({
            url: file.fileName,
            // What lies in assets has its hash in its name.
            revision: file.fileName.startsWith('assets/') ? null : hashOf(file.source ?? file.code),
          }));
        const all = filesIn(publicDir);
        const read = (path) => readFileSync(join(publicDir, path));
        const given = all
          .filter((path) => FIRST.some((start) => path.startsWith(start)))
          .map((url) => ({ url, revision: hashOf(read(url)) }));
        const models = all.filter((path) => path.startsWith('models/'));
        const list = {
          files: [...emitted, ...given],
          models: hashOf(...models.flatMap((path) => [path, read(path)])),
        };
        worker.code = worker.code.replaceAll('__BATON_OFFLINE__', () => JSON.stringify(list));
      },
    },
  };
}
