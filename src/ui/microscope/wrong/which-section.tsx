/** Which of sixteen: how often what is chosen is right, by who chooses and from how many; and one question’s answers, ranked. */
import { useId, useMemo, useState } from 'react';
import '../../charts/charts.css';
import '../../charts/evaluation.css';
import type { Reading } from '../../../rl/airl/granularity.ts';
import { AGGREGATORS, type Aggregator } from '../../../rl/airl/rerank.ts';
import { CurveChart } from '../../charts/curve-chart.tsx';
import { Select } from '../../components/select.tsx';
import { Failed } from '../failed.tsx';
import { useSubject, useSubjectData } from '../subject-context.ts';
import { chosenOf, foundIn, judgedIn } from './chosen.ts';
import { FoundTable } from './found-table.tsx';
import { JudgeSection } from './judge-section.tsx';
import { Ranking } from './ranking.tsx';
import { ANSWERS, QUESTIONS } from './which.ts';
import { AGGREGATOR_NAMES, SPEC, whichCurves } from './which-curves.ts';
import { WhichWords } from './which-words.tsx';
import { useWrong, useWrongScope } from './wrong-context.tsx';

export function WhichSection() {
  const which = useWrong((data) => data.which);
  const scope = useWrongScope();
  const { status, problem, wanted } = which;
  return (
    <section className="which" aria-labelledby="which-h">
      <h3 id="which-h">Which of sixteen</h3>
      <p className="quiet">
        A policy answers held-out questions sixteen times each. Who chooses one of N answers best: a
        vote, its own confidence, or the learned reward? Only the chart sees the verifier.
      </p>
      <Asking />
      {status === 'failed' && problem ? (
        <Failed problem={problem} onRetry={() => void scope.draw(wanted)} />
      ) : (
        <Found />
      )}
    </section>
  );
}

function Asking() {
  const scope = useWrongScope();
  const { status, drawn, wanted } = useWrong((data) => data.which);
  const policy = useSubjectData((data) => data.policy.name);
  const [count, setCount] = useState<number>(wanted);
  const busy = status === 'loading' || status === 'drawing';
  const id = useId();
  return (
    <div className="acts asking">
      <label className="inline" htmlFor={id}>
        <span className="label">Questions</span>
        <Select id={id} value={count} onChange={(event) => setCount(Number(event.target.value))}>
          {QUESTIONS.map((questions) => (
            <option key={questions} value={questions}>
              {questions}
            </option>
          ))}
        </Select>
      </label>
      {busy ? (
        <button className="btn" type="button" onClick={() => scope.stopDrawing()}>
          Stop
        </button>
      ) : (
        <button className="btn primary" type="button" onClick={() => void scope.draw(count)}>
          Let {policy} answer
        </button>
      )}
      <span className="small quiet" role="status">
        {status === 'loading'
          ? 'Opening the models'
          : busy
            ? `${drawn.length} of ${wanted} questions, ${ANSWERS} answers each`
            : drawn.length > 0
              ? `${drawn.length} questions, ${ANSWERS} answers each`
              : ''}
      </span>
    </div>
  );
}

function Found() {
  const { task } = useSubject();
  const { drawn, tokenizer } = useWrong((data) => data.which);
  const trained = useWrong((data) => data.trained);
  const { granularity, interval } = useWrong((data) => data.chosen) ?? trained;
  const [how, setHow] = useState<Aggregator>('mean');
  const found = useMemo(() => {
    if (drawn.length === 0 || !tokenizer) return null;
    const reading: Reading = { granularity, interval };
    const means = { task, tokenizer, reading };
    return {
      ...chosenOf(drawn, means),
      ...{ errors: foundIn(drawn, means), quality: judgedIn(drawn, means) },
    };
  }, [drawn, tokenizer, task, granularity, interval]);
  const curves = useMemo(() => (found ? whichCurves(found.rows, how) : []), [found, how]);
  if (!found) return null;
  return (
    <>
      <div className="acts">
        <span className="label" aria-hidden="true">
          Reward of an answer, over its tokens
        </span>
        <fieldset className="segmented">
          <legend className="sr">Reward of an answer, over its tokens</legend>
          {AGGREGATORS.map((one) => (
            <label key={one}>
              <input
                type="radio"
                name="aggregator"
                checked={one === how}
                onChange={() => setHow(one)}
              />
              {AGGREGATOR_NAMES[one]}
            </label>
          ))}
        </fieldset>
      </div>
      <div className="whichgrid">
        <div className="whichchart">
          <CurveChart spec={SPEC} curves={curves} />
          <WhichWords rows={found.rows} how={how} />
          <p className="quiet">
            A vote counts equal answers, the vote by reward weighs each by its reward, and the first
            of several wins a tie.
          </p>
        </div>
        <Ranking drawn={drawn} questions={found.questions} how={how} />
      </div>
      {found.errors && <FoundTable {...found.errors} />}
      <JudgeSection quality={found.quality} />
    </>
  );
}
