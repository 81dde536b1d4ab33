/** Critics judge the pair live: the policy as it was before training, and the lab's as it is now. */
import { useState } from 'react';
import { useLab } from '../../context.ts';
import { lead } from '../../store/runs.ts';
import { Failed } from '../failed.tsx';
import { gainFromFirst, meanShares } from '../judge.ts';
import { hasCritic } from '../judged-task.ts';
import { usePolicyChoices } from '../lab-models.ts';
import { useSubject, useSubjectData } from '../subject-context.ts';
import { type Judge, type JudgeRow, TRIES } from './arena.ts';
import { useArena, useArenaScope } from './arena-context.tsx';
import type { ArenaPair } from './pair.ts';
import { expectedSum } from './pay-sums.ts';
import { usePayoffs } from './use-run.ts';
import { VerdictBars } from './verdict-bars.tsx';
import { VerdictText } from './verdict-text.tsx';

export function Judges({ pair }: { readonly pair: ArenaPair }) {
  const arena = useArenaScope();
  const rows = useArena((data) => data.judges);
  const { judges, note, problem } = useJudges();
  const [loading, setLoading] = useState(false);
  const busy = loading || rows.some(({ status }) => status === 'judging');
  const ask = async () => {
    setLoading(true);
    const asked = await judges();
    setLoading(false);
    await arena.ask(asked);
  };
  return (
    <section className="judges" aria-labelledby="judges-h">
      <div className="line">
        <h3 id="judges-h">What the critic says now</h3>
        <button className="btn primary" type="button" disabled={busy} onClick={() => void ask()}>
          Ask the critic
        </button>
        <span className="small quiet" role="status">
          {busy ? `Asking: ${TRIES} verdicts in each order` : (problem ?? note)}
        </span>
      </div>
      <div className="judgerows">
        {rows.map((row) => (
          <Row key={row.judge.model.ref.key} row={row} pair={pair} onRetry={() => void ask()} />
        ))}
      </div>
    </section>
  );
}

/** Who can be asked, and why nobody else. The lab's weights are taken at the moment of asking. */
function useJudges() {
  const { choices, problem } = usePolicyChoices(useSubjectData((data) => data.task));
  const policy = useSubjectData((data) => data.policy);
  const method = useLab((data) => lead(data)?.experiment.method);
  const apart = method !== undefined && 'separate_critic' in method && method.separate_critic;
  const plain = method !== undefined && 'critic_reasoning' in method && !method.critic_reasoning;
  const now = choices.find(({ key }) => key === 'lab/now');
  const judges = async (): Promise<Judge[]> => {
    const before = { label: 'Before training', model: policy, reasoning: !plain };
    if (!now || apart) return [before];
    const model = await now.load();
    return model.ref.kind === 'lab'
      ? [before, { label: 'Now', model, reasoning: !plain }]
      : [before];
  };
  const note = apart
    ? 'The run’s critic has weights of its own, which the page cannot take out; so it is asked as it was.'
    : now
      ? 'Before training, and with the lab’s weights of this moment.'
      : 'As it was before training: its verdict often does not follow from what it writes. Run RARO in the lab, and it is asked after training too.';
  return { judges, note, problem };
}

interface RowProps {
  readonly row: JudgeRow;
  readonly pair: ArenaPair;
  readonly onRetry: () => void;
}

function Row({ row: { judge, status, judgement, problem }, pair, onRetry }: RowProps) {
  return (
    <article className="judge" aria-label={`${judge.label}, ${judge.model.name}`}>
      <h4>
        {judge.label} <span className="unit">{judge.model.name}</span>
      </h4>
      {status === 'failed' && problem ? <Failed problem={problem} onRetry={onRetry} /> : null}
      {status === 'judging' ? <p className="small quiet">Judging</p> : null}
      {judgement ? (
        <>
          <VerdictBars judgement={judgement} />
          <p className="small">{biasText(gainFromFirst(judgement))}</p>
          <Paid pair={pair} judgement={judgement} />
          <Said judgement={judgement} />
        </>
      ) : null}
    </article>
  );
}

type Judgement = NonNullable<JudgeRow['judgement']>;

/** Below it, the order does not count as mattering. */
const LITTLE = 0.02;

function biasText(bias: number): string {
  if (Math.abs(bias) < LITTLE) return 'It hardly matters which answer is shown first.';
  const where = bias > 0 ? 'first' : 'second';
  return `Shown ${where}, an answer is named with a probability that is ${Math.abs(bias).toFixed(2)} higher.`;
}

/** What such verdicts pay on average, which tells who is who; so only once that is shown. */
function Paid({ pair, judgement }: { readonly pair: ArenaPair; readonly judgement: Judgement }) {
  const revealed = useArena((data) => data.revealed);
  const { payoffs } = usePayoffs();
  const { expert } = pair;
  if (!revealed || expert === null) return null;
  const { tie, ...named } = meanShares(judgement);
  const other = expert === '1' ? '2' : '1';
  return (
    <p className="small">
      Such verdicts pay the critic {expectedSum(named[expert], tie, payoffs.tau_crit)}: the chance
      that they name the expert’s, and that of a tie times what a tie pays. They pay the policy{' '}
      {expectedSum(named[other], tie, payoffs.tau_pol)}, by naming its own.
    </p>
  );
}

/** One of the verdicts in words, with the reasoning before it. */
function Said({ judgement: { orders } }: { readonly judgement: Judgement }) {
  const { task } = useSubject();
  const [at, setAt] = useState(0);
  const all = orders.flatMap(({ said }, order) => said.map((one) => ({ ...one, order })));
  const { text, verdict, order } = all[at];
  return (
    <div className="order">
      <VerdictText text={text} verdict={verdict} />
      <p className="small quiet">
        {order === 0 ? 'Shown 1, then 2' : 'Shown 2, then 1'}. Verdict {at + 1} of {all.length},{' '}
        <button className="link" type="button" onClick={() => setAt((at + 1) % all.length)}>
          next
        </button>
      </p>
      {hasCritic(task) && <p className="small quiet">{task.critic.legend}</p>}
    </div>
  );
}
