/** Which step of the run, and which of its questions, is looked at. */
import { Arrow } from '../samples/sample-head.tsx';
import { lookAt, useRunView } from './run-view.ts';
import type { LookedAt } from './weighed.ts';

export function StepPicker({ found: { steps, step, runs } }: { readonly found: LookedAt }) {
  const run = useRunView((view) => view.run);
  const at = steps.indexOf(step);
  return (
    <>
      {runs.length > 1 ? (
        <fieldset className="segmented">
          <legend className="sr">Answers of</legend>
          {runs.map(({ id, label }, i) => (
            <label key={id}>
              <input
                type="radio"
                name="losses-run"
                checked={i === Math.min(run, runs.length - 1)}
                onChange={() => lookAt({ run: i })}
              />
              {label}
            </label>
          ))}
        </fieldset>
      ) : null}
      <span className="scrub">
        <Arrow
          label="Earlier step"
          shape="M10 4L6 8l4 4"
          disabled={at === 0}
          onClick={() => lookAt({ step: steps[at - 1] })}
        />
        <input
          className="range"
          type="range"
          min={0}
          max={Math.max(0, steps.length - 1)}
          value={at}
          disabled={steps.length < 2}
          aria-label="Step of the run"
          aria-valuetext={`step ${step}`}
          onChange={(event) => lookAt({ step: steps[event.currentTarget.valueAsNumber] })}
        />
        <Arrow
          label="Later step"
          shape="M6 4l4 4-4 4"
          disabled={at >= steps.length - 1}
          onClick={() => lookAt({ step: steps[at + 1] })}
        />
        <output>
          step <b>{step}</b>
        </output>
      </span>
    </>
  );
}

/** @param at from 0 */
export function QuestionPicker({ at, count }: { readonly at: number; readonly count: number }) {
  return (
    <span className="scrub">
      <Arrow
        label="Previous question"
        shape="M10 4L6 8l4 4"
        disabled={at === 0}
        onClick={() => lookAt({ group: at - 1 })}
      />
      <span className="small quiet">
        question {at + 1} of {count}
      </span>
      <Arrow
        label="Next question"
        shape="M6 4l4 4-4 4"
        disabled={at >= count - 1}
        onClick={() => lookAt({ group: at + 1 })}
      />
    </span>
  );
}
