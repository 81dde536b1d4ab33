/** Numbers as the page writes them: a true minus sign, a space before the unit, never more digits than carry meaning. */

const MINUS = '−';

/** A setting's value: small or large numbers as 1.0e−4, others plainly; texts and switches as words. */
export function formatValue(value: unknown): string {
  if (value === undefined) return 'not set';
  if (value === null) return 'none';
  if (typeof value === 'boolean') return value ? 'on' : 'off';
  if (typeof value === 'number') return formatNumber(value);
  if (Array.isArray(value)) return value.map(formatValue).join(', ');
  if (typeof value === 'object') return JSON.stringify(value);
  return String(value);
}

/** 0.0001 is 1.0e−4, 12 is 12, 0.25 is 0.25. */
export function formatNumber(value: number): string {
  if (!Number.isFinite(value)) return 'not finite';
  const size = Math.abs(value);
  if (size !== 0 && (size < 1e-3 || size >= 1e7)) {
    const [digits, exponent] = value.toExponential().split('e');
    const mantissa = digits.includes('.') ? digits : `${digits}.0`;
    return `${mantissa}e${exponent.replace('+', '')}`.replaceAll('-', MINUS);
  }
  return String(value).replace('-', MINUS);
}

/** RARO, RLVR and SFT. */
export function listText(words: readonly string[]): string {
  const [last = '', ...before] = words.toReversed();
  return before.length === 0 ? last : `${before.toReversed().join(', ')} and ${last}`;
}

/** A weight with at least one decimal, as in `R = 1.0 answer`. */
export function formatWeight(value: number): string {
  const text = Number.isInteger(value) ? value.toFixed(1) : String(Number(value.toFixed(3)));
  return text.replace('-', MINUS);
}

/** Seconds as 1:43 or 2:05:10. */
export function formatDuration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  const pad = (value: number) => String(value).padStart(2, '0');
  const hours = Math.floor(whole / 3600);
  const minutes = Math.floor((whole % 3600) / 60);
  if (hours > 0) return `${hours}:${pad(minutes)}:${pad(whole % 60)}`;
  return `${minutes}:${pad(whole % 60)}`;
}

/** Seconds of one step with three digits: 1.56 s, 12.3 s, 0.084 s. */
export function formatSeconds(seconds: number): string {
  if (seconds >= 100) return `${Math.round(seconds)} s`;
  return `${seconds.toPrecision(seconds < 0.1 ? 2 : 3)} s`;
}

/** How many a second, with three digits: 12,300, 45.6. */
export function formatPerSecond(count: number): string {
  return Number(count.toPrecision(3)).toLocaleString('en-GB');
}

/** Bytes in binary units. */
export function formatBytes(bytes: number): string {
  if (bytes < 1024) return `${bytes} B`;
  const units = ['KiB', 'MiB', 'GiB'];
  let value = bytes / 1024;
  let unit = 0;
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024;
    unit += 1;
  }
  return `${value >= 100 ? Math.round(value) : value.toFixed(1)} ${units[unit]}`;
}

/** 0.34 is 34 %. */
export function formatShare(share: number): string {
  return `${Math.round(share * 100)} %`;
}

/** A count with its noun: 1 step, 2 steps. */
export function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

/** Said before a run and at its accuracy where training goes on after the last evaluation. @param step 0 for the one before training */
export function lastEvaluationText(step: number): string {
  return step === 0
    ? 'The only evaluation is the one before training.'
    : `The last evaluation is at step ${step}.`;
}
