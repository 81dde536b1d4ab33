/** A question of a person's own, read by the task itself, which says what is wrong with it. */
import { type FormEvent, useEffect, useId, useRef, useState } from 'react';
import { type ErrorReport, toReport } from '../../../errors.ts';
import { Icon } from '../../components/icon.tsx';
import { useScope, useTransfer } from './transfer-context.tsx';

/** Longer text is no question of any task. */
const LONGEST = 600;

export function QuestionForm({ focus = false }: { focus?: boolean }) {
  const scope = useScope();
  const task = useTransfer((data) => data.task);
  const id = useId();
  const input = useRef<HTMLInputElement>(null);
  const [problem, setProblem] = useState<ErrorReport | null>(null);
  useEffect(() => {
    if (focus) input.current?.focus();
  }, [focus]);
  const example = scope.task.question('test', 0, 1).prompt;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const text = input.current?.value.trim() ?? '';
    try {
      // The colon hands over to the answer; who leaves it out means it.
      const question = scope.task.readQuestion(
        example.endsWith(':') && !text.endsWith(':') ? `${text}:` : text,
      );
      setProblem(null);
      scope.ask(question);
    } catch (error) {
      setProblem(toReport(error));
      input.current?.focus();
    }
  };
  return (
    <form className="questionform" onSubmit={submit} key={task} noValidate>
      <label htmlFor={id} className="label">
        Or type one, like <code>{example}</code>
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
