import type { SampleGroup } from '../../rl/records.ts';
import { About } from '../glossary/about.tsx';
import { groupStats } from './group-stats.ts';
import { Arrow } from './sample-head.tsx';
import { useSampleView } from './sample-view.ts';
import { signed } from './token-colour.ts';
import { writerWords } from './verdict.ts';

interface Props {
  readonly group: SampleGroup | undefined;
  readonly index: number;
  readonly count: number;
  readonly preview?: string;
  /** The step that was asked for, where another is shown because it was not kept. */
  readonly asked?: number;
  readonly failed: boolean;
  /** Whether this question is followed over all steps. */
  readonly followed?: boolean;
  /** Whether its answers stand beside those of another step. */
  readonly compared?: boolean;
  readonly onFollow?: () => void;
  readonly onCompare?: () => void;
}

/** The question, which of how many, and what its group amounts to. */
export function QuestionHead({ group, index, count, preview, asked, failed, ...more }: Props) {
  const { setQuestion } = useSampleView.getState();
  const stats = group ? groupStats(group) : undefined;
  const question = group?.question ?? preview;
  const writer = group && writerWords(group.completions[0]?.role ?? '');
  return (
    <div className="question">
      <div className="line">
        <h3 className="prompt" title={group ? `Prompt: ${group.prompt}` : undefined}>
          {question ? (
            <Emphasised text={question} />
          ) : (
            <span className="faint">No samples yet</span>
          )}
        </h3>
        <span className="spacer" />
        {count > 0 && !more.followed ? (
          <>
            <Arrow
              label="Previous question"
              shape="M10 4L6 8l4 4"
              disabled={index === 0}
              onClick={() => setQuestion(index - 1)}
            />
            <span className="small quiet which">
              {index + 1} of {count}
            </span>
            <Arrow
              label="Next question"
              shape="M6 4l4 4-4 4"
              disabled={index >= count - 1}
              onClick={() => setQuestion(index + 1)}
            />
          </>
        ) : null}
      </div>
      {asked !== undefined && group ? (
        <p className="small quiet">
          Step {asked} was not kept; this is step {group.step}.
        </p>
      ) : null}
      {group && more.onFollow ? (
        <p className="qacts">
          <button
            className="btn"
            type="button"
            aria-pressed={more.followed}
            onClick={more.onFollow}
          >
            Follow question
          </button>
          <button
            className="btn"
            type="button"
            aria-pressed={more.compared}
            onClick={more.onCompare}
          >
            Compare steps
          </button>
          {group.split ? (
            <span className="small quiet">
              Held out: asked at every evaluation, never learned from.
            </span>
          ) : null}
        </p>
      ) : null}
      {failed ? <p className="badge error">the run failed after this step</p> : null}
      {writer ? <p className="small quiet">{sentenceCase(writer)}</p> : null}
      {stats && !writer ? (
        <dl className="stats">
          <div>
            <dt>right</dt>
            <dd>{stats.right === null ? 'not judged' : `${stats.right} of ${stats.count}`}</dd>
          </div>
          {stats.truncated > 0 ? (
            <div>
              <dt>cut off</dt>
              <dd>{stats.truncated}</dd>
            </div>
          ) : null}
          {stats.mean === null ? null : (
            <>
              <div>
                <dt>mean</dt>
                <dd>{signed(stats.mean).replace('+', '')}</dd>
              </div>
              <div>
                <dt>spread</dt>
                <dd>{stats.spread.toFixed(2)}</dd>
              </div>
            </>
          )}
          {stats.noSignal ? (
            <div>
              <dt className="sr">signal</dt>
              <dd>
                <span className="badge warn">no signal</span>
                <About title="No signal" asked={{ chart: 'no-signal', help: NO_SIGNAL_HELP }} />
              </dd>
            </div>
          ) : null}
        </dl>
      ) : null}
    </div>
  );
}

const NO_SIGNAL_HELP =
  'Every answer to this question scored the same, so all advantages are 0 and it teaches nothing at this step.';

const sentenceCase = (words: string) => `${words.charAt(0).toUpperCase()}${words.slice(1)}.`;

/** A question with its numbers in bold. */
export function Emphasised({ text }: { readonly text: string }) {
  return text.split(/(\d+)/).map((piece, i) =>
    // Every second piece of a split by a group is what the group matched.
    // biome-ignore lint/suspicious/noArrayIndexKey: the pieces of a text never change
    i % 2 === 1 ? <b key={i}>{piece}</b> : piece,
  );
}

/** Rows that wait for samples; the first says what is being done. */
export function EmptyRows({
  count,
  loading,
}: {
  readonly count: number;
  readonly loading?: string;
}) {
  return Array.from({ length: count }, (_, i) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: empty rows are their places
    <li className="sample waiting" key={i}>
      <span className="idx">{i + 1}</span>
      <p className="small quiet">
        {i === 0 ? (loading ?? 'Press Run to see answers.') : <span className="sr">empty</span>}
      </p>
    </li>
  ));
}
