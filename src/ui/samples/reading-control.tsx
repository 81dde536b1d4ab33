/** How a learned reward is read along the answers that are shown: a slider over the granularities, and what the marks mean. */
import { type KeyboardEvent, useId } from 'react';
import type { Granularity, Reading } from '../../rl/airl/granularity.ts';
import { useSampleView } from './sample-view.ts';

/** From one reading an answer to one a token. */
export const ORDER: readonly Granularity[] = ['sparse', 'step', 'interval', 'dense'];
const LONGEST = 32;

interface Props {
  /** How the run reads it. */
  readonly own: Reading;
  readonly reading: Reading;
}

export function ReadingControl({ own, reading }: Props) {
  const { setReading } = useSampleView.getState();
  const id = useId();
  const { granularity, interval } = reading;
  const changed = granularity !== own.granularity || interval !== own.interval;
  const words = readingWords(reading);
  // The sliders have their own arrow keys; the page's would move the step.
  const keep = (event: KeyboardEvent) => event.stopPropagation();
  return (
    <div className="reading">
      <label className="label small" htmlFor={id}>
        Reward read
      </label>
      <input
        id={id}
        className="range"
        type="range"
        min={0}
        max={ORDER.length - 1}
        value={ORDER.indexOf(granularity)}
        aria-valuetext={words}
        onKeyDown={keep}
        onChange={(event) =>
          setReading({ ...reading, granularity: ORDER[event.currentTarget.valueAsNumber] })
        }
      />
      <output className="small">{words}</output>
      {granularity === 'interval' ? (
        <input
          className="range"
          type="range"
          min={1}
          max={Math.max(LONGEST, own.interval)}
          value={interval}
          aria-label="Interval"
          aria-valuetext={words}
          onKeyDown={keep}
          onChange={(event) =>
            setReading({ ...reading, interval: event.currentTarget.valueAsNumber })
          }
        />
      ) : null}
      {changed ? (
        <button className="link small" type="button" onClick={() => setReading(null)}>
          As in the run
        </button>
      ) : null}
      <p className="small quiet">
        <span className="strip">
          <span className="tok lowest begins ends">box</span>
        </span>{' '}
        lowest reward, <span className="fallmark" aria-hidden="true" /> steepest fall,{' '}
        <span className="strip">
          <span className="tok flaw">wave</span>
        </span>{' '}
        first step at fault by the verifier, which the reward never saw.
        {changed ? ' Rewards and advantages of whole answers stay those of the run.' : ''}
      </p>
    </div>
  );
}

export function readingWords({ granularity, interval }: Reading): string {
  switch (granularity) {
    case 'sparse':
      return 'once, at the last token';
    case 'step':
      return 'at the end of each step';
    case 'interval':
      return interval === 1 ? 'every token' : `every ${interval} tokens`;
    case 'dense':
      return 'at every token';
  }
}
