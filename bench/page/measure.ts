/**
 * Measures one piece of work. The first run of every contestant is timed separately, and its result is compared before any timed round.
 * Then rounds interleave, so that other load on the machine affects all alike. Everything has a time box, so that a slow adapter ends too.
 */
import { median, type Outcome, type Row, type Running, type Work } from './contestant.ts';

export interface MeasureOptions {
  readonly clock: () => number;
  /** Timed rounds, at least `LEAST`. */
  readonly rounds: number;
  readonly log: (line: string) => void;
}

/** Rounds below which no median is given. */
export const LEAST = 7;
/** Milliseconds that a measurement should take, so that waiting for the device matters little. */
const MEASUREMENT = 20;
const MOST_BURST = 32;
/** A first run, or opening a library, that takes longer than this many milliseconds counts as failed. */
const PATIENCE = 120_000;

interface Entry {
  readonly name: string;
  readonly running?: Running;
  first?: number;
  /** Milliseconds of the second run. */
  second: number;
  note?: string;
  result?: Float32Array;
  readonly rounds: number[];
}

function patient<T>(promise: Promise<T>): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no end after ${PATIENCE / 1000} s`)), PATIENCE);
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}

/** What is wrong with numbers, in words, or null. */
export function difference(
  wanted: ArrayLike<number>,
  found: ArrayLike<number>,
  tolerance: number,
): string | null {
  if (wanted.length !== found.length) return `${found.length} numbers, not ${wanted.length}`;
  let largest = 0;
  let worst = 0;
  for (let i = 0; i < wanted.length; i++) {
    largest = Math.max(largest, Math.abs(wanted[i]));
    const error = Math.abs(wanted[i] - found[i]);
    if (!(error <= worst)) worst = error;
  }
  return worst <= tolerance * largest
    ? null
    : `the result differs from ours by ${worst.toExponential(1)} (largest number ${largest.toPrecision(3)})`;
}

async function timed(running: Running, times: number, clock: () => number): Promise<number> {
  const from = clock();
  await patient(running.run(times));
  return (clock() - from) / times;
}

/** Opens, runs once, compares, runs again. */
async function begin(work: Work, index: number, ours: Entry | undefined, clock: () => number) {
  const { name, open } = work.contestants[index];
  if (typeof open === 'string') return { name, second: 0, note: open, rounds: [] };
  let running: Running | undefined;
  try {
    running = await patient(open());
    const entry: Entry = { name, running, second: 0, rounds: [] };
    entry.first = await timed(running, 1, clock);
    entry.result = await patient(running.result());
    const wrong = ours?.result
      ? (work.differ?.(ours.result, entry.result) ??
        (work.differ ? null : difference(ours.result, entry.result, work.tolerance)))
      : (work.prove?.(entry.result) ?? null);
    if (wrong) entry.note = `not timed: ${wrong}`;
    else entry.second = await timed(running, 1, clock);
    return entry;
  } catch (error) {
    await Promise.resolve(running?.close()).catch(() => undefined);
    const reason = error instanceof Error ? error.message : String(error);
    return { name, second: 0, note: `failed: ${reason.slice(0, 300)}`, rounds: [] };
  }
}

/** @throws Error where our own result is wrong */
export async function measure(work: Work, options: MeasureOptions): Promise<Outcome> {
  const { clock, log } = options;
  const rounds = Math.max(LEAST, options.rounds);
  const entries: Entry[] = [];
  for (const index of work.contestants.keys())
    entries.push(await begin(work, index, entries[0], clock));
  const [ours] = entries;
  if (ours.note) throw new Error(`${work.name}: ours ${ours.note}`);
  const fit = Math.round(MEASUREMENT / Math.max(0.1, ours.second));
  const burst = work.burst ?? Math.min(MOST_BURST, Math.max(1, fit));
  for (const entry of entries) {
    if (entry.note || entry.second * burst * LEAST <= work.box) continue;
    entry.note = `${LEAST} rounds do not fit ${work.box / 1000} s: one run took ${entry.second.toPrecision(3)} ms`;
  }
  const alive = entries.filter((entry) => !entry.note);
  const spent = new Map(alive.map((entry) => [entry, 0]));
  for (let round = 0; round < rounds && alive.length > 0; round++) {
    // Every contestant follows every other one in turn, so that what one leaves behind (spinning threads, a warm cache) affects all.
    for (let i = 0; i < alive.length; i++) {
      const entry = alive[(i + round) % alive.length];
      const so = spent.get(entry) ?? 0;
      if (entry.note || (round >= LEAST && so > work.box)) continue;
      try {
        const ms = await timed(entry.running as Running, burst, clock);
        entry.rounds.push(ms);
        spent.set(entry, so + ms * burst);
      } catch (error) {
        entry.note = `failed in round ${round + 1}: ${String(error).slice(0, 300)}`;
      }
    }
  }
  compareTraces(entries, work.tolerance);
  const outcome = { group: work.group, name: work.name, rows: rowsOf(work, entries) };
  for (const entry of entries)
    await Promise.resolve(entry.running?.close()).catch((error) => log(String(error)));
  return outcome;
}

/** Work that continues from run to run must agree in every run that both contestants have done. */
function compareTraces([ours, ...others]: readonly Entry[], tolerance: number): void {
  const own = ours.running?.trace?.();
  if (!own) return;
  for (const entry of others) {
    const trace = entry.running?.trace?.();
    if (!trace || entry.note) continue;
    const both = Math.min(own.length, trace.length);
    const wrong = difference(own.slice(0, both), trace.slice(0, both), 20 * tolerance);
    if (wrong) entry.note = `went another way: ${wrong}`;
  }
}

function rowsOf({ flop, bytes }: Work, entries: readonly Entry[]): Row[] {
  const ours = median(entries[0].rounds);
  return entries.map((entry): Row => {
    const { name, first, rounds, note, second } = entry;
    const parts = entry.running?.parts?.();
    const known = { name, rounds, ...(first && { first }), ...(parts && { parts }) };
    const whole = rounds.length >= LEAST && !note;
    if (!whole)
      return {
        ...known,
        ...(note && { note }),
        ...(second && ours > 0 && { ratio: second / ours }),
      };
    const ms = median(rounds);
    return {
      ...known,
      median: ms,
      ratio: ms / ours,
      ...(flop && { gflops: flop / ms / 1e6 }),
      ...(bytes && { gbs: bytes / ms / 1e6 }),
    };
  });
}
