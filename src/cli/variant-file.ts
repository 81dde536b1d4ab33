/** Remembers which kernel variants suit this machine, in the repository's .cache folder, so that the next command measures nothing. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { BUILD } from '../build.ts';
import type { VariantChoice, VariantStore } from '../kernels/tune.ts';

/** Builds that name their sources: any other may change without changing its name. */
const HASHED = /\+[0-9a-f]{12}$/;

/** @returns nothing where the build does not say what it was made of */
export function variantFile(root: string, build = BUILD): VariantStore | undefined {
  if (!HASHED.test(build)) return undefined;
  const path = join(root, '.cache', 'variants.json');
  return {
    build: `${build} node ${process.versions.node}`,
    get: async (key) => entries(path, build)[key] ?? null,
    set: async (key, choice) => {
      mkdirSync(dirname(path), { recursive: true });
      const all = { ...entries(path, build), [key]: choice };
      writeFileSync(path, `${JSON.stringify(all, null, 2)}\n`);
    },
  };
}

/** What the file holds of one build; what is old or broken counts as not there. */
function entries(path: string, build: string): Record<string, VariantChoice> {
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
