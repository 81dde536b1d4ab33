/** An answer to edit, and what the question tells each of its tokens. */
import '../../samples/samples.css';
import './without.css';
import { modeOf } from '../../samples/token-colour.ts';
import { Scale } from '../../samples/token-legend.tsx';
import { AnswerField, AnswerVerdict, useAnswerText } from '../answer-field.tsx';
import { Failed } from '../failed.tsx';
import { useSubjectData } from '../subject-context.ts';
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
      <GivenAnswerField />
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

/** The answer as text, and the policy’s own. */
function GivenAnswerField() {
  const scope = useWithoutScope();
  const problem = useWithout((data) => data.textProblem);
  const policy = useSubjectData((data) => data.policy.name);
  return (
    <AnswerField label="Answer" problem={problem} said={<Said />}>
      <button className="btn" type="button" onClick={() => void scope.answer()}>
        Let {policy} answer
      </button>
    </AnswerField>
  );
}

function Said() {
  const text = useAnswerText();
  const status = useWithout((data) => data.status);
  const score = useWithout((data) => data.score);
  if (status === 'loading') return 'Opening the policy';
  if (status === 'answering') return 'Answering';
  if (score?.text !== text) return 'Reading';
  return <AnswerVerdict verdict={score.verdict} tokens={score.tokens.length} />;
}
