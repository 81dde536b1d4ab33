/** A trace to edit, and where a learned reward says that it went wrong. */
import { useMemo } from 'react';
import '../../samples/samples.css';
import './wrong.css';
import { modeOf } from '../../samples/token-colour.ts';
import { Scale } from '../../samples/token-legend.tsx';
import { Failed } from '../failed.tsx';
import { useSubject } from '../subject-context.ts';
import { ElsewhereSection } from './elsewhere-section.tsx';
import { ReadingSlider } from './reading-slider.tsx';
import { readingsOf } from './readings.ts';
import { TraceField } from './trace-field.tsx';
import { TraceRuler } from './trace-ruler.tsx';
import { WhichSection } from './which-section.tsx';
import { useWrong, useWrongScope } from './wrong-context.tsx';
import { WrongWords } from './wrong-words.tsx';

export function WrongActs() {
  const scope = useWrongScope();
  return (
    <button className="btn" type="button" onClick={() => void scope.wrongAnswer()}>
      Next wrong answer
    </button>
  );
}

export function WrongBody() {
  const scope = useWrongScope();
  const status = useWrong((data) => data.status);
  const problem = useWrong((data) => data.problem);
  return (
    <>
      <TraceField />
      {status === 'failed' && problem ? (
        <Failed problem={problem} onRetry={() => scope.retry()} />
      ) : (
        <Readings />
      )}
      <WhichSection />
      <ElsewhereSection />
    </>
  );
}

function Readings() {
  const subject = useSubject();
  const trace = useWrong((data) => data.trace);
  const before = useWrong((data) => data.before);
  const trained = useWrong((data) => data.trained);
  const reading = useWrong((data) => data.chosen) ?? trained;
  const { interval } = reading;
  const clip = trained.reward_clip;
  const { task } = subject;
  const rows = useMemo(
    () => (trace ? readingsOf(trace, task, { interval, clip }) : []),
    [trace, task, interval, clip],
  );
  const earlier = useMemo(
    () => (before ? readingsOf(before, task, { interval, clip }) : []),
    [before, task, interval, clip],
  );
  const shown = rows.find(({ granularity }) => granularity === reading.granularity);
  const old = earlier.find(({ granularity }) => granularity === reading.granularity);
  return (
    <>
      <div className="wrong-room">
        {trace && shown && (
          <TraceRuler
            {...{ trace, rows, shown, clip, reading }}
            before={before && old ? { trace: before, shown: old } : null}
          />
        )}
      </div>
      <div className="granline">
        <ReadingSlider reading={reading} trained={trained} />
        <div className="told-scale">
          <Scale mode={modeOf('learned_reward')} />
        </div>
      </div>
      {trace && shown && <WrongWords {...{ trace, shown, reading, clip }} />}
    </>
  );
}
