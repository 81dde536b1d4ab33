/** Which commit a build is of, so that a report from elsewhere can be looked up in the history. */
import { spawnSync } from 'node:child_process';
import { root } from './dependencies.mjs';

/** Tests are no part of a build. */
const SOURCES = ['--', 'src', 'package.json', ':(exclude)*.test.ts', ':(exclude)*.test.tsx'];

/** @param {string[]} args @returns {string | null} what git says, null where it says nothing useful */
function git(...args) {
  const { status, stdout } = spawnSync('git', args, { cwd: root, encoding: 'utf8' });
  return status === 0 ? stdout.trim() : null;
}

/**
 * @returns {string} the last commit that touched the sources, such as `2c545be6`, or `2c545be6 and changes`; empty where
 *   there is no history
 */
export function commitOfSources() {
  const commit = git('log', '-1', '--format=%h', '--abbrev=8', ...SOURCES);
  if (!commit) return '';
  const changed = git('status', '--porcelain', ...SOURCES);
  return changed === '' ? commit : `${commit} and changes`;
}
