/**
 * Declared settings. A setting is written once, with its range, unit, words and origin; the same declaration validates files,
 * links and commands, and is what the setup panel, the help texts and docs/settings.md are made from
 * (`describeSettings`, in settings.ts).
 *
 * Every field takes its default where a value is left out, and every error message names the value and what is allowed.
 * Schemas are zod's, built without `eval` (the page's content policy forbids it), which is why the config comes first.
 */
import * as z from 'zod/mini';

z.config({ jitless: true });

/** Where a setting comes from: TRL's GRPOConfig (1.13; for PPO its PPOConfig, 1.10), a paper, a paper's official code, or a choice of ours. */
export type Source = 'trl' | 'paper' | 'code' | 'ours';

/** What every kind of setting has: words, and behaviour. */
export interface Described {
  readonly label: string;
  /** One or two sentences: what it does, and what happens at its ends. */
  readonly help: string;
  /** Whether it may change while the run goes on; otherwise a change needs a restart. Default false. */
  readonly live?: boolean;
  /** Default `ours`. */
  readonly source?: Source;
  /** The source's own default, where ours differs. */
  readonly original?: Value;
  /** A heading of its own, where the section's is too broad; `headed` sets it. */
  readonly group?: string;
}

/** A setting's value as JSON. */
export type Value = number | string | boolean | null;

/** What a number may be, in `unit`. */
export interface NumberRange {
  readonly min: number;
  readonly max: number;
  /** True where `min` itself is not allowed. */
  readonly exclusiveMin?: boolean;
  readonly integer?: boolean;
  readonly unit?: string;
  /** How a slider should spread the range; `log` needs a positive lower end to start from. Default linear. */
  readonly scale?: 'linear' | 'log';
  /** The step of the panel's control; nothing is rounded to it. */
  readonly step?: number;
}

/** One choice: its value in the file, and its label in the panel. */
export interface Option<T extends string = string> {
  readonly value: T;
  readonly label: string;
  readonly description?: string;
}

/** What `describeSettings` reads back from a schema. */
export type FieldMeta = Described &
  (
    | ({ kind: 'number'; default: number | null; nullMeans?: string } & NumberRange)
    | { kind: 'choice'; default: string; options: readonly Option[] }
    | { kind: 'flag'; default: boolean }
    | { kind: 'text'; default: string; options?: readonly Option[]; free?: boolean }
  );

/** A setting's schema: gives a T, or the default where the value is left out. */
export type Field<T> = z.ZodMiniType<T, T | undefined>;

/** The settings of one part: each task and each reward term exports one as its options. */
export type Shape = Readonly<Record<string, z.ZodMiniType>>;

/** The values of a shape once parsed. */
export type Values<S extends Shape> = { [K in keyof S]: z.output<S[K]> };

/** What is known of each declared field. */
export const fields = z.registry<FieldMeta>();

function declare<T>(schema: z.ZodMiniType<T, T | undefined>, meta: FieldMeta): Field<T> {
  fields.add(schema, meta);
  return schema;
}

/** A value as an error message shows it: short, whatever was sent. */
export function show(value: unknown): string {
  if (typeof value === 'string') return `"${shorten(value)}"`;
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object' && value !== null) return 'an object';
  if (typeof value === 'function' || typeof value === 'symbol') return `a ${typeof value}`;
  return value === undefined ? 'missing' : String(value);
}

/** Cuts a text that came from outside, and spells out invisible characters, so that a notice stays readable. */
export function shorten(text: string, most = 40): string {
  const cut = text.length > most ? `${text.slice(0, most)}…` : text;
  return cut.replace(/\p{C}/gu, (hidden) => `\\u{${hidden.codePointAt(0)?.toString(16)}}`);
}

/** What a number may be, in words: `0 to 1`, `a whole number, 2 to 64`, `above 0, at most 10`. */
export function rangeText(range: NumberRange, nullMeans?: string): string {
  const { min, max, exclusiveMin, integer, unit } = range;
  const span = exclusiveMin ? `above ${min}, at most ${max}` : `${min} to ${max}`;
  const text = `${integer ? 'a whole number, ' : ''}${span}${unit ? ` ${unit}` : ''}`;
  return nullMeans === undefined ? text : `${text}, or null (${nullMeans})`;
}

type Fault = { readonly input?: unknown };

function numberWithin(range: NumberRange, nullMeans?: string): z.ZodMiniNumber<number> {
  const error = (fault: Fault) =>
    `is ${show(fault.input)}; allowed is ${rangeText(range, nullMeans)}`;
  const lower = range.exclusiveMin ? z.gt(range.min, { error }) : z.gte(range.min, { error });
  const schema = z.number({ error }).check(lower, z.lte(range.max, { error }));
  return range.integer ? schema.check(z.multipleOf(1, { error })) : schema;
}

/** A number within a range. NaN and infinities are never allowed. */
export function number(
  spec: Described & NumberRange & { readonly default: number },
): Field<number> {
  return declare(z._default(numberWithin(spec), spec.default), { ...spec, kind: 'number' });
}

/** A number or null; `nullMeans` says what null does (`off`, `same as epsilon`). */
export function nullable(
  spec: Described & NumberRange & { readonly default: number | null; readonly nullMeans: string },
): Field<number | null> {
  const inner = z.nullable(numberWithin(spec, spec.nullMeans));
  return declare(z._default(inner, spec.default), { ...spec, kind: 'number' });
}

/** One of a few named options. */
export function choice<const T extends string>(
  spec: Described & { readonly options: readonly Option<T>[]; readonly default: NoInfer<T> },
): Field<T> {
  const values = spec.options.map((option) => option.value);
  const inner = z.enum(values as [T, ...T[]], {
    error: (fault) => unknownText(fault.input, values),
  }) as unknown as z.ZodMiniType<T, T>;
  return declare(z._default(inner, spec.default as never) as unknown as Field<T>, {
    ...spec,
    kind: 'choice',
  });
}

/** On or off. */
export function flag(spec: Described & { readonly default: boolean }): Field<boolean> {
  const inner = z.boolean({
    error: (fault) => `is ${show(fault.input)}; allowed is true or false`,
  });
  return declare(z._default(inner, spec.default), { ...spec, kind: 'flag' });
}

/** A short text of a given form, such as the id of a model. `form` says the form in words. */
export function text(
  spec: Described & {
    readonly default: string;
    readonly pattern: RegExp;
    readonly form: string;
    readonly maxLength?: number;
    /** Known values to offer; others of the form are allowed. */
    readonly options?: readonly Option[];
    /** True where people type it, with the known values as suggestions; otherwise they choose. */
    readonly free?: boolean;
  },
): Field<string> {
  const error = (fault: Fault) => `is ${show(fault.input)}; allowed is ${spec.form}`;
  const { pattern, form: _form, maxLength = 64, ...meta } = spec;
  const inner = z
    .string({ error })
    .check(z.maxLength(maxLength, { error, abort: true }), z.regex(pattern, { error }));
  return declare(z._default(inner, spec.default), { ...meta, kind: 'text' });
}

/** The message for a value that is not one of the known ones. */
export function unknownText(value: unknown, known: readonly string[]): string {
  const allowed = `allowed is ${known.length === 1 ? known[0] : known.join(', ')}`;
  return typeof value === 'string'
    ? `is unknown: ${show(value)}; ${allowed}`
    : `is ${show(value)}; ${allowed}`;
}
