/** Does a part to its end: the trials of its learning rates first, where it has any, and then the runs that they decide. */
import { type Choice, type PlannedRun, plan } from './plan.ts';
import { readRaw } from './raw.ts';
import { doRuns } from './runner.ts';
import type { StudyPart } from './study.ts';
import { settled } from './tuning.ts';
import type { Workshop } from './workshop.ts';

/** The runs that can be named now: of a tuned part those whose rates are chosen, and all trials. */
export function planned(part: StudyPart, raw: string, choice: Choice): PlannedRun[] {
  return plan(settled(part, readRaw(raw).runs), choice);
}

/**
 * @returns whether all of the part is done, and not stopped before
 * @throws StudyError as `doRuns`
 */
export async function doPart(part: StudyPart, shop: Workshop, choice: Choice): Promise<boolean> {
  const todo = () => {
    const now = settled(part, readRaw(shop.raw).runs);
    return { now, runs: plan(now, choice) };
  };
  const first = todo();
  if (!(await doRuns({ ...shop, part: first.now }, first.runs, part.probe))) return false;
  if (!part.tuning) return true;
  // Trials that were run just now have chosen the rates of more arms.
  const { now, runs } = todo();
  const own = runs.filter(({ arm }) => arm.trialOf === undefined);
  return doRuns({ ...shop, part: now }, own);
}
