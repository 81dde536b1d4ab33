/**
 * Bounds every loop of a changed kernel by construction. A dispatch that has begun cannot be stopped on every adapter (ending the worker
 * drops the device, but a software adapter computes on), so no loop that a reader writes may be endless: each turn is counted and
 * the loop is left after `LOOP_LIMIT` turns. WGSL has no recursion, so nothing else can be endless.
 */

/** Turns of all loops of an invocation together; of each loop of a function's call where barriers forbid a shared count. */
export const LOOP_LIMIT = 65_536;

const COUNT = 'baton_turns';

/** What needs uniform control flow: a count in private memory would count as non-uniform there, one of a function does not. */
const UNIFORM =
  /\b(workgroupBarrier|storageBarrier|textureBarrier|workgroupUniformLoad|subgroup\w+|quad\w+)\b/;

/** Blanks out comments, so that places in the text stay what they are. */
function withoutComments(source: string): string {
  let out = '';
  let at = 0;
  while (at < source.length) {
    let end = at + 1;
    if (source.startsWith('//', at)) {
      const line = source.indexOf('\n', at);
      end = line < 0 ? source.length : line;
    } else if (source.startsWith('/*', at)) {
      // Comments of WGSL nest.
      let depth = 1;
      end = at + 2;
      while (end < source.length && depth > 0) {
        if (source.startsWith('/*', end)) depth += 1;
        else if (source.startsWith('*/', end)) depth -= 1;
        else {
          end += 1;
          continue;
        }
        end += 2;
      }
    } else {
      out += source[at];
      at = end;
      continue;
    }
    out += source.slice(at, end).replace(/[^\n]/g, ' ');
    at = end;
  }
  return out;
}

/** The brace that opens the body after a keyword: the first outside parentheses; -1 where there is none. */
function bodyAfter(code: string, from: number): number {
  let depth = 0;
  for (let at = from; at < code.length; at++) {
    if (code[at] === '(') depth += 1;
    else if (code[at] === ')') depth -= 1;
    else if (code[at] === '{' && depth === 0) return at;
  }
  return -1;
}

/** WGSL with bounded loops. No line is added or moved. */
export function guardLoops(source: string): string {
  const code = withoutComments(source);
  const loops = [...code.matchAll(/\b(for|while|loop)\b/g)];
  if (loops.length === 0) return source;
  const shared = !UNIFORM.test(code);
  const inserts: { at: number; text: string }[] = [];
  for (const [i, match] of loops.entries()) {
    // A count is only uniform if no loop that is not counts in it, so here each loop has its own.
    const count = shared ? COUNT : `${COUNT}_${i}`;
    const text = ` if (${count} >= ${LOOP_LIMIT}u) { break; } ${count}++; `;
    inserts.push({ at: bodyAfter(code, match.index), text });
  }
  if (!shared) {
    const counts = loops.map((_, i) => `var ${COUNT}_${i} = 0u; `).join('');
    for (const match of code.matchAll(/\bfn\b/g))
      inserts.push({ at: bodyAfter(code, match.index), text: ` ${counts}` });
  }
  // After the last brace: behind it the line may end in a comment.
  if (shared) inserts.push({ at: code.lastIndexOf('}'), text: ` var<private> ${COUNT}: u32;` });
  let out = source;
  for (const { at, text } of inserts.sort((a, b) => b.at - a.at))
    if (at >= 0) out = out.slice(0, at + 1) + text + out.slice(at + 1);
  return out;
}
