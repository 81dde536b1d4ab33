/** The trace as text, and where another one comes from. */
import { AnswerField, AnswerVerdict, useAnswerText } from '../answer-field.tsx';
import { useSubject, useSubjectData } from '../subject-context.ts';
import { useWrong, useWrongScope } from './wrong-context.tsx';

export function TraceField() {
  const subject = useSubject();
  const scope = useWrongScope();
  const problem = useWrong((data) => data.textProblem);
  const before = useWrong((data) => data.before);
  return (
    <AnswerField label="Trace" problem={problem} said={<Said />}>
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
    </AnswerField>
  );
}

function Said() {
  const text = useAnswerText();
  const status = useWrong((data) => data.status);
  const trace = useWrong((data) => data.trace);
  const origin = useWrong((data) => data.origin);
  const edited = useWrong((data) => data.before !== null);
  const number = useSubjectData((data) => data.answer?.number ?? null);
  const policy = useSubjectData((data) => data.policy.name);
  if (status === 'loading') return 'Opening the models';
  if (status === 'answering') return 'Looking for a wrong answer';
  if (trace?.text !== text) return 'Reading';
  const from = edited ? 'Edited by you' : (origin ?? 'Written by you');
  const who = number === null ? from : `Answer ${number + 1} of ${policy}`;
  return (
    <>
      <AnswerVerdict verdict={trace.verdict} tokens={trace.pieces.length} />. {who}.
    </>
  );
}
