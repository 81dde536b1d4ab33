/** The scales of every plot, of the page and of the studies, over d3-scale: round ticks, few of them, and how they are written. */
import { scaleLinear, scaleLog, scaleUtc } from 'd3-scale';
import { clock, compact, exponent } from './numbers.ts';

/** One side of a plot: what it spans, where its ticks stand, and how a number on it is written. */
export interface Scale {
  readonly kind: 'linear' | 'log';
  readonly low: number;
  readonly high: number;
  readonly ticks: readonly number[];
  readonly label: (value: number) => string;
  /** What the labels are to be multiplied by, as text (`1e−3`), where all values are tiny. */
  readonly factor?: string;
  /** Where a value stands: 0 at the low end, 1 at the high end. Not finite where a log scale has no place for it. */
  readonly share: (value: number) => number;
  /** The value at a share, which may lie outside 0 to 1. */
  readonly value: (share: number) => number;
}

/** Part of a scale that d3 computes. */
function placed(kind: Scale['kind'], low: number, high: number) {
  const scale = (kind === 'log' ? scaleLog() : scaleLinear()).domain([low, high]);
  return {
    ...{ kind, low, high },
    share: (value: number) => scale(value),
    value: (share: number) => scale.invert(share),
  };
}

interface LinearOptions {
  /** Most ticks, 3 or more. */
  readonly most?: number;
  /** The least span, so that a first few values do not magnify their own noise. */
  readonly least?: number;
  /** Beyond these no value can be, so room is not given there. Values that are there all the same are spanned. */
  readonly within?: readonly [low: number, high: number];
}

/** A linear scale that ends on ticks. An empty or single-valued range gets some room. */
export function linearScale(
  low: number,
  high: number,
  { most = 5, least = 0, within }: LinearOptions = {},
): Scale {
  const [from, to] = inside(withRoom(low, high, least), low, high, within);
  const { ticks, label } = roundTicks(from, to, most);
  const ends = placed('linear', ticks[0], ticks[ticks.length - 1]);
  const size = Math.max(Math.abs(ends.low), Math.abs(ends.high));
  const written = (value: number) => (value === 0 ? '0' : label(value));
  if (size > 0.01 * (1 + 1e-9)) return { ...ends, ticks, label: written };
  // Tiny values share a power of a thousand, so that labels stay short.
  const power = 10 ** (3 * Math.floor(Math.log10(size) / 3 + 1e-9));
  const scaled = roundTicks(ends.low / power, ends.high / power, most).label;
  return {
    ...ends,
    ticks,
    label: (value) => (value === 0 ? '0' : scaled(value / power)),
    factor: exponent(power, 0),
  };
}

/** A range at least as wide as asked, around the same middle; what is not negative is not given negative room. */
function withRoom(low: number, high: number, least: number): readonly [number, number] {
  if (!Number.isFinite(low) || !Number.isFinite(high)) return [0, 1];
  const size = Math.max(Math.abs(low), Math.abs(high));
  const lone = high - low <= size * 1e-9;
  const span = Math.max(least, lone ? size * 0.2 || 1 : 0);
  if (high - low >= span) return [low, high];
  const from = (low + high - span) / 2;
  return low >= 0 && from < 0 ? [0, span] : [from, from + span];
}

/** The range moved within bounds that the values keep. */
function inside(
  [from, to]: readonly [number, number],
  low: number,
  high: number,
  [least, most]: readonly [number, number] = [-Infinity, Infinity],
): readonly [number, number] {
  const span = to - from;
  if (to > most && high <= most) return [Math.max(least, most - span), most];
  if (from < least && low >= least) return [least, Math.min(most, least + span)];
  return [from, to];
}

/** At most `most` ticks around a range. d3 takes a number of ticks as a wish, so it is asked for fewer until they are few. */
function roundTicks(low: number, high: number, most: number) {
  const attempt = (from: number, to: number, count: number) => {
    const scale = scaleLinear().domain([from, to]).nice(count);
    const ticks = scale.ticks(count);
    const step = ticks[1] - ticks[0];
    return { ticks, label: step >= 1000 ? compact : scale.tickFormat(count) };
  };
  for (let count = most; count > 1; count -= 1) {
    const found = attempt(low, high, count);
    if (found.ticks.length <= most) return found;
  }
  // Across 0 the least that has round ends is one tick on either side of it.
  const far = Math.max(-low, high);
  return low < 0 && high > 0 ? attempt(-far, far, 2) : attempt(low, high, 1);
}

/**
 * A log scale around a positive range that ends on 1, 2 or 5 times a power of ten. Ticks stand on the decades where there
 * are at least two, else on the 1, 2, 5 between them; at most `most`.
 */
export function logScale(low: number, high: number, most = 5): Scale {
  const usable = Number.isFinite(low) && Number.isFinite(high) && low > 0 && high >= low;
  const [from, to] = usable ? [low, high] : [1, 10];
  // A tick's width beyond the range on either side, so that a single value has room too.
  const wide = scaleLog()
    .domain([from / 2, to * 2])
    .nice();
  const decades = Math.log10(wide.domain()[1] / wide.domain()[0]);
  const rungs = wide.ticks(Math.round(decades) + 1).filter((tick) => leads(tick, '125'));
  const first = rungs.findLastIndex((rung) => rung <= from * (1 + 1e-9));
  const last = rungs.findIndex((rung, i) => i > first && rung >= to * (1 - 1e-9));
  const inside = rungs.slice(first, last + 1);
  const tens = inside.filter((tick) => leads(tick, '1'));
  const lines = tens.length >= 2 && inside.length > most ? tens : inside;
  const stride = Math.ceil(lines.length / most);
  const ticks = lines.filter((_, i) => i % stride === 0);
  return { ...placed('log', rungs[first], rungs[last]), ticks, label: compact };
}

/** Whether a number is one of these digits times a power of ten. */
function leads(value: number, digits: string): boolean {
  return digits.includes(value.toExponential(0).charAt(0));
}

/** A scale of powers of two from 1 up to a largest k. @param most ticks, about */
export function log2Scale(largest: number, most = 8): Scale {
  const high = Math.max(2, largest);
  // On a wide axis d3 puts ticks between the powers too.
  const all = scaleLog().base(2).domain([1, high]).ticks(most);
  const ticks = all.filter((tick) => Number.isInteger(Math.log2(tick)));
  return { ...placed('log', 1, high), ticks, label: String };
}

interface ExactOptions {
  /** About how many ticks lie between the ends. */
  readonly most?: number;
  /** What it counts: whole things have ticks on whole numbers, seconds on round times. */
  readonly counts?: 'whole' | 'seconds' | 'amounts';
  /** Whether the ends have ticks too; round ones too near to them then give way. */
  readonly ends?: boolean;
}

/** A scale that ends where it is told to, with round ticks between: for steps, times and amounts along the bottom. */
export function exactScale(
  low: number,
  high: number,
  { most = 4, counts = 'amounts', ends = true }: ExactOptions = {},
): Scale {
  const to = high > low ? high : low + 1;
  const scale = scaleLinear().domain([low, to]);
  const round =
    counts === 'seconds'
      ? scaleUtc()
          .domain([low * 1000, to * 1000])
          .ticks(most)
          .map((date) => date.getTime() / 1000)
      : scale.ticks(most);
  const room = 0.7 / most;
  const inner = round
    .filter((tick) => counts === 'amounts' || Number.isInteger(tick))
    .filter((tick) => !ends || (scale(tick) >= room && 1 - scale(tick) >= room));
  return {
    ...placed('linear', low, to),
    ticks: ends ? [low, ...inner, to] : inner,
    label: counts === 'seconds' ? clock : counts === 'whole' ? wholeText : compact,
  };
}

const wholeText = (value: number) => String(Math.round(value));
