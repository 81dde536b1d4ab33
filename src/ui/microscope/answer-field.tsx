/** The answer as text: every edit is read once it has rested. Under it stands what was read, or what is wrong with the text. */
import { type ReactNode, useId } from 'react';
import type { ErrorReport } from '../../errors.ts';
import type { Verdict } from '../../rl/tasks/task.ts';
import { Icon } from '../components/icon.tsx';
import { verdictWord } from '../samples/verdict.ts';
import { LONGEST_TEXT } from './policy-answer.ts';
import { useSubject, useSubjectData } from './subject-context.ts';

interface Props {
  readonly label: string;
  /** What is wrong with the text; null where nothing is. */
  readonly problem: ErrorReport | null;
  /** What was read. */
  readonly said: ReactNode;
  /** Buttons beside the field. */
  readonly children: ReactNode;
}

export function AnswerField({ label, problem, said, children }: Props) {
  const subject = useSubject();
  const text = useAnswerText();
  const id = useId();
  return (
    <div className="answerfield">
      <label className="label" htmlFor={id}>
        {label}
      </label>
      <div className="acts">
        <textarea
          id={id}
          className={problem ? 'input mono is-error' : 'input mono'}
          rows={text.split('\n').length}
          value={text}
          maxLength={LONGEST_TEXT}
          autoComplete="off"
          spellCheck={false}
          aria-invalid={problem !== null}
          aria-describedby={`${id}-said`}
          onChange={(event) => subject.write(event.target.value)}
        />
        {children}
      </div>
      <p className={problem ? 'said problem' : 'said faint'} id={`${id}-said`} role="status">
        {problem ? (
          <>
            <Icon name="error" small />
            <span>
              {problem.message}. {problem.remedy}
            </span>
          </>
        ) : (
          said
        )}
      </p>
    </div>
  );
}

/** The answer as it stands in the field. */
export function useAnswerText(): string {
  return useSubjectData((data) => data.answer?.text ?? '');
}

/** Whether the answer is right, and how many tokens were read. */
export function AnswerVerdict({
  verdict,
  tokens,
}: {
  /** Null where the task has no verifier. */
  readonly verdict: Verdict | null;
  readonly tokens: number;
}) {
  return (
    <>
      {verdict ? <span className={verdict.correct ? 'dot yes' : 'dot no'} /> : null}
      {verdictWord(verdict?.correct)}
      {verdict?.correct && verdict.firstWrong !== undefined ? ', by a wrong step' : ''}
      {verdict?.note ? `: ${verdict.note}` : ''}; {tokens} tokens with the end
    </>
  );
}
