/** The answer before and after its edits, side by side: what changed, and what every reward says of each. */
import { useMemo } from 'react';
import { useStore } from 'zustand';
import { TERMS } from '../../../rl/experiment/catalog.ts';
import { signed } from '../../samples/token-colour.ts';
import { stretches, tokenDiff } from '../../samples/token-diff.ts';
import { verdictWord } from '../../samples/verdict.ts';
import { useSubject, useSubjectData } from '../subject-context.ts';
import type { Said } from './edit-compare.ts';
import { type AnswerScore, SCORED_TERMS } from './score-answers.ts';
import { useWithout, useWithoutScope } from './without-context.tsx';

export function Edited() {
  const { edits } = useWithoutScope();
  const subject = useSubject();
  const score = useWithout((data) => data.score);
  const { base, said, asking, problem } = useStore(edits.store);
  const policy = useSubjectData((data) => data.policy.name);
  if (!base || !score || base.text === score.text) return null;
  const texts = [base.text, score.text];
  const { receiver } = edits;
  return (
    <section className="kinds edited" aria-labelledby="edited-h">
      <h3 id="edited-h">Before your edit, and now</h3>
      <Marked base={base} score={score} />
      <Numbers {...{ base, score }} before={said.get(base.text)} now={said.get(score.text)} />
      <p className="acts">
        {receiver ? (
          <button
            className="btn"
            type="button"
            disabled={asking !== null}
            onClick={() => void edits.askReceiver(texts)}
          >
            Let {receiver.name} finish both
          </button>
        ) : null}
        {edits.criticKnown ? (
          <button
            className="btn"
            type="button"
            disabled={asking !== null}
            onClick={() => void edits.askCritic(texts)}
          >
            Ask {policy} as the critic
          </button>
        ) : null}
        <button className="btn" type="button" onClick={() => subject.write(base.text)}>
          Undo the edit
        </button>
        <button className="btn" type="button" onClick={() => edits.keep(score)}>
          Compare with this from now on
        </button>
        <span className="small quiet" role="status">
          {asking ? 'Asking' : (problem?.message ?? '')}
        </span>
      </p>
    </section>
  );
}

interface Both {
  readonly base: AnswerScore;
  readonly score: AnswerScore;
}

/** Both texts, with the tokens that went and came. */
function Marked({ base, score }: Both) {
  const diff = useMemo(
    () => tokenDiff(base.tokens.slice(0, -1), score.tokens.slice(0, -1)),
    [base, score],
  );
  return (
    <div className="sides">
      {[diff.before, diff.after].map((tokens, side) => (
        <p className="strip" dir="ltr" key={side === 0 ? 'before' : 'now'}>
          {stretches(tokens).map(({ pieces, kind }, i) => {
            const Mark = kind === 'gone' ? 'del' : kind === 'new' ? 'ins' : 'span';
            // biome-ignore lint/suspicious/noArrayIndexKey: the stretches of two answers never change
            return <Mark key={i}>{pieces.join('')}</Mark>;
          })}
        </p>
      ))}
    </div>
  );
}

interface NumbersProps extends Both {
  readonly before: Said | undefined;
  readonly now: Said | undefined;
}

function Numbers({ base, score, before, now }: NumbersProps) {
  const rows: readonly (readonly [string, Value, Value])[] = [
    ['Tokens', base.tokens.length, score.tokens.length],
    ...SCORED_TERMS.map(
      (term) => [TERMS[term].label, base.rewards[term], score.rewards[term]] as const,
    ),
    ['Finished rightly by a receiver', before?.transfer, now?.transfer],
    ['Named by the critic', before?.critic?.named, now?.critic?.named],
    ['Tie by the critic', before?.critic?.tie, now?.critic?.tie],
  ];
  return (
    <table className="data">
      <thead>
        <tr>
          <th scope="col">Of the answer</th>
          <th scope="col" className="n">
            before
          </th>
          <th scope="col" className="n">
            now
          </th>
          <th scope="col" className="n">
            change
          </th>
        </tr>
      </thead>
      <tbody>
        <tr>
          <th scope="row">Verifier</th>
          <td className="n">{verdictWord(base.verdict?.correct)}</td>
          <td className="n">{verdictWord(score.verdict?.correct)}</td>
          <td />
        </tr>
        {rows
          .filter(([, was, is]) => was !== undefined || is !== undefined)
          .map(([label, was, is]) => (
            <tr key={label}>
              <th scope="row">{label}</th>
              <td className="n">{text(was)}</td>
              <td className="n">{text(is)}</td>
              <td className="n">{change(was, is)}</td>
            </tr>
          ))}
      </tbody>
    </table>
  );
}

/** Null where a reward has none, undefined where nobody was asked. */
type Value = number | null | undefined;

function text(value: Value): string {
  if (value === undefined) return 'not asked';
  if (value === null) return 'none';
  return Number.isInteger(value)
    ? signed(value, 0).replace('+', '')
    : signed(value).replace('+', '');
}

function change(was: Value, is: Value): string {
  if (typeof was !== 'number' || typeof is !== 'number') return '';
  return Number.isInteger(was) && Number.isInteger(is) ? signed(is - was, 0) : signed(is - was);
}
