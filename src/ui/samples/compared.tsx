/** Answers to one question at two steps, side by side, with what went and what came. */
import { useMemo } from 'react';
import type { CompletionRecord, SampleGroup } from '../../rl/records.ts';
import { plural } from '../format.ts';
import { groupStats } from './group-stats.ts';
import { useSampleView } from './sample-view.ts';
import { stretches, type Compared as Token, tokenDiff } from './token-diff.ts';
import { visible } from './token-strip.tsx';
import { verdictWord } from './verdict.ts';

interface Props {
  /** All groups of the question, rising. */
  readonly asked: readonly SampleGroup[];
  /** The one that is shown, and is the later side. */
  readonly shown: SampleGroup;
  /** The step that was chosen; null for the first. */
  readonly chosen: number | null;
}

/** The group that stands on the other side: the chosen step's, or else the first: what came of the question since. */
function otherSide({ asked, shown, chosen }: Props): SampleGroup | undefined {
  const others = asked.filter(({ step }) => step !== shown.step);
  return others.find(({ step }) => step === chosen) ?? others[0];
}

export function Compared(props: Props) {
  const { asked, shown } = props;
  const { setCompare } = useSampleView.getState();
  const other = otherSide(props);
  if (!other) {
    return (
      <p className="comparehead small quiet">
        No other kept step asked this question, so there is nothing to compare it with.
        {shown.split ? '' : ' Held-out questions come again with each evaluation.'}
      </p>
    );
  }
  const count = Math.max(shown.completions.length, other.completions.length);
  const changed = shown.completions.filter((one, i) => one.text !== other.completions[i]?.text);
  return (
    <>
      <div className="comparehead small">
        <label>
          Step{' '}
          <select
            value={other.step}
            onChange={({ currentTarget: { value } }) => setCompare({ step: Number(value) })}
          >
            {asked
              .filter(({ step }) => step !== shown.step)
              .map(({ step }) => (
                <option key={step} value={step}>
                  {step}
                </option>
              ))}
          </select>
        </label>
        <span>
          beside step {shown.step}: {plural(changed.length, 'answer')} changed
          {rightText(other, shown)}. <del>Only there</del>, <ins>only here</ins>.
        </span>
      </div>
      <ol className="samplelist compared">
        {Array.from({ length: count }, (_, i) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: an answer is its place in the group
          <Pair key={i} index={i} before={other.completions[i]} after={shown.completions[i]} />
        ))}
      </ol>
    </>
  );
}

function rightText(before: SampleGroup, after: SampleGroup): string {
  const [was, is] = [groupStats(before), groupStats(after)];
  if (was.right === null || is.right === null) return '';
  return `; right ${was.right} of ${was.count}, here ${is.right} of ${is.count}`;
}

interface PairProps {
  readonly index: number;
  readonly before: CompletionRecord | undefined;
  readonly after: CompletionRecord | undefined;
}

function Pair({ index, before, after }: PairProps) {
  const diff = useMemo(() => tokenDiff(bodyOf(before), bodyOf(after)), [before, after]);
  return (
    <li className="sample">
      <span className="idx">{index + 1}</span>
      <div className="sides">
        <Side answer={before} tokens={diff.before} />
        <Side answer={after} tokens={diff.after} />
      </div>
    </li>
  );
}

/** Without the end token, which is no text. */
function bodyOf(answer: CompletionRecord | undefined): readonly string[] {
  if (!answer) return [];
  return answer.truncated ? answer.pieces : answer.pieces.slice(0, -1);
}

function Side({
  answer,
  tokens,
}: {
  readonly answer: CompletionRecord | undefined;
  readonly tokens: readonly Token[];
}) {
  if (!answer) return <p className="small quiet">no such answer</p>;
  return (
    <p className="strip" dir="ltr">
      {answer.correct === undefined ? null : (
        <>
          <span className={`dot ${answer.correct ? 'yes' : 'no'}`} />
          <span className="sr">{verdictWord(answer.correct)}: </span>{' '}
        </>
      )}
      {stretches(tokens).map(({ pieces, kind }, i) => {
        const Mark = kind === 'gone' ? 'del' : kind === 'new' ? 'ins' : 'span';
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: the stretches of two answers never change
          <Mark key={i}>
            {pieces.map((piece, j) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: nor do their tokens
              <span key={j}>{visible(piece)}</span>
            ))}
          </Mark>
        );
      })}
      {tokens.length === 0 ? <span className="faint">empty</span> : null}
      {answer.truncated ? <span className="badge outline">cut off</span> : null}
    </p>
  );
}
