/** Which step of a run, and which of its pairs, the arena opens on. */
import { randomStream } from '../../../rl/random.ts';
import type { Task } from '../../../rl/tasks/task.ts';
import { questionOf } from '../../question-of.ts';
import { hasCritic } from '../judged-task.ts';
import { SEED } from '../policy-answer.ts';
import type { RunPair } from './run-pairs.ts';

/** Steps that are looked through for a pair that differs. */
const LOOKED_THROUGH = 20;

/**
 * The place of the first pair of which one answer is right and the other wrong: of two that are equally right only a tie is fair, and nothing
 * is to be seen. The task's own expert critic, which works everything out, tells them apart. Where there is no such pair it is the first of all.
 */
export function openingPair(pairs: readonly RunPair[], task: Task): number {
  return Math.max(0, differingPair(pairs, task));
}

/** The newest of the last steps that has such a pair; the newest of all where none has, undefined without steps. */
export function openingStep(
  steps: readonly number[],
  pairsAt: (step: number) => readonly RunPair[],
  task: Task,
): number | undefined {
  const newest = steps.slice(-LOOKED_THROUGH).reverse();
  return newest.find((step) => differingPair(pairsAt(step), task) >= 0) ?? newest[0];
}

/** The place of the first pair with exactly one right answer; -1 where there is none. */
function differingPair(pairs: readonly RunPair[], task: Task): number {
  return pairs.findIndex(({ prompt, first, second }) => {
    if (first === second || !hasCritic(task)) return false;
    const question = questionOf(task, prompt);
    if (question === null) return false;
    const random = randomStream(SEED, 'microscope/arena/opening');
    const { critic } = task;
    const said = critic.read(critic.trace(question, first, second, random, { follows: 1 }));
    return said === '1' || said === '2';
  });
}
