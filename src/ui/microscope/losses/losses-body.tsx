/** One group of the run, under every loss: which step and group, how far the policy is moved, all answers, one answer, one token. */
import './losses.css';
import { PageLink } from '../../components/page-link.tsx';
import { Emphasised } from '../../samples/question-head.tsx';
import { Arrow } from '../../samples/sample-head.tsx';
import { AnswerStrips } from './answer-strips.tsx';
import { GroupTable } from './group-table.tsx';
import { lookAt, useLossesView } from './losses-view.ts';
import { MovePolicy } from './move-policy.tsx';
import type { StepBatch } from './step-batch.ts';
import { TokenFormulas } from './token-formulas.tsx';
import { type LookedAt, useLookedAt, useWeighed } from './use-step.ts';
import { LOSS_NAMES } from './words.ts';

export function LossesBody() {
  const found = useLookedAt();
  if (!found) {
    return (
      <section className="unasked" aria-labelledby="losses-none">
        <h2 id="losses-none" className="prompt">
          The same answers under every loss
        </h2>
        <p className="quiet">
          Here stand the answers of a run, and beside each other what GRPO, BNPO, DAPO, Dr. GRPO,
          GSPO, CISPO and PPO would do to each of their tokens. There is no run to look at yet: run
          one in the <PageLink to="lab">lab</PageLink>, or open a bundle there.
        </p>
      </section>
    );
  }
  return (
    <section className="losses" aria-labelledby="losses-head">
      {found.batch ? (
        <Shown found={found} batch={found.batch} />
      ) : (
        <>
          <div className="ask">
            <h2 id="losses-head" className="prompt">
              Nothing to weigh at step {found.step}
            </h2>
            <StepPicker found={found} />
          </div>
          <p className="quiet">
            The answers that were kept of this step have no rewards and advantages, and so no loss
            of these has anything to say about them.
          </p>
        </>
      )}
    </section>
  );
}

function Shown({ found, batch }: { readonly found: LookedAt; readonly batch: StepBatch }) {
  const weighed = useWeighed(batch);
  const { group, groupAt } = weighed;
  const { trained } = batch;
  return (
    <>
      <div className="ask">
        <div>
          <h2 id="losses-head" className="prompt">
            <Emphasised text={group.question} />
          </h2>
          <p className="quiet">
            The same answers and rewards under seven losses.{' '}
            {trained ? `This run trains with ${LOSS_NAMES[trained]}.` : null}
            {found.recorded ? ' It is a recording.' : null}
          </p>
        </div>
        <div className="where">
          <StepPicker found={found} />
          <span className="scrub">
            <Arrow
              label="Previous question"
              shape="M10 4L6 8l4 4"
              disabled={groupAt === 0}
              onClick={() => lookAt({ group: groupAt - 1 })}
            />
            <span className="small quiet">
              question {groupAt + 1} of {batch.groups.length}
            </span>
            <Arrow
              label="Next question"
              shape="M6 4l4 4-4 4"
              disabled={groupAt >= batch.groups.length - 1}
              onClick={() => lookAt({ group: groupAt + 1 })}
            />
          </span>
        </div>
      </div>
      <MovePolicy weighed={weighed} />
      <GroupTable weighed={weighed} batch={batch} />
      <AnswerStrips weighed={weighed} batch={batch} />
      <TokenFormulas weighed={weighed} batch={batch} />
    </>
  );
}

function StepPicker({ found: { steps, step, runs } }: { readonly found: LookedAt }) {
  const run = useLossesView((view) => view.run);
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
