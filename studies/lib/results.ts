/** What the raw runs of a part say, as a report asks for it: values by seed, differences paired by seed, curves. */

import { type Estimate, estimate, meanOf, ratioEstimate, smooth } from '../../src/rl/over-seeds.ts';
import type { Arm, Part } from './design.ts';
import { armExperiment, askedMark } from './plan.ts';
import type { RawData, RawEvaluation, RawRun, RawSeries, RawStart } from './raw.ts';

/** A number of one run; undefined where the run does not have it. */
export type Measure = (run: RawRun) => number | undefined;

/** One place of a curve over training, over seeds. */
export interface CurvePoint extends Estimate {
  readonly x: number;
}

export class Results {
  /** As it is run: tuned arms at their chosen rates, and their trials beside them (tuning.ts). */
  readonly part: Part;
  readonly runs: readonly RawRun[];
  /** Runs of arms that the part no longer has, or that it has since defined otherwise: they are in no table. */
  readonly stale: readonly RawRun[];
  readonly starts: readonly RawStart[];
  /** What the part's probe left. */
  readonly probe: unknown;

  constructor(part: Part, { runs, starts, probe }: RawData) {
    const asks = ({ arm: id, seed, asked }: RawRun) => {
      const arm = part.arms.find((one) => one.id === id);
      return arm !== undefined && asked === askedMark({ ...armExperiment(part, arm), seed });
    };
    this.part = part;
    this.runs = runs.filter(asks);
    this.stale = runs.filter((run) => !asks(run));
    this.starts = starts;
    this.probe = probe;
  }

  /** The arms of which there is a run, in the part's order, trials of learning rates left out. */
  get arms(): Arm[] {
    return this.part.arms.filter(({ id, trialOf }) => trialOf === undefined && this.has(id));
  }

  /** How many runs are trials of learning rates. */
  get trials(): number {
    return this.runs.length - this.#own.length;
  }

  /** The seeds of the arms, those of trials left out. */
  get seeds(): number[] {
    return [...new Set(this.#own.map(({ seed }) => seed))].sort((a, b) => a - b);
  }

  get #own(): RawRun[] {
    const ids = this.arms.map(({ id }) => id);
    return this.runs.filter(({ arm }) => ids.includes(arm));
  }

  has(arm: string): boolean {
    return this.runs.some((run) => run.arm === arm);
  }

  label(arm: string): string {
    return this.part.arms.find(({ id }) => id === arm)?.label ?? arm;
  }

  /** Values by seed, of the seeds that have one. */
  bySeed(arm: string, measure: Measure): Map<number, number> {
    const pairs = this.runs
      .filter((run) => run.arm === arm)
      .sort((a, b) => a.seed - b.seed)
      .flatMap((run): [number, number][] => {
        const value = measure(run);
        return value !== undefined && Number.isFinite(value) ? [[run.seed, value]] : [];
      });
    return new Map(pairs);
  }

  mean(arm: string, measure: Measure): Estimate | undefined {
    return estimate([...this.bySeed(arm, measure).values()]);
  }

  /** Mean of `arm - base`, each seed with itself. */
  difference(arm: string, base: string, measure: Measure): Estimate | undefined {
    return estimate(this.#pairs(arm, base, measure).map(([a, b]) => a - b));
  }

  /** Geometric mean of `arm / base`, each seed with itself; pairs with a zero are left out. */
  ratio(arm: string, base: string, measure: Measure): Estimate | undefined {
    const pairs = this.#pairs(arm, base, measure).filter(([a, b]) => a > 0 && b > 0);
    return ratioEstimate(pairs.map(([a, b]) => a / b));
  }

  #pairs(arm: string, base: string, measure: Measure): [number, number][] {
    const others = this.bySeed(base, measure);
    return [...this.bySeed(arm, measure)].flatMap(([seed, a]): [number, number][] => {
      const b = others.get(seed);
      return b === undefined ? [] : [[a, b]];
    });
  }

  /** The model that a run began from. */
  startOf({ policy }: RawRun): RawStart | undefined {
    return this.starts.find((start) => start.policy === policy);
  }

  /** A number of the evaluation after training less the same before it. */
  sinceStart(split: string, read: Read): Measure {
    return (run) => {
      const before = evaluationOf(this.startOf(run), split);
      const after = evaluationOf(run, split);
      const [a, b] = [before && read(before), after && read(after)];
      return a === undefined || b === undefined ? undefined : b - a;
    };
  }

  /** A number over training: mean over the seeds that have it at that step. */
  curve(arm: string, name: string, window = 1): CurvePoint[] {
    const values = new Map<number, number[]>();
    for (const run of this.runs.filter((r) => r.arm === arm)) {
      for (const [step, value] of points(run.series[name], window)) {
        values.set(step, [...(values.get(step) ?? []), value]);
      }
    }
    return [...values]
      .sort(([a], [b]) => a - b)
      .flatMap(([x, all]) => {
        const mean = estimate(all);
        return mean ? [{ x, ...mean }] : [];
      });
  }
}

/** The points of a series that have a value, smoothed over the last `window` of them. */
export function points(series: RawSeries | undefined, window = 1): [number, number][] {
  if (!series) return [];
  const there = series.steps.flatMap((step, i): [number, number][] => {
    const value = series.values[i];
    return value === null ? [] : [[step, value]];
  });
  const smoothed = smooth(
    there.map(([, value]) => value),
    window,
  );
  return there.map(([step], i) => [step, smoothed[i]]);
}

/** The last value of a series, smoothed over the last `window`. */
export function last(name: string, window = 1): Measure {
  return ({ series }) => points(series[name], window).at(-1)?.[1];
}

/** Mean of a number over the last `steps` steps of the run. A point stands for the steps since the one before it. */
export function late(name: string, steps: number): Measure {
  return ({ series, steps: end }) => {
    const some = points(series[name]).filter(([step]) => step > end - steps);
    return some.length === 0 ? undefined : meanOf(some.map(([, value]) => value));
  };
}

/** The same over its first `steps` steps. */
export function early(name: string, steps: number): Measure {
  return ({ series }) => {
    const some = points(series[name]).filter(([step]) => step <= steps);
    return some.length === 0 ? undefined : meanOf(some.map(([, value]) => value));
  };
}

/** Mean of a number over all steps. */
export function average(name: string): Measure {
  return ({ series }) => {
    const all = points(series[name]);
    return all.length === 0 ? undefined : meanOf(all.map(([, value]) => value));
  };
}

export function evaluationOf(
  owner: { readonly evaluations: readonly RawEvaluation[] } | undefined,
  split: string,
): RawEvaluation | undefined {
  return owner?.evaluations.find((evaluation) => evaluation.split === split);
}

export type Read = (evaluation: RawEvaluation) => number | undefined;

/** A number of the evaluation after training. */
export function evaluated(split: string, read: Read): Measure {
  return (run) => {
    const found = evaluationOf(run, split);
    return found && read(found);
  };
}

/** maj@k, with the largest k where it is smaller than asked for. */
export function majAt(k: number) {
  return ({ maj_at_k }: RawEvaluation) => maj_at_k.at(Math.min(k, maj_at_k.length) - 1);
}

/** Share of a receiver's finishes that are right, over all cuts. @param receiver its id */
export function transferTo(receiver: string): Read {
  return ({ transfer }) =>
    transfer?.receivers.find((own) => own.receiver === receiver)?.transferability;
}

/** The same of the answers in one dialect. */
export function transferOf(receiver: string, dialect: string): Read {
  return ({ transfer }) =>
    transfer?.receivers.find((own) => own.receiver === receiver)?.by_dialect?.[dialect] ??
    undefined;
}

export function scratchOf(receiver: string): Read {
  return ({ transfer }) => transfer?.receivers.find((own) => own.receiver === receiver)?.scratch;
}

export function passAt(k: number) {
  return ({ pass_at_k }: RawEvaluation) => pass_at_k.at(Math.min(k, pass_at_k.length) - 1);
}

/**
 * The first step at which a series, smoothed over the last `window` values, is at least `level`; undefined where it never is.
 */
export function firstStepAt(
  series: RawSeries | undefined,
  level: number,
  window: number,
): number | undefined {
  return points(series, window).find(([, value]) => value >= level)?.[0];
}
