/** A run of the lab compared with recorded rows, as its rows come. */
import { type Comparison, RowComparer } from '../../lab/bundle/compare.ts';
import { isBusy } from '../../lab/state-machine.ts';
import { canonicalJson } from '../../rl/experiment/canonical.ts';
import type { Manifest, MetricsRow } from '../../rl/records.ts';
import type { Lab } from '../lab.ts';
import { lead } from '../store/runs.ts';

export interface Watched {
  readonly compared: Comparison;
  /** What this machine computes it with; null before the run is prepared. */
  readonly here: Manifest | null;
  /** Whether the run has ended: no more rows will come. */
  readonly ended: boolean;
}

/**
 * Tells at once and at every change how far the lead of a group agrees with recorded rows, until all are compared or the run has ended.
 * @returns stops it
 */
export function watchRows(
  lab: Lab,
  groupId: string,
  metrics: readonly MetricsRow[],
  tell: (watched: Watched) => void,
): () => void {
  const comparer = new RowComparer();
  let here: Manifest | null = null;
  let stop = () => {};
  const look = () => {
    const { data } = lab;
    const gone = data.present !== groupId;
    const rows = gone ? [] : (lead(data)?.record.rows ?? []);
    for (let i = comparer.result.rows; i < Math.min(rows.length, metrics.length); i++)
      comparer.add(metrics[i], rows[i]);
    if (!gone) here = lead(data)?.manifest ?? here;
    const ended = gone || !(isBusy(data.state) || data.state === 'paused');
    const compared = comparer.result;
    if (ended || compared.rows === metrics.length) stop();
    tell({ compared, here, ended });
  };
  const leave = lab.store.subscribe(look);
  stop = leave;
  look();
  return leave;
}

/** Whether rounding may differ: the recording has another build, adapter, plan or kernels than the run here. */
export function fromElsewhere(recorded: Manifest, here: Manifest | null): boolean {
  const decides = ({ build, adapter, plan, variants }: Manifest) =>
    canonicalJson([build, adapter, plan, variants]);
  return here === null || decides(recorded) !== decides(here);
}
