/** The question, an answer to edit, and what the question tells each of its tokens. */
import { useEffect, useId, useState } from 'react';
import '../../samples/samples.css';
import './without.css';
import type { Question } from '../../../rl/tasks/task.ts';
import { Icon } from '../../components/icon.tsx';
import { modeOf } from '../../samples/token-colour.ts';
import { Scale } from '../../samples/token-legend.tsx';
import { verdictWord } from '../../samples/verdict.ts';
import { ExampleQuestions, exampleOf } from '../examples.tsx';
import { Prompt } from '../transfer/prompt.tsx';
import { QuestionForm } from '../transfer/question-form.tsx';
import { Failed } from '../transfer/receiver-column.tsx';
import { Formula } from './formula.tsx';
import { KindsTable } from './kinds-table.tsx';
import { TokenBars } from './token-bars.tsx';
import { TokenNumbers } from './token-numbers.tsx';
import { LONGEST_TEXT } from './without.ts';
import { useWithout, useWithoutScope } from './without-context.tsx';

export function WithoutBody() {
  const question = useWithout((data) => data.question);
  return question ? <Asked question={question} /> : <Empty />;
}

/** Nothing is computed before a question is picked. */
function Empty() {
  const scope = useWithoutScope();
  const task = useWithout((data) => data.task);
  return (
    <section className="unasked" aria-labelledby="w-pick" key={task}>
      <h2 id="w-pick" className="prompt">
        Pick a question
      </h2>
      <p className="quiet">
        Then write any answer to it. A policy reads the answer twice, once after the question and
        once with the question emptied. How much likelier each token is the first time says what the
        question tells it, and the self-aligned reward is made of that.
      </p>
      <ExampleQuestions id={task} task={scope.task} onAsk={(question) => scope.ask(question)} />
    </section>
  );
}

function Asked({ question }: { question: Question }) {
  const scope = useWithoutScope();
  const status = useWithout((data) => data.status);
  const problem = useWithout((data) => data.problem);
  const score = useWithout((data) => data.score);
  const text = useWithout((data) => data.text);
  const [typing, setTyping] = useState(false);
  const [next, setNext] = useState(1);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another question, typed or not, closes the form
  useEffect(() => setTyping(false), [question]);
  return (
    <section className="without" aria-labelledby="w-h">
      <div className="ask">
        <div>
          <h2 id="w-h" className="prompt">
            <Prompt text={question.title} />
          </h2>
          <p className="quiet">
            How much likelier is each token when the model knows the question?
          </p>
        </div>
        <div className="acts">
          <button
            className="btn"
            type="button"
            onClick={() => {
              scope.ask(exampleOf(scope.task, next));
              setNext(next + 1);
            }}
          >
            Next question
          </button>
          <button
            className="btn"
            type="button"
            aria-expanded={typing}
            onClick={() => setTyping(!typing)}
          >
            Type a question
          </button>
        </div>
      </div>
      {typing && <QuestionForm task={scope.task} onAsk={(asked) => scope.ask(asked)} focus />}
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
          {score && <TokenNumbers score={score} />}
          <KindsTable />
        </>
      )}
    </section>
  );
}

/** The answer as text; every edit is scored once it has rested. */
function AnswerField() {
  const scope = useWithoutScope();
  const text = useWithout((data) => data.text);
  const status = useWithout((data) => data.status);
  const problem = useWithout((data) => data.textProblem);
  const policy = useWithout((data) => data.policy.name);
  const score = useWithout((data) => data.score);
  const id = useId();
  return (
    <div className="answerfield">
      <label className="label" htmlFor={id}>
        Answer
      </label>
      <div className="acts">
        <input
          id={id}
          className={problem ? 'input mono is-error' : 'input mono'}
          value={text}
          maxLength={LONGEST_TEXT}
          autoComplete="off"
          spellCheck={false}
          aria-invalid={problem !== null}
          aria-describedby={`${id}-said`}
          onChange={(event) => scope.type(event.target.value)}
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
