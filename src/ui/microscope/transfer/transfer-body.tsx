/** The question, its answer under the knife, and what receivers make of it. */
import { useCallback, useEffect, useState } from 'react';
import { toReport } from '../../../errors.ts';
import type { Question } from '../../../rl/tasks/task.ts';
import { usePage } from '../../context.ts';
import { useDropOwn } from '../../drop-own.ts';
import { showToast } from '../../store/view.ts';
import { ExampleQuestions, exampleOf } from '../examples.tsx';
import { LaneView } from './lane-view.tsx';
import { Prompt } from './prompt.tsx';
import { QuestionForm } from './question-form.tsx';
import { ReceiverColumn } from './receiver-column.tsx';
import { addOwn } from './receiver-picker.tsx';
import { useScope, useTransfer } from './transfer-context.tsx';

export function TransferBody() {
  const question = useTransfer((data) => data.question);
  const scope = useScope();
  const { view } = usePage();
  const take = useCallback(
    (files: readonly File[]) => {
      try {
        addOwn(scope, files);
      } catch (error) {
        const { message, remedy } = toReport(error);
        showToast(view, `${message}. ${remedy}`);
      }
    },
    [scope, view],
  );
  const over = useDropOwn(take);
  return (
    <div className={over ? 'droppable over' : 'droppable'}>
      {question ? <Asked question={question} /> : <Empty />}
    </div>
  );
}

/** Nothing is computed before a question is picked. */
function Empty() {
  const scope = useScope();
  const task = useTransfer((data) => data.task);
  return (
    <section className="transfer unasked" aria-labelledby="t-pick" key={task}>
      <h2 id="t-pick" className="prompt">
        Pick a question
      </h2>
      <p className="quiet">
        A policy answers it. Then cut its answer anywhere: other models see the question and what
        stands left of the cut, and finish the answer. How often they get it right says what the
        reasoning so far is worth to somebody else.
      </p>
      <ExampleQuestions id={task} task={scope.task} onAsk={(question) => scope.ask(question)} />
    </section>
  );
}

function Asked({ question }: { question: Question }) {
  const scope = useScope();
  const lanes = useTransfer((data) => data.lanes);
  const active = useTransfer((data) => data.active);
  const receivers = useTransfer((data) => data.receivers);
  const [typing, setTyping] = useState(false);
  const [next, setNext] = useState(1);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another question, typed or not, closes the form
  useEffect(() => setTyping(false), [question]);
  return (
    <section className="transfer" aria-labelledby="t-h">
      <div className="ask">
        <div>
          <h2 id="t-h" className="prompt">
            <Prompt text={question.title} />
          </h2>
          <p className="quiet">
            Drag the cut. Receivers see the question and what stands left of the cut, and finish the
            answer.
          </p>
        </div>
        <div className="acts">
          <button className="btn" type="button" onClick={() => scope.newAnswer(active)}>
            New answer
          </button>
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
      {lanes.map((lane, index) => (
        <LaneView
          // biome-ignore lint/suspicious/noArrayIndexKey: a lane is its place
          key={index}
          lane={lane}
          index={index}
        />
      ))}
      <div className="receivers" data-count={receivers.length}>
        {receivers.map((receiver, place) => (
          <ReceiverColumn key={receiver.model.ref.key} receiver={receiver} place={place} />
        ))}
        {receivers.length === 0 && (
          <p className="quiet">No receiver is chosen. Choose one above, under Receivers.</p>
        )}
      </div>
    </section>
  );
}
