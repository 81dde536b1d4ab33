/** The microscope: one answer looked at closely, in one of several ways. Question, policy and answer stay when the way changes. */
import { type ReactNode, useState } from 'react';
import './microscope.css';
import { usePage, useView } from '../context.ts';
import { ExampleQuestions } from './examples.tsx';
import { QuestionHead } from './question-head.tsx';
import type { Scope } from './scope.ts';
import { SCOPES, scopeOf, tabOf } from './scopes.ts';
import { TaskPicker } from './setup-line.tsx';
import { Subject } from './subject.ts';
import { SubjectContext, useSubject, useSubjectData } from './subject-context.ts';

export function MicroscopePage() {
  const { openModel, view } = usePage();
  const [subject] = useState(() => new Subject(openModel));
  const [first] = useState(() => scopeOf(location.search));
  const asked = useView((state) => state.scope);
  const shown = SCOPES.find(({ id }) => id === asked) ?? first;
  const page = (
    <div className="scope">
      <header className="pagehead">
        <h1 className="sr">Microscope</h1>
        <nav className="tabs" aria-label="Microscopes">
          {SCOPES.map((scope) => (
            <button
              key={scope.id}
              type="button"
              aria-current={scope === shown}
              onClick={() => view.setState({ scope: scope.id })}
            >
              {scope.label}
            </button>
          ))}
        </nav>
        <div className="setupline">
          {shown.ofRun ? null : <TaskPicker />}
          <shown.Setup />
        </div>
      </header>
      <main>
        <Looking scope={shown} />
      </main>
    </div>
  );
  return (
    <SubjectContext value={subject}>
      {SCOPES.reduceRight<ReactNode>(
        (inner, scope) => (
          <scope.Provider key={scope.id} tab={tabOf(scope)} shown={scope === shown}>
            {inner}
          </scope.Provider>
        ),
        page,
      )}
    </SubjectContext>
  );
}

/** Nothing is computed before a question is picked. */
function Looking({ scope: { id, about, hint, ofRun, Start, Acts, Body } }: { scope: Scope }) {
  const subject = useSubject();
  const task = useSubjectData((data) => data.task);
  const question = useSubjectData((data) => data.question);
  if (ofRun) return <Body />;
  if (question === null) {
    return (
      <section className="unasked" aria-labelledby="pick" key={task}>
        <h2 id="pick" className="prompt">
          Pick a question
        </h2>
        <p className="quiet">{about}</p>
        {Start && <Start />}
        <ExampleQuestions id={task} task={subject.task} onAsk={(picked) => subject.ask(picked)} />
      </section>
    );
  }
  return (
    <section className={id} aria-labelledby="asked">
      <QuestionHead id="asked" question={question} hint={hint} acts={Acts && <Acts />} />
      <Body key={id} />
    </section>
  );
}
