/**
 * Bounds the loops of a changed kernel by construction. A dispatch that has begun cannot be stopped on every adapter (ending the worker
 * drops the device, but a software adapter computes on), so nothing that a reader writes may be endless. WGSL has no recursion: what is
 * left are loops, and calls that branch into more calls.
 *
 * Loops. An invocation has one budget of turns, whatever calls or contains what. Every turn counts, and a loop whose budget is used up is left.
 * - Without barriers in the text all loops share one count, in private memory.
 * - A count in private memory is never uniform to a compiler, and no loop around a barrier may be left by some invocations and not by others.
 *   So in a text with barriers counts are variables of the entry point, handed down by pointer. Loops around a barrier share one
 *   count: they are uniform or the text is refused, so nothing but uniform turns count in it, and all invocations leave together. Every other loop has a
 *   count of its own: where its turns differ among invocations, no other loop knows. The budget is divided among these counts.
 *   The compiler's own analysis of uniform control flow goes over the result, so a mistake here is an error, not a barrier that some skip.
 *
 * Calls. `f` calls `g` twice, `g` calls `h` twice: thirty such functions are 2^30 calls without a loop. So the text with its calls
 * written out has to stay below a length. Work is bounded by turns times that length.
 */
import {
  type Call,
  functionsOf,
  unreadable,
  type WgslFunction,
  withoutComments,
} from './wgsl-code.ts';

/** Turns that one count allows: those of all loops together in a text without barriers. */
export const LOOP_LIMIT = 65_536;
/** Turns of an invocation that all counts of a text allow together. */
export const TURN_BUDGET = 16 * LOOP_LIMIT;
/** Characters of the entry point with its calls written out; the longest kernel of Baton has some 70,000. */
export const MAX_WRITTEN_OUT = 2 ** 20;
/** Counts that functions declare and hand to one another, all together: it bounds the text that comes out. */
export const MAX_HANDED = 2 ** 14;

const BARRIER =
  /(?<![\p{XIDC}])(?:workgroupBarrier|storageBarrier|textureBarrier|workgroupUniformLoad)(?![\p{XIDC}])/gu;
/** These too want uniform control flow, if not as strictly. */
const EXCHANGE = /(?<![\p{XIDC}])(?:subgroup|quad)[A-Z]/u;

/** Stands in front of a text that a reader has changed. */
const CHANGED = '/*changed by the reader*/ ';

/** Marks an expanded template as changed: whatever it becomes a part of is compiled with bounded loops. */
export function asChanged(text: string): string {
  return CHANGED + text;
}

/** A whole kernel as it is compiled: with bounded loops where a part of it was changed. @throws as `guardLoops` */
export function boundedIfChanged(source: string): string {
  return source.includes(CHANGED) ? guardLoops(source) : source;
}

/**
 * A whole kernel with bounded loops and without comments. No line is added or moved.
 * @throws ShaderError where functions or loops cannot be made out, or calls branch too far
 */
export function guardLoops(source: string): string {
  const code = withoutComments(source);
  const functions = functionsOf(code);
  const byName = new Map(functions.map((one) => [one.name, one]));
  refuseManyCalls(functions, byName);
  // A name of its own, or the text could put the count back.
  const taken = [...code.matchAll(/baton_turns_*/g)].map(([name]) => name);
  const longest = taken.reduce((a, b) => (a.length > b.length ? a : b), '');
  const count = longest === '' ? 'baton_turns' : `${longest}_`;
  const uniform = code.search(BARRIER) !== -1 || EXCHANGE.test(code);
  const inserts = uniform
    ? countsByPointer(code, functions, byName, count)
    : countInPrivate(code, functions, count);
  let out = '';
  let at = 0;
  for (const insert of inserts.sort((a, b) => a.at - b.at)) {
    out += code.slice(at, insert.at) + insert.text;
    at = insert.at;
  }
  return out + code.slice(at);
}

interface Insert {
  readonly at: number;
  readonly text: string;
}

type Functions = readonly WgslFunction[];
type ByName = ReadonlyMap<string, WgslFunction>;

function refuseManyCalls(functions: Functions, byName: ByName): void {
  const lengths = new Map<string, number>();
  const writtenOut = ({ name, from, to, calls }: WgslFunction): number => {
    const known = lengths.get(name);
    if (known !== undefined) return known;
    // What calls itself is refused by the compiler; here it only must not go on for ever.
    lengths.set(name, Number.POSITIVE_INFINITY);
    const length = calls.reduce((sum, call) => {
      const called = byName.get(call.name);
      return sum + (called ? writtenOut(called) : 0);
    }, to - from);
    lengths.set(name, length);
    return length;
  };
  for (const one of functions)
    if (writtenOut(one) > MAX_WRITTEN_OUT) throw unreadable(`${one.name} leads to too many calls`);
}

function countInPrivate(code: string, functions: Functions, count: string): Insert[] {
  const loops = functions.flatMap((one) => one.loops);
  if (loops.length === 0) return [];
  const check = ` if (${count} >= ${LOOP_LIMIT}u) { break; } ${count}++; `;
  return [
    ...loops.map(({ brace }) => ({ at: brace + 1, text: check })),
    { at: code.lastIndexOf('}') + 1, text: ` var<private> ${count}: u32;` },
  ];
}

/** Whether a part of a function meets a barrier, itself or in what it calls. */
function barriers(code: string, byName: ByName) {
  const known = new Map<string, boolean>();
  const marks = [...code.matchAll(BARRIER)].map(({ index }) => index);
  const inPart = (from: number, to: number, calls: readonly Call[]): boolean =>
    marks.some((at) => from <= at && at < to) ||
    calls.some(({ name, at }) => from <= at && at < to && inFunction(name));
  const inFunction = (name: string): boolean => {
    const one = byName.get(name);
    if (!one) return false;
    let meets = known.get(name);
    if (meets === undefined) {
      known.set(name, false);
      meets = inPart(one.from, one.to, one.calls);
      known.set(name, meets);
    }
    return meets;
  };
  return inPart;
}

function countsByPointer(
  code: string,
  functions: Functions,
  byName: ByName,
  count: string,
): Insert[] {
  const meetsBarrier = barriers(code, byName);
  /** The counts of each function's own loops, in order. */
  const own = new Map<string, string[]>();
  const names = new Set<string>();
  for (const { name, loops, calls } of functions) {
    const counts = loops.map(({ from, to }) =>
      meetsBarrier(from, to, calls) ? count : `${count}_${from}`,
    );
    own.set(name, counts);
    for (const each of counts) names.add(each);
  }
  if (names.size === 0) return [];
  const limit = Math.min(LOOP_LIMIT, Math.floor(TURN_BUDGET / names.size));
  const needed = new Map<string, ReadonlySet<string>>();
  const needs = (name: string): ReadonlySet<string> => {
    const known = needed.get(name);
    if (known) return known;
    const all = new Set(own.get(name));
    needed.set(name, all);
    for (const call of byName.get(name)?.calls ?? [])
      for (const each of needs(call.name)) all.add(each);
    return all;
  };
  const handed = functions.flatMap(({ name, calls }) => [name, ...calls.map((call) => call.name)]);
  if (handed.reduce((sum, name) => sum + needs(name).size, 0) > MAX_HANDED)
    throw unreadable('too many loops stand beside barriers');
  return functions.flatMap(({ name, entry, parameters, from, loops, calls }): Insert[] => {
    const counts = [...needs(name)];
    const declared = entry
      ? { at: from + 1, text: counts.map((each) => ` var ${each} = 0u;`).join('') }
      : { at: parameters, text: counts.map((each) => `${each}: ptr<function, u32>, `).join('') };
    const checks = loops.map(({ brace }, i): Insert => {
      const each = `${entry ? '' : '*'}${own.get(name)?.[i]}`;
      return { at: brace + 1, text: ` if (${each} >= ${limit}u) { break; } ${each} += 1u; ` };
    });
    const given = calls.map(({ name: called, open }): Insert => {
      const text = [...needs(called)].map((each) => `${entry ? '&' : ''}${each}, `).join('');
      return { at: open, text };
    });
    return [declared, ...checks, ...given];
  });
}
