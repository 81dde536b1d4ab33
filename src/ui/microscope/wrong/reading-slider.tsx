/** Where the reward is read: from once to at every token. */
import { useId } from 'react';
import type { Reading } from '../../../rl/airl/granularity.ts';
import { ORDER, readingWords } from '../../samples/reading-control.tsx';
import { useWrongScope } from './wrong-context.tsx';

const LONGEST = 32;

interface Props {
  readonly reading: Reading;
  /** How the model was read in its training. */
  readonly trained: Reading;
}

export function ReadingSlider({ reading, trained }: Props) {
  const scope = useWrongScope();
  const id = useId();
  const { granularity, interval } = reading;
  const words = readingWords(reading);
  const changed = readingWords(trained) !== words;
  return (
    <>
      <label className="label" htmlFor={id}>
        Read
      </label>
      <div className="gslide">
        <input
          id={id}
          className="range"
          type="range"
          min={0}
          max={ORDER.length - 1}
          value={ORDER.indexOf(granularity)}
          aria-valuetext={words}
          onChange={(event) =>
            scope.read({ interval, granularity: ORDER[event.currentTarget.valueAsNumber] })
          }
        />
        <div className="gnames" aria-hidden="true">
          {ORDER.map((name) => (
            <span key={name}>{name}</span>
          ))}
        </div>
      </div>
      {granularity === 'interval' && (
        <label className="inline">
          <span className="label">every</span>
          <input
            className="input num"
            type="number"
            min={1}
            max={LONGEST}
            value={interval}
            onChange={({ currentTarget: { valueAsNumber: wished } }) => {
              if (wished >= 1)
                scope.read({ granularity, interval: Math.min(LONGEST, Math.floor(wished)) });
            }}
          />
          <span className="label">tokens</span>
        </label>
      )}
      <p className="small quiet readsaid">
        {words}
        {changed ? (
          <>
            {' '}
            <button className="link" type="button" onClick={() => scope.read(null)}>
              As it was trained
            </button>
          </>
        ) : (
          ', as it was trained'
        )}
      </p>
    </>
  );
}
