/** All four readings under the same ruler, and the policy's own log-probs: the pick, the first wrong step, and whether they meet. */
import type { LearnedTrace, Stretch } from '../../samples/learned-reading.ts';
import { colourStep, type Mode, modeOf } from '../../samples/token-colour.ts';
import { percent, placeOf, type TokenLine } from '../token-lines.ts';
import { outcomeOf, type TraceReading } from './readings.ts';
import { useWrong, useWrongScope } from './wrong-context.tsx';

const REWARD = modeOf('learned_reward');
const LOGPROB = modeOf('logprob');

interface StripProps {
  readonly line: TokenLine;
  /** Whether the outcome stands beside this line. */
  readonly last: boolean;
}

export function ReadingStrip({
  row: { granularity, rewards, trace },
  current,
  ...place
}: StripProps & { readonly row: TraceReading; readonly current: boolean }) {
  const scope = useWrongScope();
  const interval = useWrong(({ chosen, trained }) => (chosen ?? trained).interval);
  return (
    <div className="readrow" data-current={current}>
      <button
        className="readname"
        type="button"
        aria-pressed={current}
        onClick={() => scope.read({ granularity, interval })}
      >
        {granularity}
      </button>
      <Strip
        {...place}
        values={rewards}
        mode={REWARD}
        box={trace.lowest}
        flag={trace.fall}
        wrong={trace.wrong}
      />
      {place.last && <Verdict pick={trace.fall} wrong={trace.wrong} />}
    </div>
  );
}

export function LikelyStrip({
  logprobs,
  least,
  wrong,
  ...place
}: StripProps & {
  readonly logprobs: readonly number[];
  readonly least: Stretch | null;
  readonly wrong: LearnedTrace['wrong'];
}) {
  return (
    <div className="readrow likely">
      <span className="readname">log-prob</span>
      <Strip {...place} values={logprobs} mode={LOGPROB} box={least} flag={null} wrong={wrong} />
      {place.last && <Verdict pick={least} wrong={wrong} />}
    </div>
  );
}

function Strip({
  line,
  values,
  mode,
  box,
  flag,
  wrong,
}: {
  readonly line: TokenLine;
  readonly values: ArrayLike<number>;
  readonly mode: Mode;
  readonly box: Stretch | null;
  readonly flag: Stretch | null;
  readonly wrong: LearnedTrace['wrong'];
}) {
  const touching = (part: Stretch | null | undefined) =>
    part && part.from < line.to && part.to > line.from ? part : null;
  const left = (token: number) => percent(placeOf(token, line), line);
  const span = ({ from, to }: Stretch) => ({
    left: left(from),
    width: percent(placeOf(to, line) - placeOf(from, line), line),
  });
  const [boxed, flagged, truth] = [touching(box), touching(flag), touching(wrong)];
  return (
    <div className="rstrip" aria-hidden="true">
      {line.edges.slice(1).map((edge, i) => (
        <i
          key={edge}
          className={colourStep(values[line.from + i], mode)}
          style={{ flexGrow: edge - line.edges[i] }}
        />
      ))}
      {truth && <span className="rtruth" style={span(truth)} />}
      {boxed && <span className="rbox" style={span(boxed)} />}
      {flagged && flagged.from >= line.from && (
        <span className="rflag" style={{ left: left(flagged.from) }} />
      )}
    </div>
  );
}

/** Where the pick of a strip lies: the fall of a reward, the policy's least likely token. */
function Verdict({
  pick,
  wrong,
}: {
  readonly pick: Stretch | null;
  readonly wrong: LearnedTrace['wrong'];
}) {
  const { hit, text } = outcomeOf(pick, wrong);
  return (
    <span className="rverdict">
      {hit !== null && (
        <svg className="icon s" viewBox="0 0 16 16" aria-hidden="true">
          <path d={hit ? 'M3.5 8.5l3 3 6-7' : 'M4 4l8 8M12 4l-8 8'} />
        </svg>
      )}
      {hit === false ? `miss, ${text}` : text}
    </span>
  );
}
