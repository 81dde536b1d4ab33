/** Experts' traces with one injected error, whose first wrong step the verifier knows. */
import { randomStream } from '../random.ts';
import type { Question, Split, Verdict, VerifiedTask } from '../tasks/task.ts';
import { PERTURBATIONS, type Perturbation, perturb } from './perturb.ts';

export interface SpoiledTrace {
  readonly question: Question;
  readonly text: string;
  readonly kind: Perturbation;
  /** Its `firstWrong` is there. */
  readonly verdict: Verdict;
}

export interface Injected {
  readonly spoiled: readonly SpoiledTrace[];
  /** Traces that no fault makes wrong at a step, such as one in whose place another right step stands. */
  readonly harmless: number;
}

/**
 * Spoils the experts' traces to the first questions of a split, each with the next kind of fault in turn, or with another where a trace has no place for that one.
 * @param seed of the questions, the traces and the faults
 */
export function injectErrors(
  task: VerifiedTask,
  { split, count, seed }: { readonly split: Split; readonly count: number; readonly seed: number },
): Injected {
  const made = Array.from({ length: count }, (_, i): SpoiledTrace | null => {
    const question = task.question(split, i, seed);
    const text = task.expertTrace(question, randomStream(seed, 'airl/inject/expert', i));
    const random = randomStream(seed, 'airl/inject', i);
    const boundaries = task.stepBoundaries(text);
    const wanted = PERTURBATIONS[i % PERTURBATIONS.length];
    const fault = perturb(text, boundaries, random, [wanted]) ?? perturb(text, boundaries, random);
    if (fault === null) return null;
    const verdict = task.verify(question, fault.text);
    return verdict.firstWrong === undefined ? null : { question, ...fault, verdict };
  });
  const spoiled = made.filter((one) => one !== null);
  return { spoiled, harmless: count - spoiled.length };
}
