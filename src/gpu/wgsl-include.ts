/**
 * Lines that several WGSL templates share, written once:
 *
 *   //% include FILE        gives way to the lines of FILE, which is looked for in the folder of the file that includes it
 *
 * The lines are indented as the include is, and may include others. Includes are put in when templates are loaded, before any of them is
 * expanded (wgsl-template.ts), so that a template is one whole text for all who expand, show or change it.
 */
import { BatonError } from '../errors.ts';

/**
 * The text of a file with its includes put in.
 * @param texts of all files, by path
 * @throws ShaderError with file and line, where a file does not exist or includes itself
 */
export function withIncludes(file: string, texts: Readonly<Record<string, string>>): string {
  return linesOf(file, texts, []).join('\n');
}

/** @param within the files that include this one, the outermost first */
function linesOf(
  file: string,
  texts: Readonly<Record<string, string>>,
  within: readonly string[],
): string[] {
  const lines = (texts[file] ?? '').split('\n');
  return lines.flatMap((line, i) => {
    const [, indent = '', named] = /^(\s*)\/\/%\s*include\b\s*(.*?)\s*$/.exec(line) ?? [];
    if (named === undefined) return [line];
    const where = `${file}, line ${i + 1}`;
    if (named === '') throw bad(where, 'an include names no file');
    const path = resolved(file, named);
    if (texts[path] === undefined) throw bad(where, `there is no file ${path} to include`);
    const chain = [...within, file];
    if (chain.includes(path))
      throw bad(where, `an include goes in a circle: ${[...chain, path].join(', ')}`);
    const included = linesOf(path, texts, chain);
    // A file ends with a line break, which the line of the include has already.
    if (included.at(-1) === '') included.pop();
    return included.map((text) => (text === '' ? text : indent + text));
  });
}

/** The path of a file that is named from another. */
function resolved(from: string, named: string): string {
  const parts = from.split('/').slice(0, -1);
  for (const part of named.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '.') parts.push(part);
  }
  return parts.join('/');
}

function bad(where: string, message: string): BatonError {
  return new BatonError({
    kind: 'ShaderError',
    message: `WGSL template ${where}: ${message}`,
    remedy: 'This is a mistake in a kernel. Nothing was started.',
  });
}
