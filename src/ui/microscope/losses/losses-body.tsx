/** One group of the run, under every loss: which step and group, how far the policy is moved, all answers, one answer, one token. */
import './losses.css';
import { PageLink } from '../../components/page-link.tsx';
import { Emphasised } from '../../samples/question-head.tsx';
import { LOSS_NAMES } from '../loss-words.ts';
import type { StepBatch } from '../step-batch.ts';
import { QuestionPicker, StepPicker } from '../step-picker.tsx';
import { type LookedAt, useLookedAt, useWeighed } from '../weighed.ts';
import { AnswerStrips } from './answer-strips.tsx';
import { GroupTable } from './group-table.tsx';
import { MovePolicy } from './move-policy.tsx';
import { TokenFormulas } from './token-formulas.tsx';

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
          <QuestionPicker at={groupAt} count={batch.groups.length} />
        </div>
      </div>
      <MovePolicy weighed={weighed} />
      <GroupTable weighed={weighed} batch={batch} />
      <AnswerStrips weighed={weighed} batch={batch} />
      <TokenFormulas weighed={weighed} batch={batch} />
    </>
  );
}
