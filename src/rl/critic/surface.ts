/**
 * One surface form for all answers, so that a critic cannot tell the author by how an answer is set. Only whitespace and brackets
 * change; numbers, words, signs and their order are content.
 */

const BRACKETS: Readonly<Record<string, string>> = { '[': '(', '{': '(', ']': ')', '}': ')' };

/** Runs of spaces become one, none stands beside a sign or a line's end, brackets are round, and none enclose the whole. */
export function surfaceForm(text: string): string {
  let form = text
    .replace(/[[{\]}]/g, (bracket) => BRACKETS[bracket])
    .replace(/[^\S\n]+/g, ' ')
    .replace(/ ?([^\p{L}\p{N} ]) ?/gu, '$1')
    .replace(/\n+/g, '\n')
    .trim();
  while (isEnclosed(form)) form = form.slice(1, -1).trim();
  return form;
}

/** Whether the first bracket closes with the last character and not before. */
function isEnclosed(text: string): boolean {
  if (!text.startsWith('(') || !text.endsWith(')')) return false;
  let depth = 0;
  for (let i = 0; i < text.length - 1; i++) {
    if (text[i] === '(') depth++;
    else if (text[i] === ')') depth--;
    if (depth === 0) return false;
  }
  return depth === 1;
}
