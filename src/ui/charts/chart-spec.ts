/** What a chart is made of: quantities by their columns, their titles and axes. */
import type { ChartLevel } from '../../rl/methods/method.ts';
import type { ChartRun } from './runs.ts';
import type { Better } from './summary.ts';

/** One quantity in a chart. */
export interface LineSpec {
  /** Columns that may hold it, first choice first (names differ between versions of TRL). */
  readonly columns: readonly string[];
  /** Name at the line's end, where a chart shows more than one quantity. */
  readonly name?: string;
  /** Columns of an interval around it, low and high, drawn as a band. */
  readonly band?: readonly [string, string];
  /** Quantities after the first are thin. */
  readonly thin?: boolean;
  /** Where several runs are compared it is drawn only if the reader asks for it in the chart's menu: three runs of three lines cannot be read. */
  readonly aside?: boolean;
}

/** What one chart shows. */
export interface ChartSpec {
  readonly id: string;
  readonly title: string;
  readonly unit?: string;
  readonly size: 'hero' | 'mini' | 'half' | 'small';
  readonly lines: readonly LineSpec[];
  readonly better: Better;
  /** Measured at few steps: not smoothed, joined over the steps between, with dots. */
  readonly sparse?: boolean;
  /** The raw line stands faintly under the smoothed one. */
  readonly raw?: boolean;
  /** What the vertical axis spans at the least, in the quantity's own unit. */
  readonly least?: number;
  /** The quantity is a share, so its axis goes from 0 to 1 at the most. */
  readonly share?: boolean;
  /** Log scale unless the reader chooses otherwise. */
  readonly log?: boolean;
  /** Ink instead of the run's hue: the quantity is the machine's. Given one run only. */
  readonly ink?: boolean;
  /** Every line has its name at its end, also where runs share a quantity: a mix says nothing without its parts. */
  readonly nameEach?: boolean;
  /** Levels across the plot that the lines are compared with. */
  readonly levels?: readonly ChartLevel[];
  /** Of what only a step that trains the policy reports. */
  readonly trained?: boolean;
  /** Why there is nothing to show; takes the place of the plot. */
  readonly off?: string;
  /** One line under the chart. */
  readonly note?: string;
  /** What the glossary calls it. Default: the id. */
  readonly entry?: string;
  /** What the help button says beside the glossary. */
  readonly help?: string;
}

/** The names of what a chart leaves out as long as several runs are compared. */
export function namesAside({ lines }: Pick<ChartSpec, 'lines'>): string[] {
  return lines.flatMap(({ aside, name }) => (aside && name ? [name] : []));
}

/** The chart without it. Where one quantity is left, which then has no name at its line, it is named beside the unit. */
export function withoutAsides(spec: ChartSpec): ChartSpec {
  const lines = spec.lines.filter(({ aside }) => !aside);
  const left = lines.length === 1 ? lines[0].name : undefined;
  const said = [spec.unit, left !== undefined && isTitle(spec.title, left) ? undefined : left];
  const unit = said.filter((part) => part !== undefined).join(', ');
  return { ...spec, lines, ...(unit && { unit }) };
}

/** Whether a line's name is what the title says already, before its comma. */
const isTitle = (title: string, name: string) => title.toLowerCase().split(', ')[0] === name;

/** A quantity between 0 and 1 is not magnified beyond a tenth of that, so that the noise of a first few steps stays small. */
export const LEAST_SHARE = 0.1;

/** A small chart of one quantity. */
export function small(
  id: string,
  title: string,
  unit: string | undefined,
  columns: readonly string[],
  more: Partial<ChartSpec> = {},
): ChartSpec {
  return {
    id,
    title,
    ...(unit && { unit }),
    size: 'small',
    lines: [{ columns }],
    better: 'none',
    ...more,
  };
}

/** A column with the interval that stands beside it. */
export function banded(name: string): Pick<LineSpec, 'columns' | 'band'> {
  return { columns: [name], band: [`${name}_low`, `${name}_high`] };
}

/** Columns of a form, each with what its first group caught, in order of name. */
export function namesLike(
  runs: readonly ChartRun[],
  pattern: RegExp,
): { readonly name: string; readonly match: string }[] {
  const names = [...new Set(runs.flatMap((run) => run.series.names()))].sort();
  return names.flatMap((name) => {
    const match = pattern.exec(name)?.[1];
    return match === undefined ? [] : [{ name, match }];
  });
}
