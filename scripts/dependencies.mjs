/**
 * Installs the dependencies if they are missing or differ from package-lock.json.
 *
 * Node built-ins only. Every message goes to standard error, because standard output belongs to the
 * command that asked.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('..', import.meta.url));
const lockDir = `${root}.cache/install.lock`;

const readJson = (name) => JSON.parse(readFileSync(root + name, 'utf8'));

/** Ends the process with a one-sentence message. */
export function fail(sentence) {
  process.stderr.write(`baton: ${sentence}\n`);
  process.exit(1);
}

/** Ends the process if this Node is older than `engines` in package.json allows. */
export function requireNode() {
  const wanted = /(\d+)\.(\d+)/.exec(readJson('package.json').engines.node);
  const [major, minor] = process.versions.node.split('.').map(Number);
  const enough =
    major > Number(wanted[1]) || (major === Number(wanted[1]) && minor >= Number(wanted[2]));
  if (!enough) {
    fail(
      `Node ${wanted[1]}.${wanted[2]} or newer is needed, and this is ${process.versions.node}. Install a newer Node and try again.`,
    );
  }
}

/** @returns {boolean} whether every package of the lockfile is installed in the version it names */
function upToDate() {
  const installedPath = 'node_modules/.package-lock.json';
  if (!existsSync(root + installedPath)) return false;
  try {
    const wanted = readJson('package-lock.json').packages;
    const installed = readJson(installedPath).packages;
    return Object.entries(wanted).every(
      ([path, { version, optional, devOptional, peer }]) =>
        path === '' ||
        installed[path]?.version === version ||
        (!installed[path] && Boolean(optional || devOptional || peer)),
    );
  } catch {
    return false;
  }
}

function sleep(milliseconds) {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);
}

/** Takes the lock that prevents two installs at once. A lock left by a killed process becomes stale after ten minutes. */
function takeLock() {
  mkdirSync(`${root}.cache`, { recursive: true });
  for (;;) {
    try {
      mkdirSync(lockDir);
      return;
    } catch (error) {
      if (error.code !== 'EEXIST') throw error;
    }
    const made = statSync(lockDir, { throwIfNoEntry: false })?.mtimeMs ?? 0;
    if (made && Date.now() - made > 600_000) rmSync(lockDir, { recursive: true, force: true });
    else sleep(500);
  }
}

/** Makes sure that the dependencies are installed; ends the process with a message if they cannot be. */
export function ensureDependencies() {
  requireNode();
  if (upToDate()) return;
  takeLock();
  try {
    if (upToDate()) return;
    process.stderr.write('baton: installing dependencies (npm ci), about a minute\n');
    const npm = process.env.npm_execpath;
    const [program, first] = npm ? [process.execPath, [npm]] : ['npm', []];
    const result = spawnSync(program, [...first, 'ci', '--loglevel=warn'], {
      cwd: root,
      stdio: ['ignore', 2, 2],
      shell: !npm && process.platform === 'win32',
    });
    if (result.error || result.status !== 0) {
      rmSync(lockDir, { recursive: true, force: true });
      fail(
        'npm ci could not install the dependencies (its message is above). Check the network, or the npm registry set in .npmrc, and try again.',
      );
    }
  } finally {
    rmSync(lockDir, { recursive: true, force: true });
  }
}
