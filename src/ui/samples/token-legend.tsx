import type { ReactNode } from 'react';
import { plural } from '../format.ts';
import { type Dropped, RECENT_STEPS } from './sample-store.ts';
import { useSampleView } from './sample-view.ts';
import type { Mode } from './token-colour.ts';

interface Props {
  /** What tokens can be coloured by here. */
  readonly modes: readonly Mode[];
  readonly shown: Mode;
  readonly dropped: Dropped;
  /** Whether answers were cut for receivers. */
  readonly cuts: boolean;
  /** Whether answers have chatter. */
  readonly chatter: boolean;
  /** Further rows. */
  readonly children?: ReactNode;
}

/** What the colours mean, with the boundaries between their steps; and what the samples' budget has cost. */
export function TokenLegend({ modes, shown, dropped, cuts, chatter, children }: Props) {
  const { table, setMode, setTable } = useSampleView();
  // Before there is an answer, no number is known of its tokens, and the legend explains the one that will be shown.
  const offered = modes.some(({ id }) => id === shown.id) ? modes : [shown, ...modes];
  return (
    <footer className={shown.arms === 'both' ? 'tokenlegend both' : 'tokenlegend'}>
      <label className="sr" htmlFor="token-colour">
        Colour tokens by
      </label>
      <span className="select bare">
        <select
          id="token-colour"
          value={shown.id}
          onChange={(event) => setMode(event.currentTarget.value)}
        >
          {offered.map((entry) => (
            <option key={entry.id} value={entry.id}>
              {entry.label}
            </option>
          ))}
        </select>
        <svg className="icon s" viewBox="0 0 16 16" aria-hidden="true">
          <path d="M4 6l4 4 4-4" />
        </svg>
      </span>
      <Scale mode={shown} />
      <button
        className="btn bare astext"
        type="button"
        aria-pressed={table}
        onClick={() => setTable(!table)}
      >
        Table
      </button>
      <p className="says small quiet">{shown.says}</p>
      {cuts ? (
        <p className="kept small quiet">
          <span className="cutmark" aria-hidden="true" /> cut: a receiver takes over
        </p>
      ) : null}
      {chatter ? (
        <p className="kept small quiet">
          <span className="strip">
            <span className="tok chatter">lighter</span>
          </span>{' '}
          chatter: it says nothing new
        </p>
      ) : null}
      {children}
      {dropped.steps > 0 ? (
        <p className="kept small quiet">
          The page keeps samples of the last {RECENT_STEPS} logged steps and of some before them, so{' '}
          {plural(dropped.steps, 'earlier step')} cannot be looked at here. Charts and exported
          metrics have every step.
        </p>
      ) : null}
    </footer>
  );
}

/** What a scale is drawn from. */
type ScaleMode = Pick<Mode, 'label' | 'unit' | 'centre' | 'boundaries' | 'arms'>;

/** The steps of a mode; labels stand on the boundaries. */
export function Scale({ mode }: { readonly mode: ScaleMode }) {
  const { centre, boundaries, arms } = mode;
  const label = (value: number) => String(Number(value.toFixed(6))).replace('-', '−');
  const steps = (arm: 'n' | 'p') =>
    boundaries.map((distance, i) => ({
      step: `${arm}${i + 1}`,
      text: label(arm === 'n' ? centre - distance : centre + distance),
    }));
  const below = arms === 'above' ? [] : steps('n');
  const above = arms === 'below' ? [] : steps('p');
  const both = arms === 'both';
  const name = mode.unit === undefined ? mode.label : `${mode.label} in ${mode.unit}`;
  return (
    <ol
      className={both ? 'scale div' : 'scale'}
      aria-label={both ? `${name}, boundaries` : `${name}, from`}
    >
      {both ? below.toReversed().map(stepOf) : null}
      <li className={both ? 'z' : undefined}>{label(centre)}</li>
      {both ? null : below.map(stepOf)}
      {above.map(stepOf)}
    </ol>
  );
}

function stepOf({ step, text }: { readonly step: string; readonly text: string }) {
  return (
    <li key={step} className={step}>
      {text}
    </li>
  );
}
