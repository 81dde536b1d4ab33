/** Two answers, and whose they are once a person has said what they think. Nothing here gives the author away before. */

import type { CriticVerdict } from '../../../rl/critic/verdict.ts';
import { Icon } from '../../components/icon.tsx';
import { expertForm, hasCritic } from '../judged-task.ts';
import { useSubject } from '../subject-context.ts';
import { useArena, useArenaScope } from './arena-context.tsx';
import type { ArenaPair } from './pair.ts';
import { PairForm } from './pair-form.tsx';

const CALLS: readonly { readonly call: CriticVerdict; readonly label: string }[] = [
  { call: '1', label: '1' },
  { call: 'tie', label: 'cannot tell' },
  { call: '2', label: '2' },
];

export function PairView({ pair }: { readonly pair: ArenaPair }) {
  const problem = useArena((data) => data.problem);
  return (
    <>
      <section className="pair" aria-label="The pair">
        <Side place="1" pair={pair} />
        {pair.expert === null ? (
          <p className="call quiet small">Written by you. The critic judges it like any other.</p>
        ) : (
          <Call pair={pair} />
        )}
        <Side place="2" pair={pair} />
      </section>
      <PairForm key={`${pair.first} ${pair.second}`} pair={pair} />
      {problem && (
        <p className="problem" role="alert">
          <Icon name="error" small />
          <span>
            {problem.message}. {problem.remedy}
          </span>
        </p>
      )}
    </>
  );
}

function Side({ place, pair }: { readonly place: '1' | '2'; readonly pair: ArenaPair }) {
  const revealed = useArena((data) => data.revealed);
  const truth = useTruth(pair);
  const text = place === '1' ? pair.first : pair.second;
  return (
    <div className={place === '1' ? 'side one' : 'side two'}>
      <span className="who">{place}</span>
      <p className={text.includes('\n') ? 'ans mono lines' : 'ans mono'}>{text}</p>
      <p className="truth small">{revealed || pair.expert === null ? truth(place) : ''}</p>
    </div>
  );
}

/** Who wrote an answer, or of a written pair whether it is what the expert answers. */
function useTruth({ question, first, second, expert, seen }: ArenaPair) {
  const { task } = useSubject();
  return (place: '1' | '2'): string => {
    if (expert !== null) {
      if (place === expert) return 'the expert’s';
      return seen ? 'the policy’s' : 'another answer';
    }
    if (!hasCritic(task)) return '';
    const same = (place === '1' ? first : second) === expertForm(task, question);
    return same ? 'what the expert answers' : 'not what the expert answers';
  };
}

function Call({ pair }: { readonly pair: ArenaPair }) {
  const arena = useArenaScope();
  const called = useArena((data) => data.called);
  const revealed = useArena((data) => data.revealed);
  return (
    <div className="call">
      <p className="small quiet" id="which">
        Which is the expert’s?
      </p>
      <fieldset className="btns" aria-labelledby="which">
        {CALLS.map(({ call, label }) => (
          <button
            key={call}
            className="btn"
            type="button"
            aria-pressed={called === call}
            disabled={revealed}
            onClick={() => arena.call(call)}
          >
            {label}
          </button>
        ))}
      </fieldset>
      {revealed ? (
        <p className="small" role="status">
          {callText(pair, called)}
        </p>
      ) : (
        <button className="link small" type="button" onClick={() => arena.reveal()}>
          Show who wrote which
        </button>
      )}
    </div>
  );
}

function callText({ first, second, expert }: ArenaPair, called: CriticVerdict | null): string {
  if (first === second) return 'Both answers are the same: only a tie is fair.';
  if (called === null) return `The expert’s is ${expert}.`;
  if (called === 'tie') return `You could not tell. The expert’s is ${expert}.`;
  return called === expert ? 'You are right.' : `No: the expert’s is ${expert}.`;
}
