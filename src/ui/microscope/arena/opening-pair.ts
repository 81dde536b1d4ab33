/** Which of a step's pairs the arena opens on. */
import { randomStream } from '../../../rl/random.ts';
import type { Task } from '../../../rl/tasks/task.ts';
import { questionOf } from '../../question-of.ts';
import { SEED } from '../policy-answer.ts';
import { hasCritic } from './pair.ts';
import type { RunPair } from './run-pairs.ts';

/**
 * The place of the first pair of which one answer is right and the other wrong: of two that are equally right only a tie is fair, and nothing
 * is to be seen. The task's own expert critic, which works everything out, tells them apart. Where there is no such pair it is the first of all.
 */
export function openingPair(pairs: readonly RunPair[], task: Task): number {
  const differs = pairs.findIndex(({ prompt, first, second }) => {
    if (first === second || !hasCritic(task)) return false;
    const question = questionOf(task, prompt);
    if (question === null) return false;
    const random = randomStream(SEED, 'microscope/arena/opening');
    const { critic } = task;
    const said = critic.read(critic.trace(question, first, second, random, { follows: 1 }));
    return said === '1' || said === '2';
  });
  return Math.max(0, differs);
}
