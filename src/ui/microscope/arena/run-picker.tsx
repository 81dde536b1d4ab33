/** The pairs that the lab's run has shown its critic: by step, fresh ones and earlier ones that were replayed. */
import { Fragment, useMemo } from 'react';
import { PageLink } from '../../components/page-link.tsx';
import { usePage } from '../../context.ts';
import { listText } from '../../format.ts';
import { Arrow } from '../../samples/sample-head.tsx';
import { useSubject, useSubjectData } from '../subject-context.ts';
import { useArena, useArenaScope } from './arena-context.tsx';
import { fittingPresets } from './fitting-presets.ts';
import { openingPair, openingStep } from './opening-pair.ts';
import { type RunPair, samePair } from './run-pairs.ts';
import { type CriticRun, useCriticRun } from './use-run.ts';

/** Before a question is picked: the road to the run's pairs, where there are any. */
export function RunStart() {
  const show = useShowStep();
  const found = useCriticRun();
  const subject = useSubject();
  const step = found && openingStep(found.steps, found.pairsAt, subject.taskOf(found.task));
  if (!found || step === undefined) {
    return <FittingPresets />;
  }
  return (
    <p className="acts">
      <button className="btn primary" type="button" onClick={() => show(found, step)}>
        Show the run’s pairs of step {step}
      </button>
    </p>
  );
}

/** Without a run: what to run, so that there are pairs of this task. */
function FittingPresets() {
  const { lab } = usePage();
  const id = useSubjectData((data) => data.task);
  const { here, elsewhere } = useMemo(() => fittingPresets(id), [id]);
  if (here.length === 0) {
    return (
      <p className="quiet">
        No preset trains a critic on this task. There is one for {listText(elsewhere)}: run it in
        the lab, and the pairs that its critic sees are here too.
      </p>
    );
  }
  return (
    <p className="quiet">
      For this task the lab has{' '}
      {here.map(({ id, label }, i) => (
        <Fragment key={id}>
          {i > 0 ? ' and ' : ''}
          <PageLink to="lab" onFollow={() => lab.choosePreset(id)}>
            {label}
          </PageLink>
        </Fragment>
      ))}
      : run it, and the pairs that its critic sees are here too.
    </p>
  );
}

/** Shows a step's pair: the one that it opens on. */
function useShowStep() {
  const arena = useArenaScope();
  const subject = useSubject();
  return ({ pairsAt, task }: CriticRun, step: number) => {
    const pairs = pairsAt(step);
    const pair = pairs[openingPair(pairs, subject.taskOf(task))];
    if (pair) arena.take(pair, task);
  };
}

/** Beside a pair: which step and which pair of it. */
export function RunPicker() {
  const arena = useArenaScope();
  const found = useCriticRun();
  const seen = useArena((data) => data.pair?.seen ?? null);
  const show = useShowStep();
  if (!found) return null;
  const { steps, pairsAt, task } = found;
  const kept = steps.indexOf(seen?.step ?? -1);
  const at = kept >= 0 ? kept : steps.length - 1;
  const pairs = pairsAt(steps[at]);
  if (!seen) {
    return (
      <p className="runpicker">
        <button className="btn" type="button" onClick={() => show(found, steps[at])}>
          Show the run’s pairs of step {steps[at]}
        </button>
      </p>
    );
  }
  // The step of a pair that is no longer kept has none of its own; its place then counts as the first.
  const index = Math.max(
    0,
    pairs.findIndex((pair) => samePair(pair, seen)),
  );
  return (
    <div className="runpicker">
      <span className="scrub">
        <Arrow
          label="Earlier step"
          shape="M10 4L6 8l4 4"
          disabled={at === 0}
          onClick={() => show(found, steps[at - 1])}
        />
        <input
          className="range"
          type="range"
          min={0}
          max={steps.length - 1}
          value={at}
          aria-label="Step of the run"
          aria-valuetext={`step ${steps[at]}`}
          onChange={(event) => show(found, steps[event.currentTarget.valueAsNumber])}
        />
        <Arrow
          label="Later step"
          shape="M6 4l4 4-4 4"
          disabled={at >= steps.length - 1}
          onClick={() => show(found, steps[at + 1])}
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
          onClick={() => arena.take(pairs[index - 1], task)}
        />
        <span className="small quiet">
          pair {index + 1} of {pairs.length}, {ageText(seen)}
        </span>
        <Arrow
          label="Next pair"
          shape="M6 4l4 4-4 4"
          disabled={index >= pairs.length - 1}
          onClick={() => arena.take(pairs[index + 1], task)}
        />
      </span>
    </div>
  );
}

function ageText({ age, step }: RunPair): string {
  return age === null ? 'fresh' : `replayed, from step ${step - age}`;
}
