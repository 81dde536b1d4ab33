/** JSON lines as input: one object per line. Errors name the line, counted from 1 as in editors. */
import { type BatonError, badFile } from '../errors.ts';
import { readText } from './files.ts';

type Json = Readonly<Record<string, unknown>>;

/** Most lines of a file that are not empty. */
const MOST_LINES = 2 ** 20;

/** One object of the input, and how its values are read. */
export class InputLine {
  /** Line number, from 1. */
  readonly at: number;
  readonly #json: Json;

  constructor(at: number, json: Json) {
    this.at = at;
    this.#json = json;
  }

  /** An error about this line, or about one of its keys. */
  fail(key: string | null, why: string): BatonError {
    return lineError(this.at, key, why);
  }

  /** The value of a key; undefined if absent or null. */
  get(key: string): unknown {
    return Object.hasOwn(this.#json, key) ? (this.#json[key] ?? undefined) : undefined;
  }

  text(key: string): string | undefined {
    const value = this.get(key);
    if (value !== undefined && typeof value !== 'string') throw this.fail(key, 'is not text');
    return value;
  }

  flag(key: string): boolean | undefined {
    const value = this.get(key);
    if (value !== undefined && typeof value !== 'boolean') {
      throw this.fail(key, 'is not true or false');
    }
    return value;
  }

  /** Whether a key is present with the value null. */
  isNull(key: string): boolean {
    return Object.hasOwn(this.#json, key) && this.#json[key] === null;
  }

  /** A finite number. */
  number(key: string): number | undefined {
    const value = this.get(key);
    if (value === undefined) return undefined;
    if (typeof value !== 'number' || !Number.isFinite(value))
      throw this.fail(key, 'is not a number');
    return value;
  }

  /** The keys whose values are lists. */
  lists(): readonly string[] {
    return Object.keys(this.#json).filter((key) => Array.isArray(this.#json[key]));
  }

  /** A list of finite numbers. */
  numbers(key: string): readonly number[] | undefined {
    const value = this.get(key);
    if (value === undefined) return undefined;
    if (!Array.isArray(value)) throw this.fail(key, 'is not a list');
    const at = value.findIndex((entry) => typeof entry !== 'number' || !Number.isFinite(entry));
    if (at !== -1) throw this.fail(key, `has no number at place ${at}`);
    return value as number[];
  }

  /** A list of token ids below `vocabulary`. */
  ids(key: string, vocabulary: number): readonly number[] | undefined {
    const ids = this.numbers(key);
    const at = ids?.findIndex((id) => !Number.isInteger(id) || id < 0 || id >= vocabulary) ?? -1;
    if (ids && at !== -1) {
      throw this.fail(key, `has ${ids[at]} at place ${at}; ids are 0 to ${vocabulary - 1}`);
    }
    return ids;
  }
}

function lineError(number: number, key: string | null, why: string): BatonError {
  const field = key === null ? `line ${number}` : `line ${number}: ${key}`;
  return badFile(field, `${field} ${why}`, 'Nothing was scored. Correct the line and try again.');
}

/**
 * The objects of a text; empty lines are skipped.
 * @throws BatonError BadFile whose field is `line N`, also for lines beyond the first million.
 */
export function parseLines(text: string): InputLine[] {
  const lines: InputLine[] = [];
  for (const [index, line] of linesOf(text)) {
    if (line.trim() === '') continue;
    if (lines.length === MOST_LINES) throw lineError(index, null, `is one of over ${MOST_LINES}`);
    let json: unknown;
    try {
      json = JSON.parse(line);
    } catch {
      throw lineError(index, null, 'is not valid JSON');
    }
    if (typeof json !== 'object' || json === null || Array.isArray(json)) {
      throw lineError(index, null, 'is not a JSON object');
    }
    lines.push(new InputLine(index, json as Json));
  }
  return lines;
}

/** Lines with their numbers, one after the other: a text may have more of them than a list has room for. */
function* linesOf(text: string): Generator<readonly [number, string]> {
  for (let from = 0, number = 1; from <= text.length; number += 1) {
    const end = text.indexOf('\n', from);
    const to = end === -1 ? text.length : end;
    yield [number, text.slice(from, to)];
    from = to + 1;
  }
}

/** The lines of the file that an option names. @throws BatonError BadFile, also if there are no lines. */
export function readLines(option: string, path: string): InputLine[] {
  const lines = parseLines(readText(option, path));
  if (lines.length === 0) throw badFile(`--${option}`, `--${option}: ${path} has no lines`);
  return lines;
}

/** Objects as the text of a JSON lines file. */
export function toLines(objects: readonly unknown[]): string {
  return objects.map((object) => `${JSON.stringify(object)}\n`).join('');
}
