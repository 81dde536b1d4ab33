/** The questions that a microscope offers before one is picked, and the road to any other. */
import type { Question, Task } from '../../rl/tasks/task.ts';
import { Prompt } from './prompt.tsx';
import { QuestionForm } from './question-form.tsx';

/** Questions are of the held-out split, in the order of this seed. */
const SEED = 1;
/**
 * Held-out questions to begin with, by their number: the bundled policy tries in vain, then gets it right, or goes wrong in the end. Where carries are
 * forgotten, the bundled reward finds the first error and the policy’s log-prob does not, both do, and the reward does not.
 */
const EXAMPLES: Readonly<Record<string, readonly number[] | undefined>> = {
  countdown: [6, 14, 3],
  chain: [13, 11, 9],
  'chain-carry': [2, 12, 5],
};
const FIRST = [0, 1, 2];

/** Held-out question number `index`, 0, 1, 2, ... */
export function exampleOf(task: Task, index: number): Question {
  return task.question('test', index, SEED);
}

/** Three questions as buttons, and a field for one's own. */
export function ExampleQuestions({
  id,
  task,
  onAsk,
}: {
  id: string;
  task: Task;
  onAsk: (question: Question) => void;
}) {
  return (
    <>
      <ul className="examples">
        {(EXAMPLES[id] ?? FIRST)
          .map((index) => exampleOf(task, index))
          .map((question) => (
            <li key={question.prompt}>
              <button className="btn" type="button" onClick={() => onAsk(question)}>
                <Prompt text={question.title} />
              </button>
            </li>
          ))}
      </ul>
      <QuestionForm task={task} onAsk={onAsk} />
    </>
  );
}
