/** The pairs that the lab's run has shown its critic: by step, fresh ones and earlier ones that were replayed. */
import { useState } from 'react';
import { Arrow } from '../../samples/sample-head.tsx';
import { useArena, useArenaScope } from './arena-context.tsx';
import type { RunPair } from './run-pairs.ts';
import { useCriticRun } from './use-run.ts';

/** Before a question is picked: the road to the run's pairs, where there are any. */
export function RunStart() {
  const arena = useArenaScope();
  const found = useCriticRun();
  const step = found?.steps.at(-1);
  if (!found || step === undefined) {
    return (
      <p className="quiet">
        Run a preset with RARO in the lab, and the pairs that its critic sees are here too.
      </p>
    );
  }
  return (
    <p className="acts">
      <button
        className="btn primary"
        type="button"
        onClick={() => arena.take(found.pairsAt(step)[0], found.task)}
      >
        Show the run’s pairs of step {step}
      </button>
    </p>
  );
}

/** Beside a pair: which step and which pair of it. */
export function RunPicker() {
  const arena = useArenaScope();
  const found = useCriticRun();
  const seen = useArena((data) => data.pair?.seen ?? null);
  const [wanted, setWanted] = useState(0);
  if (!found) return null;
  const { steps, pairsAt, task } = found;
  const kept = steps.indexOf(seen?.step ?? -1);
  const at = kept >= 0 ? kept : steps.length - 1;
  const pairs = pairsAt(steps[at]);
  const index = Math.min(wanted, pairs.length - 1);
  const take = (place: number, pair: number) => {
    const there = pairsAt(steps[place]);
    const next = Math.min(pair, there.length - 1);
    setWanted(next);
    if (there[next]) arena.take(there[next], task);
  };
  if (!seen) {
    return (
      <p className="runpicker">
        <button className="btn" type="button" onClick={() => take(at, index)}>
          Show the run’s pairs of step {steps[at]}
        </button>
      </p>
    );
  }
  return (
    <div className="runpicker">
      <span className="scrub">
        <Arrow
          label="Earlier step"
          shape="M10 4L6 8l4 4"
          disabled={at === 0}
          onClick={() => take(at - 1, index)}
        />
        <input
          className="range"
          type="range"
          min={0}
          max={steps.length - 1}
          value={at}
          aria-label="Step of the run"
          aria-valuetext={`step ${steps[at]}`}
          onChange={(event) => take(event.currentTarget.valueAsNumber, index)}
        />
        <Arrow
          label="Later step"
          shape="M6 4l4 4-4 4"
          disabled={at >= steps.length - 1}
          onClick={() => take(at + 1, index)}
        />
        <output>
          step <b>{steps[at]}</b>
        </output>
      </span>
      <span className="scrub">
        <Arrow
          label="Previous pair"
          shape="M10 4L6 8l4 4"
          disabled={index === 0}
          onClick={() => take(at, index - 1)}
        />
        <span className="small quiet">
          pair {index + 1} of {pairs.length}, {ageText(seen)}
        </span>
        <Arrow
          label="Next pair"
          shape="M6 4l4 4-4 4"
          disabled={index >= pairs.length - 1}
          onClick={() => take(at, index + 1)}
        />
      </span>
    </div>
  );
}

function ageText({ age, step }: RunPair): string {
  return age === null ? 'fresh' : `replayed, from step ${step - age}`;
}
