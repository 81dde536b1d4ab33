/**
 * Judges answers to questions of hops. The letter after the last semicolon is the answer, and it alone is right or wrong. The steps before
 * it are gone through one by one: each must start where the one before it ended, and be a fact.
 */
import { follower, type HopsData, pathOf } from './hops-base.ts';
import { everyPiece, stepAt } from './step-text.ts';
import type { Verdict } from './task.ts';

const STEP = /^[a-z]>[a-z]$/;

export function verifyHops(data: HopsData, completion: string): Verdict {
  const end = completion.lastIndexOf(';');
  const answer = completion.slice(end + 1);
  if (end < 0 || !/^[a-z]$/.test(answer)) {
    return { correct: false, wellFormed: false, answer: null, note: 'cannot be read' };
  }
  const steps = completion.slice(0, end);
  const wellFormed = isWhole(steps, data.hops);
  const correct = answer === pathOf(data)[data.hops];
  const fault = firstFault(data, steps);
  const firstWrong = fault?.step ?? (correct ? undefined : stepAt(completion, end + 1));
  return {
    ...{ correct, wellFormed, answer },
    ...(firstWrong !== undefined && { firstWrong }),
    ...(!correct && { note: fault?.note ?? `ends at ${answer}` }),
  };
}

/** Whether there is a step for each hop, right or wrong, and nothing else. */
function isWhole(steps: string, hops: number): boolean {
  return steps.length === 4 * hops - 1 && steps.split(',').every((step) => STEP.test(step));
}

function firstFault({ facts, start, hops }: HopsData, steps: string) {
  let at = start;
  let step = 0;
  let note: string | undefined;
  if (steps === '') return undefined;
  everyPiece(steps, ',;', (text) => {
    if (!STEP.test(text)) note = `step ${step + 1} cannot be read`;
    else if (text[0] !== at || step === hops) note = `${text} does not follow`;
    else if (follower(facts, at) !== text[2]) note = `${text} is false`;
    if (note !== undefined) return false;
    at = text[2];
    step++;
    return true;
  });
  return note === undefined ? undefined : { step, note };
}
