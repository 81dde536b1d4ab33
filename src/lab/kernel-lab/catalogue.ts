/** The list of kernels as plain data, with the text of their templates. */

import { LOOP_LIMIT } from '../../gpu/loop-guard.ts';
import { TEMPLATES } from '../../kernels/templates.ts';
import { templatesOf } from './edits.ts';
import { casesOf, ENTRIES, variantsOf } from './entries.ts';
import type { Catalogue, KernelEntry } from './protocol.ts';

/** The file that holds this text. @throws RangeError where none does */
function fileOf(text: string): string {
  const file = Object.keys(TEMPLATES).find((path) => TEMPLATES[path] === text);
  if (file === undefined) throw new RangeError('A kernel is not made of a file');
  return file;
}

/** Whether a file is no kernel of its own but stands before others. */
function isPart(file: string): boolean {
  return file.includes('philox') || file.startsWith('tree/');
}

export function catalogue(): Catalogue {
  const kernels = ENTRIES.map((entry): KernelEntry => {
    const { id, group, what, formula, make } = entry;
    const variants = variantsOf(entry).map((name) => {
      const files = templatesOf(() => make(name)).map(fileOf);
      // The kernel's own file first, then what stands before it.
      files.sort((a, b) => Number(isPart(a)) - Number(isPart(b)));
      return { name, files, bindings: make(name)[0].bindings };
    });
    return {
      ...{ id, group, what, formula, variants },
      kernels: make(variantsOf(entry)[0]).map(({ name }) => name),
      cases: casesOf(entry).map(({ label }) => label),
    };
  });
  return { kernels, files: TEMPLATES, loopLimit: LOOP_LIMIT };
}
