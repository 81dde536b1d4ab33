/** A question of a person's own, read by the task itself, which says what is wrong with it. */
import { type FormEvent, useEffect, useId, useRef, useState } from 'react';
import { type ErrorReport, toReport } from '../../errors.ts';
import type { Question, Task } from '../../rl/tasks/task.ts';
import { Icon } from '../components/icon.tsx';

/** Longer text is no question of any task. */
const LONGEST = 600;

interface Props {
  readonly task: Task;
  readonly onAsk: (question: Question) => void;
  readonly focus?: boolean;
}

export function QuestionForm({ task, onAsk, focus = false }: Props) {
  const id = useId();
  const input = useRef<HTMLInputElement>(null);
  const [problem, setProblem] = useState<ErrorReport | null>(null);
  useEffect(() => {
    if (focus) input.current?.focus();
  }, [focus]);
  const { prompt: example, title } = task.question('test', 0, 1);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const text = input.current?.value.trim() ?? '';
    try {
      const question = task.readQuestion(promptOf(task, text, example));
      setProblem(null);
      onAsk(question);
    } catch (error) {
      setProblem(toReport(error));
      input.current?.focus();
    }
  };
  return (
    <form className="questionform" onSubmit={submit} key={task.id} noValidate>
      <label htmlFor={id} className="label">
        Or type one, like <code>{example}</code>
        {title !== example && (
          <>
            {' '}
            {task.promptOfTitle ? 'or' : 'which is'} “{title}”
          </>
        )}
      </label>
      <div className="acts">
        <input
          ref={input}
          id={id}
          className={problem ? 'input mono is-error' : 'input mono'}
          maxLength={LONGEST}
          autoComplete="off"
          spellCheck={false}
          aria-invalid={problem !== null}
          aria-describedby={problem ? `${id}-problem` : undefined}
        />
        <button className="btn" type="submit">
          Ask
        </button>
      </div>
      {problem && (
        <p className="problem" id={`${id}-problem`} role="alert">
          <Icon name="error" small />
          <span>
            {problem.message}. {problem.remedy}
          </span>
        </p>
      )}
    </form>
  );
}

/** The prompt that a person means, who may write it as questions are shown. */
function promptOf(task: Task, text: string, example: string): string {
  // The colon hands over to the answer; who leaves it out means it.
  const whole = example.endsWith(':') && !text.endsWith(':') ? `${text}:` : text;
  return task.promptOfTitle?.(text) ?? whole;
}
