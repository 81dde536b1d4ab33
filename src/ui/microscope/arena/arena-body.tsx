/** A pair, what a run's critic said of it, what critics say now, and why ties are paid. */
import '../../samples/samples.css';
import './arena.css';
import { useSubjectData } from '../subject-context.ts';
import { useArena } from './arena-context.tsx';
import { Judges } from './judges.tsx';
import { PairView } from './pair-view.tsx';
import { RunPicker } from './run-picker.tsx';
import { SeenVerdicts } from './seen-verdicts.tsx';
import { TallyTable } from './tally-table.tsx';
import { TieCard } from './tie-card.tsx';

export function ArenaBody() {
  const pair = useArena((data) => data.pair);
  const task = useSubjectData((data) => data.task);
  return (
    <>
      <RunPicker />
      {pair ? (
        <>
          <PairView pair={pair} />
          {pair.seen && (
            <SeenVerdicts key={`${pair.seen.step} ${pair.seen.prompt}`} seen={pair.seen} />
          )}
          <Judges key={`${task} ${pair.question.prompt}`} pair={pair} />
        </>
      ) : (
        <p className="quiet arena-none">
          This task has no critic. Take one that has, such as Chain with a critic.
        </p>
      )}
      <TallyTable />
      <TieCard />
    </>
  );
}
