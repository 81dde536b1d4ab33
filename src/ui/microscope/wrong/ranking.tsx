/** The sixteen answers to one question, by the learned reward; what it would take, beside the vote and the policy’s own choice. */
import { useState } from 'react';
import type { Aggregator, Candidate } from '../../../rl/airl/rerank.ts';
import { majority } from '../../../rl/evaluate/statistics.ts';
import { Arrow } from '../../samples/sample-head.tsx';
import { signed } from '../../samples/token-colour.ts';
import { Prompt } from '../prompt.tsx';
import { rankedOf } from './chosen.ts';
import type { DrawnQuestion } from './which.ts';
import { AGGREGATOR_NAMES } from './which-curves.ts';
import { useWrongScope } from './wrong-context.tsx';

interface Props {
  readonly drawn: readonly DrawnQuestion[];
  readonly questions: readonly (readonly Candidate[])[];
  readonly how: Aggregator;
}

export function Ranking({ drawn, questions, how }: Props) {
  const scope = useWrongScope();
  const [wish, setWish] = useState(0);
  const at = Math.min(wish, drawn.length - 1);
  const { question, answers } = drawn[at];
  const ranked = rankedOf(questions[at], how);
  const span = Math.max(0.01, ...ranked.map(({ score }) => Math.abs(score)));
  const likeliest = questions[at].reduce((a, b) => ((b.logprob ?? 0) > (a.logprob ?? 0) ? b : a));
  const vote = majority(questions[at]);
  const right = questions[at].filter(({ correct }) => correct).length;
  return (
    <div className="ranking">
      <div className="line">
        <h4>
          <Prompt text={question.title} />
        </h4>
        <span className="scrub">
          <Arrow
            label="Previous question"
            shape="M10 4L6 8l4 4"
            disabled={at === 0}
            onClick={() => setWish(at - 1)}
          />
          <span className="small quiet">
            {at + 1} of {drawn.length}
          </span>
          <Arrow
            label="Next question"
            shape="M6 4l4 4-4 4"
            disabled={at === drawn.length - 1}
            onClick={() => setWish(at + 1)}
          />
        </span>
      </div>
      <ol className="ranks" aria-label={`Answers by ${AGGREGATOR_NAMES[how]} reward`}>
        {ranked.map(({ place, candidate, score }, i) => (
          <li key={place} className={i === 0 ? 'taken' : undefined}>
            <button
              className="link mono"
              type="button"
              title={answers[place].text}
              onClick={() => scope.lookAt(question, answers[place].text)}
            >
              {candidate.answer ?? 'none'}
            </button>
            <svg
              className="rankbar"
              viewBox="-1 0 2 1"
              preserveAspectRatio="none"
              aria-hidden="true"
            >
              <rect
                className={score < 0 ? 'down' : 'up'}
                x={Math.min(0, score / span)}
                width={Math.abs(score / span)}
                y={0.15}
                height={0.7}
              />
            </svg>
            <span className="n">{signed(score)}</span>
            <span className={candidate.correct ? 'dot yes' : 'dot no'} />
            <span className="sr">{candidate.correct ? 'right' : 'wrong'}</span>
          </li>
        ))}
      </ol>
      <dl className="took small">
        <Took name="reward takes" candidate={ranked[0].candidate} />
        <Took name="majority" candidate={vote} />
        <Took name="own log-prob" candidate={likeliest} />
        <div>
          <dt>one at random</dt>
          <dd>
            {right} of {answers.length} right
          </dd>
        </div>
      </dl>
    </div>
  );
}

function Took({
  name,
  candidate,
}: {
  readonly name: string;
  readonly candidate: Pick<Candidate, 'answer' | 'correct'> | null;
}) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>
        <span className={candidate?.correct ? 'dot yes' : 'dot no'} />
        <span className="sr">{candidate?.correct ? 'right' : 'wrong'}</span>{' '}
        <span className="mono">{candidate?.answer ?? 'none'}</span>
      </dd>
    </div>
  );
}
