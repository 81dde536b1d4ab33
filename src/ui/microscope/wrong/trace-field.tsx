/** The trace as text: every edit is read once it has rested. */
import { useId } from 'react';
import { Icon } from '../../components/icon.tsx';
import { verdictWord } from '../../samples/verdict.ts';
import { LONGEST_TEXT } from '../policy-answer.ts';
import { useSubject, useSubjectData } from '../subject-context.ts';
import { useWrong, useWrongScope } from './wrong-context.tsx';

export function TraceField() {
  const subject = useSubject();
  const scope = useWrongScope();
  const text = useSubjectData((data) => data.answer?.text ?? '');
  const problem = useWrong((data) => data.textProblem);
  const before = useWrong((data) => data.before);
  const id = useId();
  return (
    <div className="answerfield">
      <label className="label" htmlFor={id}>
        Trace
      </label>
      <div className="acts tracefield">
        <input
          id={id}
          className={problem ? 'input mono is-error' : 'input mono'}
          value={text}
          maxLength={LONGEST_TEXT}
          autoComplete="off"
          spellCheck={false}
          aria-invalid={problem !== null}
          aria-describedby={`${id}-said`}
          onChange={(event) => subject.write(event.target.value)}
        />
        <button className="btn" type="button" onClick={() => scope.injected()}>
          Inject an error
        </button>
        <button className="btn" type="button" onClick={() => scope.expert()}>
          The expert’s
        </button>
        {before && (
          <button className="btn" type="button" onClick={() => subject.write(before.text)}>
            Undo edits
          </button>
        )}
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
          <Said text={text} />
        )}
      </p>
    </div>
  );
}

function Said({ text }: { readonly text: string }) {
  const status = useWrong((data) => data.status);
  const trace = useWrong((data) => data.trace);
  const origin = useWrong((data) => data.origin);
  const number = useSubjectData((data) => data.answer?.number ?? null);
  const policy = useSubjectData((data) => data.policy.name);
  if (status === 'loading') return 'Opening the models';
  if (status === 'answering') return 'Looking for a wrong answer';
  if (trace?.text !== text) return 'Reading';
  const { verdict, pieces } = trace;
  const who = number === null ? (origin ?? 'Written by you') : `Answer ${number + 1} of ${policy}`;
  return (
    <>
      {verdict ? <span className={verdict.correct ? 'dot yes' : 'dot no'} /> : null}
      {verdictWord(verdict?.correct)}
      {verdict?.note ? `: ${verdict.note}` : ''}; {pieces.length} tokens with the end. {who}.
    </>
  );
}
