/** Remembers in the repository's .cache folder which kernel variants suit this machine, so that the next command need not measure. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { BUILD } from '../build.ts';
import type { Decision, VariantStore } from '../kernels/tune.ts';

/** Names of builds that identify their sources. The sources of any other build may change while its name stays the same. */
const HASHED = /\+[0-9a-f]{12}$/;

/** @returns undefined if the build's name does not identify its sources */
export function variantFile(root: string, build = BUILD): VariantStore | undefined {
  if (!HASHED.test(build)) return undefined;
  const path = join(root, '.cache', 'variants.json');
  return {
    build: `${build} node ${process.versions.node}`,
    get: async (key) => entries(path, build)[key] ?? null,
    set: async (key, decision) => {
      mkdirSync(dirname(path), { recursive: true });
      const all = { ...entries(path, build), [key]: decision };
      writeFileSync(path, `${JSON.stringify(all, null, 2)}\n`);
    },
  };
}

/** The entries of one build; an old or broken file counts as missing. */
function entries(path: string, build: string): Record<string, Decision> {
  try {
    const all: unknown = JSON.parse(readFileSync(path, 'utf8'));
    const own = Object.entries(all ?? {}).filter(([key]) => key.startsWith(build));
    return Object.fromEntries(
      own.filter(([, choice]) => typeof choice === 'object' && choice !== null),
    );
  } catch {
    return {};
  }
}
