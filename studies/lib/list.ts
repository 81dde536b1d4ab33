/** What would be run of a part, and how long that may take. */

import { meanOf } from '../../src/rl/over-seeds.ts';
import { type Choice, type PlannedRun, plan } from './plan.ts';
import { type RawRun, readRaw } from './raw.ts';
import { STEPS_BY_DEFAULT } from './runner.ts';
import type { StudyPart } from './study.ts';
import { settled } from './tuning.ts';

/** Seconds of a run's steps, by those of its arm or, where none has been run, of all arms; undefined where nothing has been run. */
function seconds({ arm, experiment }: PlannedRun, there: readonly RawRun[]): number | undefined {
  const own = there.filter((run) => run.arm === arm.id);
  const some = own.length > 0 ? own : there;
  const { steps = STEPS_BY_DEFAULT } = experiment;
  return some.length === 0 ? undefined : steps * meanOf(some.map(({ timing }) => timing.step));
}

/** @returns one line a run, and a sentence about all of them */
export function listed(
  part: StudyPart,
  raw: string,
  choice: Choice,
): { readonly runs: string; readonly words: string } {
  const there = readRaw(raw).runs;
  const now = settled(part, there);
  const runs = plan(now, choice);
  const missing = runs.filter(
    ({ arm, seed }) => !there.some((run) => run.arm === arm.id && run.seed === seed),
  );
  const open = part.arms.length - now.arms.filter(({ trialOf }) => !trialOf).length;
  const times = missing.map((run) => seconds(run, there));
  const known = times.every((time) => time !== undefined);
  const minutes = Math.ceil(times.reduce<number>((sum, time) => sum + (time ?? 0), 0) / 60);
  const sentences = [
    `${part.id}: ${runs.length} runs, ${missing.length} of them to do`,
    open > 0 ? `${open} arms wait for their trials` : '',
    known ? `about ${minutes} minutes of training on one core` : 'no run yet to reckon times from',
  ];
  return {
    runs: runs
      .map(({ id, experiment }) => `${part.id} ${id} ${JSON.stringify(experiment)}\n`)
      .join(''),
    words: sentences.filter(Boolean).join('; '),
  };
}
