/** What every combination of a sweep would hold on the device, told before anything starts. */
import { useEffect, useState } from 'react';
import type { PlannedMemory } from '../../lab/protocol.ts';
import type { Plan } from '../../lab/sweep/sweep.ts';
import { useLab, usePage } from '../context.ts';
import { formatBytes } from '../format.ts';
import { aboutText } from '../queue/estimate.ts';
import { cellName } from './sweep-progress.ts';

/** By cell; null as long as it is not known. */
export function useCellMemory(plan: Plan | null): readonly PlannedMemory[] | null {
  const { lab } = usePage();
  const ready = useLab((data) => data.adapter !== null);
  const [known, setKnown] = useState<{
    readonly plan: Plan;
    readonly cells: readonly PlannedMemory[];
  } | null>(null);
  useEffect(() => {
    if (!plan || !ready) return;
    let current = true;
    const experiments = firstsOf(plan).map(({ experiment }) => experiment);
    lab.estimate(experiments).then(
      (cells) => current && setKnown({ plan, cells }),
      // Where there is no device, a run will say so.
      () => undefined,
    );
    return () => {
      current = false;
    };
  }, [plan, ready, lab]);
  return known?.plan === plan ? known.cells : null;
}

/** The first run of each combination: seeds change neither time nor memory. */
function firstsOf({ cells, runs }: Plan): readonly Plan['runs'][number][] {
  return cells.flatMap((_, cell) => runs.find((run) => run.cell === cell) ?? []);
}

/** Combinations in a table: time of all their seeds, and memory; those that would be refused say why. */
export function CellTable({
  plan,
  memory,
  seconds,
}: {
  readonly plan: Plan;
  readonly memory: readonly PlannedMemory[] | null;
  /** Of all seeds of a combination, by cell. */
  readonly seconds: readonly (number | null)[];
}) {
  return (
    <details className="small cells">
      <summary>Each combination</summary>
      <table className="data">
        <thead>
          <tr>
            <th scope="col">Combination</th>
            <th scope="col" className="n">
              time
            </th>
            <th scope="col" className="n">
              GPU memory
            </th>
          </tr>
        </thead>
        <tbody>
          {firstsOf(plan).map(({ experiment, cell, id }) => (
            <tr key={id}>
              <th scope="row">{cellName(experiment, plan.cells[cell])}</th>
              <td className="n">{aboutText(seconds[cell] ?? null)}</td>
              <td className="n">{memoryText(memory?.[cell])}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </details>
  );
}

function memoryText(planned: PlannedMemory | undefined): string {
  if (planned?.memory) return formatBytes(planned.memory.total);
  return planned?.error ? 'refused' : 'not known yet';
}
