/**
 * Operands stored as IEEE binary16 (f16), with everything computed in f32. A slice says that it holds halves, and a kernel that is recorded
 * on it is rewritten for that binding. So every kernel in every variant can read and write halves, and none has to know of it:
 *
 *   var<storage, read> x: array<vec4f>;     ... x[i] ...     becomes    array<vec2u>;   ... wide4(x[i]) ...
 *   var<storage, read_write> y: array<vec4f>;   y[i] = v;    becomes    array<vec2u>;   y[i] = narrow4(v);
 *
 * Two halves share a word, by the packing of core WGSL, so this needs neither the feature shader-f16 nor more than the guaranteed
 * limits. What is stored is rounded to a neighbouring half: off by 2^-10 of itself at most (2^-11 where the driver rounds to nearest), and
 * by 2^-14 below 2^-14, where drivers may write zero. No half holds a number beyond 65,504, and WGSL lets a driver pack such a number as
 * anything. So all bits of its exponent are set: it is read as infinite or as no number, and the checks of a step find it.
 */
import { BatonError } from '../errors.ts';
import type { Kernel } from './kernel.ts';

/** A vector of f32, the words that hold it as halves, and the functions between the two. */
interface Vector {
  readonly type: string;
  readonly words: string;
  readonly wide: string;
  readonly narrow: string;
}

const VECTORS: readonly Vector[] = [
  { type: 'vec4f', words: 'vec2u', wide: 'wide4', narrow: 'narrow4' },
  { type: 'vec2f', words: 'u32', wide: 'wide2', narrow: 'narrow2' },
];

const FUNCTIONS = `
fn wide2(word: u32) -> vec2f { return unpack2x16float(word); }
fn narrow2(numbers: vec2f) -> u32 {
  let lost = select(vec2u(0x7c00u, 0x7c000000u), vec2u(), abs(numbers) <= vec2f(65504.0));
  return pack2x16float(numbers) | lost.x | lost.y;
}
fn wide4(words: vec2u) -> vec4f { return vec4f(unpack2x16float(words.x), unpack2x16float(words.y)); }
fn narrow4(numbers: vec4f) -> vec2u { return vec2u(narrow2(numbers.xy), narrow2(numbers.zw)); }
`;

/** Rewritten texts by kernel text and bindings: recordings ask for the same few again and again. */
const texts = new Map<string, Map<string, string>>();

/**
 * The kernel with the storage bindings `halves` (numbers as in the text, from 1) stored as halves.
 * @throws ShaderError where one of them is not an array of vec4f or vec2f that the text reads and assigns whole
 */
export function storedAsHalves(kernel: Kernel, halves: readonly number[]): Kernel {
  if (halves.length === 0) return kernel;
  const known = texts.get(kernel.source) ?? new Map<string, string>();
  texts.set(kernel.source, known);
  const key = halves.join();
  const source =
    known.get(key) ??
    halves.reduce((text, binding) => withHalves(kernel, text, binding), kernel.source) + FUNCTIONS;
  known.set(key, source);
  return { ...kernel, source };
}

function withHalves(kernel: Kernel, text: string, binding: number): string {
  const declaration = new RegExp(
    `(@binding\\(${binding}\\) var<storage, read(?:_write)?> (\\w+): array<)(\\w+(?:<f32>)?)(>;)`,
  );
  const [, , name = '', type = ''] = declaration.exec(text) ?? [];
  // A reader who changes a kernel may write vec4f out.
  const vector = VECTORS.find((v) => v.type === type.replace('<f32>', 'f'));
  if (!vector) throw unfit(kernel, `binding ${binding} is not an array of vec4f or vec2f`);
  const declared = text.replace(declaration, `$1${vector.words}$4`);
  return converted(kernel, declared, name, vector);
}

/** The text with what it reads of `name` widened and what it assigns narrowed. */
function converted(kernel: Kernel, text: string, name: string, vector: Vector): string {
  const next = new RegExp(`//.*|(?<![\\w.])${name}\\[`, 'g');
  let out = '';
  let at = 0;
  for (let found = next.exec(text); found; found = next.exec(text)) {
    out += text.slice(at, found.index);
    at = next.lastIndex;
    if (found[0].startsWith('//')) {
      out += found[0];
      continue;
    }
    if (/(?<!&)&\s*$/.test(text.slice(0, found.index)))
      throw unfit(kernel, `the address of ${name}[...] is taken; read and assign it by its name`);
    const close = closing(kernel, text, at);
    const element = `${name}[${converted(kernel, text.slice(at, close), name, vector)}]`;
    at = close + 1;
    if (/^\s*\.\w+\s*[-+*/%]?=(?!=)/.test(text.slice(at)))
      throw unfit(kernel, `a part of ${name}[...] is assigned; assign the whole vector`);
    const [assigned, operator = ''] = /^\s*([-+*/%]?)=(?!=)/.exec(text.slice(at)) ?? [''];
    if (assigned === '') out += `${vector.wide}(${element})`;
    else {
      const end = text.indexOf(';', at);
      if (end < 0) throw unfit(kernel, `the assignment to ${name}[...] has no end`);
      const value = converted(kernel, text.slice(at + assigned.length, end).trim(), name, vector);
      const sum = operator ? `${vector.wide}(${element}) ${operator} (${value})` : value;
      out += `${element} = ${vector.narrow}(${sum})`;
      at = end;
    }
    next.lastIndex = at;
  }
  return out + text.slice(at);
}

/** Where the bracket that was opened just before `from` closes. */
function closing(kernel: Kernel, text: string, from: number): number {
  let depth = 1;
  for (let i = from; i < text.length; i++) {
    if (text[i] === '[') depth += 1;
    else if (text[i] === ']') depth -= 1;
    if (depth === 0) return i;
  }
  throw unfit(kernel, 'a bracket is not closed');
}

function unfit(kernel: Kernel, why: string): BatonError {
  return new BatonError({
    kind: 'ShaderError',
    message: `${kernel.name} (${kernel.variant}) cannot work on halves: ${why}`,
    remedy: 'This is a mistake in a kernel. Nothing was started.',
  });
}
