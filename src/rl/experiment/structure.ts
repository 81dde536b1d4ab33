/**
 * How fields are combined: a section of settings with a heading, one of several variants distinguished by an id (tasks, reward terms,
 * methods), and a short list of variants. An unknown key is an error. A part that is left out takes its defaults.
 */
import * as z from 'zod/mini';
import {
  type Described,
  type FieldMeta,
  fields,
  type Option,
  type Shape,
  show,
  unknownText,
  type Values,
} from './field.ts';

/** What is known of a section: the heading its settings stand under. */
export interface SectionMeta {
  readonly label: string;
  readonly help: string;
}

/** What is known of a variant: the setting that distinguishes the variants. */
export interface VariantsMeta extends Described {
  readonly key: string;
  readonly options: readonly Option[];
  /** The id taken where none is given; undefined where one must be given. */
  readonly default?: string;
}

/** What is known of a list. */
export interface ListMeta extends SectionMeta {
  readonly min: number;
  readonly max: number;
}

export const sections = z.registry<SectionMeta>();
export const variantSets = z.registry<VariantsMeta>();
export const lists = z.registry<ListMeta>();

const notAnObject = (issue: { readonly code?: string; readonly input?: unknown }) =>
  issue.code === 'unrecognized_keys'
    ? 'is unknown'
    : `is ${show(issue.input)}; allowed is an object`;

/** A part of the experiment with its own heading. */
export function section<S extends Shape>(
  meta: SectionMeta,
  shape: S,
): z.ZodMiniType<Values<S>, unknown> {
  const schema = z.prefault(z.strictObject(shape, { error: notAnObject }), {} as never);
  sections.add(schema, meta);
  return schema as unknown as z.ZodMiniType<Values<S>, unknown>;
}

/** Puts the settings of a shape under a heading of their own within their section. */
export function headed<S extends Shape>(group: string, shape: S): S {
  for (const schema of Object.values(shape)) {
    const meta = fields.get(schema);
    if (meta) fields.add(schema, { ...meta, group } as FieldMeta);
  }
  return shape;
}

/** One variant: its name on the panel and its own settings. */
export interface Variant<S extends Shape = Shape> {
  readonly label: string;
  readonly description?: string;
  readonly options: S;
}

/** The value of a set of variants: `{ id: 'chain', ...that variant's settings }`. */
export type OneOf<Key extends string, V extends Record<string, Variant>> = {
  [Id in keyof V & string]: { readonly [K in Key]: Id } & Values<V[Id]['options']>;
}[keyof V & string];

/**
 * One of several variants, distinguished by `key`. With a `default`, a part that is left out or lacks the key takes that variant.
 */
export function variants<const Key extends string, V extends Record<string, Variant>>(
  key: Key,
  spec: Described & { readonly default?: keyof V & string },
  members: V,
): z.ZodMiniType<OneOf<Key, V>, unknown> {
  const ids = Object.keys(members);
  const union = z.discriminatedUnion(
    key,
    ids.map((id) =>
      z.strictObject({ [key]: z.literal(id), ...members[id]?.options }, { error: notAnObject }),
    ) as unknown as [z.ZodMiniObject, ...z.ZodMiniObject[]],
    {
      error: (issue) =>
        issue.code === 'invalid_union'
          ? unknownText((issue.input as Record<string, unknown>)[key], ids)
          : notAnObject(issue),
    },
  );
  const fallback = spec.default;
  const schema =
    fallback === undefined
      ? union
      : z.prefault(
          z.pipe(
            z.transform((input: unknown) => withKey(input, key, fallback)),
            union as never,
          ),
          {},
        );
  variantSets.add(schema, {
    ...spec,
    key,
    options: ids.map((id) => {
      const { label = id, description } = members[id] ?? {};
      return { value: id, label, ...(description && { description }) };
    }),
  });
  return schema as unknown as z.ZodMiniType<OneOf<Key, V>, unknown>;
}

/** Adds the key to an object that lacks it; anything else is left for the union to refuse. */
function withKey(input: unknown, key: string, id: string): unknown {
  if (typeof input !== 'object' || input === null || Array.isArray(input)) return input;
  return Object.hasOwn(input, key) ? input : { ...input, [key]: id };
}

/** A list of `min` to `max` parts. Its length is judged before any part is looked at. */
export function list<T>(
  meta: ListMeta & { readonly default: readonly unknown[] },
  element: z.ZodMiniType<T, unknown>,
): z.ZodMiniType<T[], unknown> {
  const allowed = `allowed is a list of ${meta.min} to ${meta.max}`;
  const error = (issue: { readonly input?: unknown }) =>
    Array.isArray(issue.input)
      ? `has ${issue.input.length} entries; ${allowed}`
      : `is ${show(issue.input)}; ${allowed}`;
  const bounded = z
    .array(z.unknown(), { error })
    .check(z.minLength(meta.min, { error }), z.maxLength(meta.max, { error }));
  const schema = z.prefault(z.pipe(bounded, z.array(element)), [...meta.default]);
  lists.add(schema, { label: meta.label, help: meta.help, min: meta.min, max: meta.max });
  return schema as unknown as z.ZodMiniType<T[], unknown>;
}
