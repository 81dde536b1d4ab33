/**
 * `npm run pack:portable`: makes a folder that runs the lab's check and the bench on any x86-64 Linux with a Vulkan driver, with no
 * network and nothing installed. It has Node and Dawn's native module (both compressed; together they are 120 MB), the built lab, the
 * bench with jax-js, and the model that the bench uses.
 *
 *   npm run pack:portable [-- --out DIR]     default dist/baton-portable
 *
 * In the folder: `./start` runs check, the adapter report and bench, `./start check`, `./start report`, `./start bench --only matmul`, `./start lab COMMAND`.
 */
import {
  chmodSync,
  cpSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { gzipSync } from 'node:zlib';
import { buildAlone, buildHeadless } from '../bench/headless.mjs';
import { hashSources } from './build-cache.mjs';
import { fail, root } from './dependencies.mjs';

/** Most bytes of the folder. */
const MOST = 60e6;
const MODELS = ['policies/countdown-nano', 'policies/countdown-micro'];

const { values } = parseArgs({
  options: { out: { type: 'string', default: 'dist/baton-portable' } },
});
const out = resolve(root, values.out);
if (process.platform !== 'linux' || process.arch !== 'x64')
  fail('the portable folder holds the Node that packs it, so it is packed on x86-64 Linux.');

/** Unpacks Node and Dawn at the first start, finds a driver, and hands over to Node. */
const START = `#!/bin/sh
# Baton without an installation: check and bench on this machine's Vulkan driver. Needs sh, gzip and libvulkan.so.1.
# BATON_UNPACKED names another folder for what is unpacked (120 MB), where this one cannot be written.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
unpacked=\${BATON_UNPACKED:-$here/unpacked}
if [ ! -x "$unpacked/node" ] || [ ! -f "$unpacked/ready" ]; then
  mkdir -p "$unpacked/node_modules/webgpu/dist/linux-x64"
  gzip -dc "$here/packed/node.gz" > "$unpacked/node"
  gzip -dc "$here/packed/dawn.node.gz" > "$unpacked/node_modules/webgpu/dist/linux-x64/dawn.node"
  cp "$here/packed/webgpu/package.json" "$here/packed/webgpu/index.js" "$unpacked/node_modules/webgpu/"
  cp "$here/lab.mjs" "$here/bench.mjs" "$here/run.mjs" "$here/vulkan.mjs" "$here/report.mjs" "$unpacked/"
  chmod +x "$unpacked/node"
  : > "$unpacked/ready"
fi
exec "$unpacked/node" "$unpacked/run.mjs" "$here" "$@"
`;

rmSync(out, { recursive: true, force: true });
mkdirSync(join(out, 'packed/webgpu'), { recursive: true });

const dawn = join(root, 'node_modules/webgpu');
const compress = (from, to) => writeFileSync(to, gzipSync(readFileSync(from), { level: 9 }));
compress(process.execPath, join(out, 'packed/node.gz'));
compress(join(dawn, 'dist/linux-x64/dawn.node'), join(out, 'packed/dawn.node.gz'));
for (const file of ['package.json', 'index.js'])
  cpSync(join(dawn, file), join(out, 'packed/webgpu', file));
const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
await buildAlone('src/cli/main.ts', out, 'lab.mjs', `${version}+${hashSources(['src'])}`);
await buildHeadless(out);
cpSync(join(root, 'scripts/vulkan.mjs'), join(out, 'vulkan.mjs'));
cpSync(join(root, 'scripts/portable-run.mjs'), join(out, 'run.mjs'));
cpSync(join(root, 'bench/report.mjs'), join(out, 'report.mjs'));
for (const model of MODELS)
  cpSync(join(root, 'public/models', model), join(out, 'public/models', model), {
    recursive: true,
  });
cpSync(join(root, 'LICENSE'), join(out, 'LICENSE'));
writeFileSync(join(out, 'start'), START);
chmodSync(join(out, 'start'), 0o755);

function sizeOf(path) {
  const stat = statSync(path);
  if (!stat.isDirectory()) return stat.size;
  return readdirSync(path).reduce((sum, name) => sum + sizeOf(join(path, name)), 0);
}
const size = sizeOf(out);
console.log(`${out}: ${(size / 1e6).toFixed(1)} MB, Node ${process.version}; run ./start in it`);
if (size > MOST) fail(`the folder has more than ${MOST / 1e6} MB.`);
