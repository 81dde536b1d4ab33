/** An answer to edit, and what the question tells each of its tokens. */
import { useId } from 'react';
import '../../samples/samples.css';
import './without.css';
import { Icon } from '../../components/icon.tsx';
import { modeOf } from '../../samples/token-colour.ts';
import { Scale } from '../../samples/token-legend.tsx';
import { verdictWord } from '../../samples/verdict.ts';
import { Failed } from '../failed.tsx';
import { LONGEST_TEXT } from '../policy-answer.ts';
import { useSubject, useSubjectData } from '../subject-context.ts';
import { Edited } from './edited.tsx';
import { Formula } from './formula.tsx';
import { KindsTable } from './kinds-table.tsx';
import { TokenBars } from './token-bars.tsx';
import { TokenNumbers } from './token-numbers.tsx';
import { useWithout, useWithoutScope } from './without-context.tsx';

export function WithoutBody() {
  const scope = useWithoutScope();
  const status = useWithout((data) => data.status);
  const problem = useWithout((data) => data.problem);
  const score = useWithout((data) => data.score);
  const text = useAnswerText();
  return (
    <>
      <AnswerField />
      {status === 'failed' && problem ? (
        <Failed problem={problem} onRetry={() => scope.retry()} />
      ) : (
        <>
          <div className="told-room">
            {score && <TokenBars score={score} stale={score.text !== text} />}
          </div>
          <div className="told-foot">
            <div className="told-scale">
              <Scale mode={modeOf('sar/v')} />
              <span className="faint small">nats</span>
            </div>
            {score && <Formula sar={score.sar} />}
          </div>
          <Edited />
          {score && <TokenNumbers score={score} />}
          <KindsTable />
        </>
      )}
    </>
  );
}

/** The answer as it stands in the field. */
function useAnswerText(): string {
  return useSubjectData((data) => data.answer?.text ?? '');
}

/** The answer as text; every edit is scored once it has rested. */
function AnswerField() {
  const subject = useSubject();
  const scope = useWithoutScope();
  const text = useAnswerText();
  const status = useWithout((data) => data.status);
  const problem = useWithout((data) => data.textProblem);
  const policy = useSubjectData((data) => data.policy.name);
  const score = useWithout((data) => data.score);
  const id = useId();
  return (
    <div className="answerfield">
      <label className="label" htmlFor={id}>
        Answer
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
        <button className="btn" type="button" onClick={() => void scope.answer()}>
          Let {policy} answer
        </button>
      </div>
      <p className={problem ? 'said problem' : 'said faint'} id={`${id}-said`} role="status">
        {problem ? (
          <>
            <Icon name="error" small />
            <span>
              {problem.message}. {problem.remedy}
            </span>
          </>
        ) : status === 'loading' ? (
          'Opening the policy'
        ) : status === 'answering' ? (
          'Answering'
        ) : score && score.text === text ? (
          <>
            {score.verdict ? (
              <span className={score.verdict.correct ? 'dot yes' : 'dot no'} />
            ) : null}
            {verdictWord(score.verdict?.correct)}
            {score.verdict?.note ? `: ${score.verdict.note}` : ''}; {score.tokens.length} tokens
            with the end
          </>
        ) : (
          'Reading'
        )}
      </p>
    </div>
  );
}
