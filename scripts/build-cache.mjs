/**
 * Builds cached by the hash of their sources: `.cache/NAME-HASH/`. A build is made in a temporary folder and then
 * moved into place, so two processes may ask at once and neither sees half a build. Older builds stay for the servers
 * and runs that still use them.
 */
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
} from 'node:fs';
import { join } from 'node:path';
import { root } from './dependencies.mjs';

const cache = join(root, '.cache');
/** Builds that were not used for this long are deleted, in milliseconds. A server marks its own build as used more often. */
const KEEP = 6 * 3600_000;

/** Every file below the given paths (relative to the root) that `keep` accepts, sorted. */
function listFiles(paths, keep) {
  const files = [];
  const visit = (path) => {
    const stat = statSync(join(root, path), { throwIfNoEntry: false });
    if (!stat) return;
    if (stat.isDirectory())
      for (const name of readdirSync(join(root, path))) visit(`${path}/${name}`);
    else if (keep(path)) files.push(path);
  };
  for (const path of paths) visit(path);
  return files.sort();
}

/**
 * @param {string[]} paths files and folders, relative to the root
 * @returns {string} SHA-256 over names and contents, the first 12 hex digits; tests do not count
 */
export function hashSources(paths) {
  const hash = createHash('sha256');
  for (const file of listFiles(paths, (path) => !/\.(test|spec)\.tsx?$/.test(path))) {
    const bytes = readFileSync(join(root, file));
    hash.update(`${file}\0${bytes.length}\0`).update(bytes);
  }
  return hash.digest('hex').slice(0, 12);
}

/** Marks a build as in use. */
export function touch(dir) {
  const now = new Date();
  utimesSync(dir, now, now);
}

function deleteOldBuilds(name, keep) {
  for (const entry of readdirSync(cache)) {
    const dir = join(cache, entry);
    if (!entry.startsWith(`${name}-`) || dir === keep) continue;
    const used = statSync(dir, { throwIfNoEntry: false })?.mtimeMs ?? 0;
    if (Date.now() - used > KEEP) rmSync(dir, { recursive: true, force: true });
  }
}

/**
 * The folder of the build of these sources, which is built first if it does not exist.
 *
 * @param {string} name of the cache: `page` or `lab`
 * @param {string} hash of the sources
 * @param {(outDir: string) => Promise<unknown>} build writes the build into a folder that does not exist yet
 * @returns {Promise<string>} absolute path
 */
export async function cachedBuild(name, hash, build) {
  const place = join(cache, `${name}-${hash}`);
  if (!existsSync(place)) {
    mkdirSync(cache, { recursive: true });
    const draft = `${place}.${process.pid}`;
    try {
      await build(draft);
      renameSync(draft, place);
    } catch (error) {
      // Somebody else built the same meanwhile: theirs is as good.
      if (!existsSync(place)) throw error;
    } finally {
      rmSync(draft, { recursive: true, force: true });
    }
  }
  touch(place);
  deleteOldBuilds(name, place);
  return place;
}
