/** A question mark beside a chart's title or a setting's name. It opens what the glossary says; the words are loaded when they are first asked for. */
import { lazy, type ReactNode, Suspense, useId, useState } from 'react';
import type { Asked } from './asked.ts';
import './glossary.css';

const AboutText = lazy(async () => ({ default: (await import('./about-text.tsx')).AboutText }));

interface Props {
  readonly title: string;
  readonly asked: Asked;
  /** What holds here and now, below what the glossary says. */
  readonly children?: ReactNode;
}

export function About({ title, asked, children }: Props) {
  const id = useId();
  const [open, setOpen] = useState(false);
  return (
    <>
      <button
        className="btn bare icon-only help-button"
        type="button"
        popoverTarget={id}
        aria-label={`About ${title}`}
      >
        <svg className="icon s" viewBox="0 0 16 16" aria-hidden="true">
          <circle cx="8" cy="8" r="5.75" />
          <path d="M6.3 6.3a1.75 1.75 0 1 1 2.4 1.7c-.5.2-.7.5-.7 1v.2" />
          <path d="M8 11.3v.05" strokeWidth="1.8" />
        </svg>
      </button>
      <div
        className="tip about"
        id={id}
        popover="auto"
        onBeforeToggle={(event) => setOpen(event.newState === 'open')}
      >
        <h4>{title}</h4>
        {open ? (
          <Suspense fallback={<p>Loading</p>}>
            <AboutText asked={asked} />
          </Suspense>
        ) : null}
        {open ? children : null}
      </div>
    </>
  );
}
