import { type ChartRun, dashOf, slotOf } from './runs.ts';

/** A short piece of a run's line: its hue and dash. */
export function RunKey({ run }: { readonly run: Pick<ChartRun, 'slot'> }) {
  return (
    <svg className="key" viewBox="0 0 20 10" preserveAspectRatio="none" aria-hidden="true">
      <path className={`r${slotOf(run)}`} strokeDasharray={dashOf(run)} d="M0 5H20" />
    </svg>
  );
}
