/** What is looked for among the samples, and, where nothing of a step fits, the nearest steps where something does. */
import type { Ref } from 'react';
import { useCursor } from '../charts/cursor-store.ts';
import { nextFit, WHICH, type Which } from './find.ts';
import type { SampleStore } from './sample-store.ts';
import { useSampleView } from './sample-view.ts';

interface Props {
  readonly samples: SampleStore;
  /** The step that is shown; undefined before the first. */
  readonly step: number | undefined;
  /** How many of its questions fit. */
  readonly found: number;
  readonly field: Ref<HTMLInputElement>;
}

export function FindBar({ samples, step, found, field }: Props) {
  const wish = useSampleView((view) => view.wish);
  const { setWish } = useSampleView.getState();
  return (
    <div className="findbar">
      <span className="select">
        <select
          aria-label="Which questions"
          value={wish.which}
          onChange={({ currentTarget: { value } }) => setWish({ which: value as Which })}
        >
          {WHICH.map(({ id, label }) => (
            <option key={id} value={id}>
              {label}
            </option>
          ))}
        </select>
        <svg className="icon s" viewBox="0 0 16 16" aria-hidden="true">
          <path d="M4 6l4 4 4-4" />
        </svg>
      </span>
      <input
        ref={field}
        className="input"
        type="search"
        placeholder="Find text"
        aria-label="Find text in questions and answers"
        value={wish.text}
        onChange={({ currentTarget: { value } }) => setWish({ text: value })}
        onKeyDown={(event) => {
          if (event.key === 'Escape') event.currentTarget.blur();
        }}
      />
      {step !== undefined && found === 0 ? <Elsewhere samples={samples} step={step} /> : null}
    </div>
  );
}

function Elsewhere({ samples, step }: { readonly samples: SampleStore; readonly step: number }) {
  const wish = useSampleView((view) => view.wish);
  const { pin } = useCursor.getState();
  const others = ([-1, 1] as const).flatMap((way) => nextFit(samples, step, way, wish) ?? []);
  return (
    <p className="small quiet" role="status">
      No question of step {step} fits{others.length > 0 ? '; step ' : ', nor any of another step.'}
      {others.map((other, i) => (
        <span key={other}>
          {i > 0 ? ' and step ' : ''}
          <button className="link" type="button" onClick={() => pin(other)}>
            {other}
          </button>
        </span>
      ))}
      {others.length === 0 ? '' : others.length === 1 ? ' has one.' : ' have some.'}
    </p>
  );
}
