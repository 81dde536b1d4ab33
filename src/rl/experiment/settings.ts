/**
 * Reads the declarations back as a list of settings. The panel, the help texts, links and docs are made from it. Only what the schema
 * declares is looked up, so a path from outside cannot reach anything else.
 */
import type * as z from 'zod/mini';
import { type FieldMeta, fields, type Option, type Source, type Value } from './field.ts';
import { lists, sections, variantSets } from './structure.ts';

/** One setting, as shown to people. */
export interface Setting {
  /** Dotted path: `method.epsilon`; in a list `rewards.*.weight`, or `rewards.0.weight` of one experiment. */
  readonly path: string;
  /** The last part of the path. */
  readonly key: string;
  readonly kind: 'number' | 'choice' | 'flag' | 'text';
  readonly label: string;
  readonly help: string;
  /** The heading it stands under. */
  readonly group: string;
  readonly unit?: string;
  readonly min?: number;
  readonly max?: number;
  readonly exclusiveMin?: boolean;
  readonly integer?: boolean;
  readonly scale?: 'linear' | 'log';
  readonly step?: number;
  /** What null does, where null is allowed. */
  readonly nullMeans?: string;
  readonly options?: readonly Option[];
  /** True: people type the text, with the options as suggestions. */
  readonly free?: boolean;
  /** Undefined where a value must be given (the term of a reward). */
  readonly default?: Value;
  /** True: takes effect at the next step of a running experiment. False: needs a restart. */
  readonly live: boolean;
  readonly source: Source;
  /** The source's own default, where ours differs. */
  readonly original?: Value;
  /** Present where the setting exists only while the one at `path` has a value in `is` (the options of one task or method). */
  readonly when?: { readonly path: string; readonly is: readonly string[] };
}

/** A setting of one experiment, with its value. */
export interface SettingValue {
  readonly setting: Setting;
  readonly value: Value;
}

/** What the walk reads of a zod definition. */
interface Definition {
  readonly type: string;
  readonly innerType?: z.ZodMiniType;
  readonly out?: z.ZodMiniType;
  readonly element?: z.ZodMiniType;
  readonly shape?: Readonly<Record<string, z.ZodMiniType>>;
  readonly options?: readonly z.ZodMiniType[];
}

const definition = (schema: z.ZodMiniType) => schema._zod.def as unknown as Definition;

/** Unwraps defaults and pipes, down to the schema inside. */
function inside(schema: z.ZodMiniType): Definition {
  const def = definition(schema);
  const next = def.innerType ?? def.out;
  return next ? inside(next) : def;
}

interface Place {
  readonly path: string;
  readonly group: string;
  readonly when?: Setting['when'];
}

/** Present when the walk follows one experiment rather than the schema. */
type Given = { readonly value: unknown } | undefined;

type Visit = (setting: Setting, given: Given) => void;

const join = (path: string, key: string) => (path ? `${path}.${key}` : key);
const child = (given: Given, key: string): Given =>
  given && { value: (given.value as Readonly<Record<string, unknown>>)[key] };

function toSetting(place: Place, meta: FieldMeta): Setting {
  const { live = false, source = 'ours', group = place.group, ...rest } = meta;
  const { when } = place;
  const key = place.path.slice(place.path.lastIndexOf('.') + 1);
  return { path: place.path, key, group, ...(when && { when }), live, source, ...rest };
}

function walk(schema: z.ZodMiniType, place: Place, given: Given, visit: Visit): void {
  const meta = fields.get(schema);
  if (meta) {
    visit(toSetting(place, meta as FieldMeta), given);
    return;
  }

  const group = sections.get(schema)?.label ?? lists.get(schema)?.label ?? place.group;
  const def = inside(schema);
  const set = variantSets.get(schema);
  if (set) {
    const path = join(place.path, set.key);
    const { key, options, group: heading = group, ...words } = set;
    const own: Setting = {
      ...words,
      kind: 'choice',
      path,
      key,
      options,
      group: heading,
      live: false,
      source: set.source ?? 'ours',
    };
    visit(own, child(given, key));
    const chosen = given && (given.value as Readonly<Record<string, unknown>>)[key];
    const shapes = (def.options ?? []).map((member) => definition(member).shape ?? {});
    // A declaration that several variants share is one setting. Where all variants share it, it exists whatever is chosen.
    const holders = (key: string, field: z.ZodMiniType) =>
      options.filter((_, index) => shapes[index]?.[key] === field).map(({ value }) => value);
    options.forEach((option, index) => {
      if (given && option.value !== chosen) return;
      const own = { path: place.path, group };
      for (const [key, field] of Object.entries(shapes[index] ?? {})) {
        const is = holders(key, field);
        if (!given && is[0] !== option.value) continue;
        const always = is.length === options.length && options.length > 1;
        const at = { ...own, ...(!always && { when: { path, is } }) };
        walkShape({ [key]: field }, at, given, visit);
      }
    });
    return;
  }
  if (def.element) {
    const { element } = def;
    if (!given) {
      walk(element, { ...place, path: join(place.path, '*'), group }, given, visit);
      return;
    }
    (given.value as readonly unknown[]).forEach((value, index) => {
      walk(element, { ...place, path: join(place.path, `${index}`), group }, { value }, visit);
    });
    return;
  }
  if (def.shape) walkShape(def.shape, { ...place, group }, given, visit);
}

function walkShape(
  shape: Readonly<Record<string, z.ZodMiniType>>,
  place: Place,
  given: Given,
  visit: Visit,
): void {
  for (const [key, schema] of Object.entries(shape)) {
    walk(schema, { ...place, path: join(place.path, key) }, child(given, key), visit);
  }
}

/** Every setting that a schema declares, in order; the settings of all variants, each with its `when`. */
export function describeSettings(schema: z.ZodMiniType): Setting[] {
  const found: Setting[] = [];
  walk(schema, { path: '', group: 'Experiment' }, undefined, (setting) => found.push(setting));
  return found;
}

/** The settings that apply to one parsed value, in order, each with its concrete path and its value. */
export function settingValues(schema: z.ZodMiniType, value: unknown): SettingValue[] {
  const found: SettingValue[] = [];
  walk(schema, { path: '', group: 'Experiment' }, { value }, (setting, given) =>
    found.push({ setting, value: given?.value as Value }),
  );
  return found;
}
