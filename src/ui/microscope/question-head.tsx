/** The question that is looked at, and the road to others. */
import { type ReactNode, useEffect, useState } from 'react';
import type { Question } from '../../rl/tasks/task.ts';
import { exampleOf } from './examples.tsx';
import { Prompt } from './prompt.tsx';
import { QuestionForm } from './question-form.tsx';
import { useSubject } from './subject-context.ts';

interface QuestionHeadProps {
  readonly id: string;
  readonly question: Question;
  /** What to do, in a sentence. */
  readonly hint: string;
  /** The microscope's own buttons. */
  readonly acts: ReactNode;
}

export function QuestionHead({ id, question, hint, acts }: QuestionHeadProps) {
  const subject = useSubject();
  const [typing, setTyping] = useState(false);
  const [next, setNext] = useState(1);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another question, typed or not, closes the form
  useEffect(() => setTyping(false), [question]);
  return (
    <>
      <div className="ask">
        <div>
          <h2 id={id} className="prompt">
            <Prompt text={question.title} />
          </h2>
          <p className="quiet">{hint}</p>
        </div>
        <div className="acts">
          {acts}
          <button
            className="btn"
            type="button"
            onClick={() => {
              subject.ask(exampleOf(subject.task, next));
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
      {typing && <QuestionForm task={subject.task} onAsk={(asked) => subject.ask(asked)} focus />}
    </>
  );
}
