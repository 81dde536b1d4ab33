/** The microscope: one answer looked at closely, in one of several ways. */
import { type ReactNode, useState } from 'react';
import './microscope.css';
import { SCOPES, scopeOf } from './scopes.ts';

export function MicroscopePage() {
  const [shown, show] = useState(() => scopeOf(location.search));
  const { Setup, Body } = shown;
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
              onClick={() => show(scope)}
            >
              {scope.label}
            </button>
          ))}
        </nav>
        <Setup />
      </header>
      <main>
        <Body />
      </main>
    </div>
  );
  return SCOPES.reduceRight<ReactNode>(
    (inner, scope) => (
      <scope.Provider key={scope.id} shown={scope === shown}>
        {inner}
      </scope.Provider>
    ),
    page,
  );
}
