/** Changed templates. They take the place of the original in everything that is recorded, and errors are told by their lines. */
import { asChanged } from '../../gpu/loop-guard.ts';
import {
  expandTemplate,
  interceptTemplates,
  type TemplateConstants,
} from '../../gpu/wgsl-template.ts';
import type { Problem } from './protocol.ts';

/** Stands before a line's number in front of a line while a template is expanded; no kernel contains it. */
const MARK = '¤';

export interface Expansion {
  readonly text: string;
  /** The template's line (from 1) of each line of the text. */
  readonly lines: readonly number[];
}

/** Expands a template and remembers where each line came from. @throws ShaderError */
export function expandWithLines(source: string, constants: TemplateConstants): Expansion {
  const marked = source
    .split('\n')
    .map((line, i) => (/^\s*\/\/%/.test(line) ? line : `${MARK}${i + 1}${MARK}${line}`))
    .join('\n');
  let last = 1;
  const lines: number[] = [];
  const text = expandTemplate(marked, constants)
    .split('\n')
    .map((line) => {
      const match = /^¤(\d+)¤(.*)$/s.exec(line);
      // What an unrolled loop adds of its own belongs to the line before.
      if (match) last = Number(match[1]);
      lines.push(last);
      return match ? match[2] : line;
    })
    .join('\n');
  return { text, lines };
}

export interface Replacement {
  /** The text of the template that is replaced. */
  readonly original: string;
  /** What stands there instead. */
  readonly text: string;
}

/**
 * Runs `work` while templates are replaced, with bounded loops.
 * @param onExpand is told of each expansion of the first of them, with the text before its loops were bounded
 */
export async function withReplacements<T>(
  replacements: readonly [Replacement, ...Replacement[]],
  work: () => Promise<T>,
  onExpand: (expansion: Expansion, constants: TemplateConstants) => void = () => undefined,
): Promise<T> {
  interceptTemplates((source, constants) => {
    const found = replacements.find(({ original }) => original === source);
    if (!found) return expandTemplate(source, constants);
    const expansion = expandWithLines(found.text, constants);
    if (found === replacements[0]) onExpand(expansion, constants);
    return asChanged(expansion.text);
  });
  try {
    return await work();
  } finally {
    interceptTemplates(null);
  }
}

/** The templates that `make` expands, in order. */
export function templatesOf(make: () => unknown): string[] {
  const seen: string[] = [];
  interceptTemplates((source, constants) => {
    if (!seen.includes(source)) seen.push(source);
    return expandTemplate(source, constants);
  });
  try {
    make();
  } finally {
    interceptTemplates(null);
  }
  return seen;
}

/** A compiler's errors by the lines of the template, each told once. `before`: lines of the kernel's text in front of the expansion. */
export function problemsOf(
  messages: readonly { readonly line: number; readonly message: string }[],
  { lines }: Expansion,
  before: number,
): Problem[] {
  const found = new Map<string, Problem>();
  for (const { line, message } of messages) {
    const at = lines[line - 1 - before] ?? 0;
    found.set(`${at} ${message}`, { line: at, message });
  }
  return [...found.values()].sort((a, b) => a.line - b.line);
}
