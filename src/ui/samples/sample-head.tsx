import type { KeyboardEvent } from 'react';
import { useCursor } from '../charts/cursor-store.ts';
import { useRedraw } from '../charts/use-redraw.ts';
import type { SampleStore } from './sample-store.ts';
import { scrubSamples } from './sample-view.ts';

interface Props {
  readonly samples: SampleStore;
  /** The step that is shown. */
  readonly shown: number | undefined;
}

/** Which step: a scrubber over the logged steps, and Follow live. Counts on while the rows below stand still. */
export function SampleHead({ samples, shown }: Props) {
  useRedraw([samples], true);
  const pinned = useCursor((state) => state.pinnedStep);
  const { pin, unpin } = useCursor.getState();
  const steps = samples.steps();
  const last = steps.length - 1;
  const at = shown === undefined ? last : steps.indexOf(shown);
  // The slider has its own arrow keys; the page's would move the step a second time.
  const own = (event: KeyboardEvent) => event.stopPropagation();
  return (
    <header className="sampleshead">
      <h2>Samples</h2>
      <div className="scrub">
        <Arrow
          label="Earlier step"
          shape="M10 4L6 8l4 4"
          disabled={at <= 0}
          onClick={() => scrubSamples(samples, -1)}
        />
        <input
          className="range"
          type="range"
          min={0}
          max={Math.max(0, last)}
          value={Math.max(0, at)}
          disabled={last < 1}
          aria-label="Step"
          aria-valuetext={shown === undefined ? 'no step yet' : `step ${shown}`}
          onKeyDown={own}
          onChange={(event) => {
            const step = steps[event.currentTarget.valueAsNumber];
            if (step !== undefined) pin(step);
          }}
        />
        <Arrow
          label="Later step"
          shape="M6 4l4 4-4 4"
          disabled={at < 0 || at >= last}
          onClick={() => scrubSamples(samples, 1)}
        />
      </div>
      {shown === undefined ? null : (
        <output>
          step <b>{shown}</b>
        </output>
      )}
      <button
        className="btn follow"
        type="button"
        aria-pressed={pinned === null}
        disabled={last < 0}
        onClick={unpin}
      >
        Follow live
        {pinned !== null && last >= 0 ? <span className="faint">{steps[last]}</span> : null}
      </button>
    </header>
  );
}

interface ArrowProps {
  readonly label: string;
  readonly shape: string;
  readonly disabled: boolean;
  readonly onClick: () => void;
}

/** Previous or next: the icon alone, with a name. */
export function Arrow({ label, shape, disabled, onClick }: ArrowProps) {
  return (
    <button
      className="btn bare icon-only"
      type="button"
      aria-label={label}
      disabled={disabled}
      onClick={onClick}
    >
      <svg className="icon" viewBox="0 0 16 16" aria-hidden="true">
        <path d={shape} />
      </svg>
    </button>
  );
}
