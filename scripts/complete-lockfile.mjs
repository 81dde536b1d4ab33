/**
 * `node scripts/complete-lockfile.mjs`: gives package-lock.json an entry for every optional dependency.
 *
 * npm leaves out builds for other systems if its registry does not have them, and `npm ci` then refuses the lockfile
 * everywhere. Entries that lack a hash of their bytes get it from the registry. Run this after changing dependencies; a
 * unit test reminds you.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const path = fileURLToPath(new URL('../package-lock.json', import.meta.url));

const SYSTEMS = [
  'aix',
  'android',
  'darwin',
  'freebsd',
  'linux',
  'netbsd',
  'openbsd',
  'openharmony',
  'sunos',
  'win32',
];
const PROCESSORS = [
  'arm',
  'arm64',
  'ia32',
  'loong64',
  'ppc64',
  'riscv64',
  's390x',
  'wasm32',
  'x64',
];
const C_LIBRARIES = { gnu: 'glibc', gnueabihf: 'glibc', musl: 'musl', musleabihf: 'musl' };

/** Whether Node would find `name` from inside the package at `from` (a key of the lockfile's `packages`). */
function resolves(packages, from, name) {
  for (
    let base = from;
    ;
    base = base.slice(0, Math.max(0, base.lastIndexOf('node_modules/') - 1))
  ) {
    if (packages[`${base ? `${base}/` : ''}node_modules/${name}`]) return true;
    if (!base) return false;
  }
}

/**
 * @param {Record<string, { dev?: boolean, optionalDependencies?: Record<string, string> }>} packages of a lockfile
 * @returns {{ name: string, range: string, dev: boolean }[]} optional dependencies without an entry
 */
export function missingEntries(packages) {
  return Object.entries(packages).flatMap(([from, { dev, optionalDependencies = {} }]) =>
    Object.entries(optionalDependencies)
      .filter(([name]) => !resolves(packages, from, name))
      .map(([name, range]) => ({ name, range, dev: Boolean(dev) })),
  );
}

/** The entry of a build for one system, read from its name, such as `@x/binding-linux-arm64-musl`. */
function entry({ name, range, dev }) {
  if (!/^\d/.test(range))
    throw new Error(`${name} is wanted as ${range}, which is not one version`);
  const words = name.split(/[-./]/);
  const cpu = PROCESSORS.filter((word) => words.includes(word));
  const os = SYSTEMS.filter((word) => words.includes(word));
  const libc = os.includes('linux') ? words.flatMap((word) => C_LIBRARIES[word] ?? []) : [];
  return {
    version: range,
    ...(cpu.length > 0 && { cpu }),
    ...(dev && { dev }),
    ...(libc.length > 0 && { libc }),
    optional: true,
    ...(os.length > 0 && { os }),
  };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const lockfile = JSON.parse(readFileSync(path, 'utf8'));
  const missing = missingEntries(lockfile.packages);
  for (const item of missing) lockfile.packages[`node_modules/${item.name}`] = entry(item);
  for (const [where, item] of Object.entries(lockfile.packages)) {
    if (where === '' || item.link || item.integrity) continue;
    const name =
      item.name ?? where.slice(where.lastIndexOf('node_modules/') + 'node_modules/'.length);
    const wanted = ['view', `${name}@${item.version}`, 'dist.integrity'];
    const integrity = execFileSync('npm', wanted, { encoding: 'utf8' }).trim();
    if (!integrity.startsWith('sha512-')) throw new Error(`${name} has no hash in the registry`);
    const { version, ...rest } = item;
    lockfile.packages[where] = { version, integrity, ...rest };
  }
  const sorted = Object.entries(lockfile.packages).sort(([a], [b]) => (a < b ? -1 : 1));
  lockfile.packages = Object.fromEntries(sorted);
  writeFileSync(path, `${JSON.stringify(lockfile, null, 2)}\n`);
  console.log(`${missing.length} entries added`);
}
