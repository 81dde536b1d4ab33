/** What of a sweep's plan can be run: combinations whose prompts do not fit their policy are named and left out. */
import type { Plan } from '../../lab/sweep/sweep.ts';
import { misfitOf } from '../../rl/run/fit.ts';

/** The plan without them; itself where all fit. */
export function fitting(plan: Plan): Plan {
  const firsts = plan.cells.map((_, cell) => plan.runs.find((run) => run.cell === cell));
  const whys = firsts.map((run) => (run ? (misfitOf(run.experiment)?.message ?? null) : null));
  if (whys.every((why) => why === null)) return plan;
  const kept = plan.cells.flatMap((_, cell) => (whys[cell] === null ? [cell] : []));
  return {
    cells: kept.map((cell) => plan.cells[cell]),
    runs: plan.runs.flatMap((run) => {
      const cell = kept.indexOf(run.cell);
      return cell < 0 ? [] : [{ ...run, cell }];
    }),
    impossible: [
      ...plan.impossible,
      ...plan.cells.flatMap((cell, i) => {
        const why = whys[i];
        return why === null ? [] : [{ cell, why }];
      }),
    ],
  };
}
