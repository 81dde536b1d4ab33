/**
 * The WGSL templates that kernels are made of, with their includes put in. A file named `*.part.wgsl` is no template: it is there to be
 * included by several.
 */
import { withIncludes } from '../gpu/wgsl-include.ts';

const FILES = import.meta.glob<string>('./**/*.wgsl', {
  query: '?raw',
  import: 'default',
  eager: true,
});

const texts = Object.fromEntries(
  Object.entries(FILES).map(([path, text]) => [path.slice('./'.length), text]),
);

/** Text by path below src/kernels. */
export const TEMPLATES: Readonly<Record<string, string>> = Object.fromEntries(
  Object.keys(texts)
    .filter((file) => !file.endsWith('.part.wgsl'))
    .map((file) => [file, withIncludes(file, texts)]),
);

/** The template in a file below src/kernels. @throws RangeError where there is none */
export function loadTemplate(file: string): string {
  const text = TEMPLATES[file];
  if (text === undefined) throw new RangeError(`There is no template ${file}`);
  return text;
}
