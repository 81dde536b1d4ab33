/**
 * Options of a command, declared once for reading, checking and the help text. Every mistake is a `BadConfig` whose field is the
 * option, such as `--samples`; nothing is guessed.
 */
import { parseArgs } from 'node:util';
import { badConfig } from '../errors.ts';

interface Described {
  readonly help: string;
}
interface TextOption<Required extends boolean> extends Described {
  readonly type: 'text';
  /** The placeholder for the value in the help text, such as `DIR`. */
  readonly value: string;
  readonly required: Required;
}
interface NumberOption<Default extends number | undefined> extends Described {
  readonly type: 'number';
  readonly integer: boolean;
  readonly min: number;
  readonly max: number;
  /** The lower bound itself is not allowed. */
  readonly aboveMin: boolean;
  readonly default: Default;
}
interface ChoiceOption<Value extends string, Default extends Value | undefined> extends Described {
  readonly type: 'choice';
  readonly values: readonly Value[];
  readonly default: Default;
}
interface FlagOption extends Described {
  readonly type: 'flag';
}

export type Option =
  | TextOption<boolean>
  | NumberOption<number | undefined>
  | ChoiceOption<string, string | undefined>
  | FlagOption;
/** By name, without the dashes. */
export type Options = Readonly<Record<string, Option>>;

type ValueOf<O> =
  O extends TextOption<infer Required>
    ? Required extends true
      ? string
      : string | undefined
    : O extends NumberOption<infer Default>
      ? number | (Default extends number ? never : undefined)
      : O extends ChoiceOption<infer Value, infer Default>
        ? Value | (Default extends string ? never : undefined)
        : boolean;
export type OptionValues<O extends Options> = { readonly [K in keyof O]: ValueOf<O[K]> };

/** A required text. */
export function required(value: string, help: string): TextOption<true> {
  return { type: 'text', value, help, required: true };
}

/** An optional text. */
export function optional(value: string, help: string): TextOption<false> {
  return { type: 'text', value, help, required: false };
}

interface Range {
  readonly min: number;
  readonly max: number;
  readonly integer?: boolean;
  readonly aboveMin?: boolean;
}

export function number<const Default extends number | undefined>(
  help: string,
  fallback: Default,
  { min, max, integer = true, aboveMin = false }: Range,
): NumberOption<Default> {
  return { type: 'number', help, integer, min, max, aboveMin, default: fallback };
}

export function choice<
  const Value extends string,
  const Default extends NoInfer<Value> | undefined = undefined,
>(
  help: string,
  values: readonly Value[],
  fallback?: Default,
): ChoiceOption<Value, Default & (Value | undefined)> {
  return {
    type: 'choice',
    help,
    values,
    default: fallback as Default & (Value | undefined),
  };
}

export function flag(help: string): FlagOption {
  return { type: 'flag', help };
}

const REMEDY = 'Nothing was done. `npm run -s lab -- help COMMAND` lists the options.';

/** An error about an option. @param name without the dashes. */
export function badOption(name: string, why: string, remedy = REMEDY) {
  return badConfig(`--${name}`, `--${name} ${why}`, remedy);
}

const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

function readNumber(name: string, option: NumberOption<number | undefined>, text: string): number {
  const { min, max, integer, aboveMin } = option;
  const value = Number(text);
  const inside = value <= max && (aboveMin ? value > min : value >= min);
  if (!NUMBER.test(text) || !inside || (integer && !Number.isInteger(value))) {
    throw badOption(name, `is ${JSON.stringify(text.slice(0, 40))}; allowed is ${rangeOf(option)}`);
  }
  return value;
}

function rangeOf({ min, max, integer, aboveMin }: NumberOption<number | undefined>): string {
  const low = aboveMin ? `above ${min}` : `${min}`;
  return `${integer ? 'a whole number' : 'a number'}, ${low} to ${max}`;
}

/**
 * Reads the arguments after a command.
 * @param argument the option that a value without a name belongs to
 * @throws BatonError BadConfig for an unknown or repeated option, a missing or wrong value, or an argument that belongs to no option.
 */
export function readOptions<O extends Options>(
  options: O,
  args: readonly string[],
  argument?: keyof O & string,
): OptionValues<O> {
  const { tokens } = parseArgs({
    args: [...args],
    options: Object.fromEntries(
      Object.entries(options).map(([name, { type }]) => [
        name,
        { type: type === 'flag' ? ('boolean' as const) : ('string' as const) },
      ]),
    ),
    // The library names the option only inside its messages, so its tokens are checked here instead.
    strict: false,
    allowPositionals: true,
    tokens: true,
  });
  const given = new Map<string, string | true>();
  for (const token of tokens) {
    if (token.kind === 'option-terminator') continue;
    if (token.kind === 'positional') {
      if (argument === undefined) {
        throw badConfig('arguments', `${shown(token.value)} belongs to no option`, REMEDY);
      }
      if (given.has(argument)) throw badOption(argument, 'is given twice');
      given.set(argument, token.value);
      continue;
    }
    const { name, rawName, value, inlineValue } = token;
    if (!rawName.startsWith('--') || !Object.hasOwn(options, name)) {
      const known = Object.keys(options).map((key) => `--${key}`);
      throw badConfig(rawName, `${rawName} is unknown; options are ${known.join(', ')}`, REMEDY);
    }
    if (given.has(name)) throw badOption(name, 'is given twice');
    if (options[name].type === 'flag') {
      if (value !== undefined) throw badOption(name, 'takes no value');
      given.set(name, true);
    } else if (value === undefined || (!inlineValue && value.startsWith('--'))) {
      throw badOption(name, 'needs a value');
    } else given.set(name, value);
  }
  const values = Object.entries(options).map(([name, option]) => [
    name,
    readValue(name, option, given.get(name)),
  ]);
  return Object.fromEntries(values) as OptionValues<O>;
}

function readValue(name: string, option: Option, given: string | true | undefined) {
  if (option.type === 'flag') return given === true;
  if (typeof given !== 'string') {
    if (option.type === 'text') {
      if (option.required) throw badOption(name, 'is missing');
      return undefined;
    }
    return option.default;
  }
  if (option.type === 'number') return readNumber(name, option, given);
  if (option.type === 'choice' && !option.values.includes(given)) {
    throw badOption(name, `is ${shown(given)}; allowed is ${option.values.join(', ')}`);
  }
  if (given === '') throw badOption(name, 'is empty');
  return given;
}

function shown(text: string): string {
  return JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}…` : text);
}

/** One line per option, for the help text. @param argument the option that needs no name */
export function describeOptions(options: Options, argument?: string): string[] {
  return Object.entries(options).map(([name, option]) => {
    const { left, right } = helpOf(name, option, name === argument);
    return `  ${left.padEnd(30)} ${option.help}${right && ` (${right})`}`;
  });
}

function helpOf(name: string, option: Option, bare: boolean): { left: string; right: string } {
  if (option.type === 'flag') return { left: `--${name}`, right: '' };
  if (option.type === 'text') {
    const left = `${bare ? `[--${name}]` : `--${name}`} ${option.value}`;
    return { left, right: option.required ? 'required' : '' };
  }
  const fallback = option.default === undefined ? '' : `; default ${option.default}`;
  if (option.type === 'choice') {
    return { left: `--${name} WORD`, right: `${option.values.join(', ')}${fallback}` };
  }
  return { left: `--${name} N`, right: `${rangeOf(option)}${fallback}` };
}
