/** The microscope: one answer looked at closely, in one of several ways. */
import { useState } from 'react';
import './microscope.css';
import { SCOPES } from './scopes.ts';
import { TransferProvider } from './transfer/transfer-context.tsx';

export function MicroscopePage() {
  const [shown, show] = useState(SCOPES[0]);
  const { Setup, Body } = shown;
  return (
    <TransferProvider>
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
    </TransferProvider>
  );
}
