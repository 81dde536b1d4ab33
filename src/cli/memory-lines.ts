/** What the log says of GPU memory: what was planned before a run, and what it held after it. */
import type { MemoryPlan } from '../rl/records.ts';

const mib = (bytes: number) => `${(bytes / 2 ** 20).toFixed(1)} MiB`;

/** The line before training. */
export function plannedLine(
  { total, budget, bytes, micro_batches: parts }: MemoryPlan,
  tokens: number,
): string {
  const parted = Object.entries(bytes)
    .filter(([, size]) => size > 0)
    .map(([name, size]) => `${name} ${mib(size)}`);
  const cut = `an update in at most ${parts} micro-batches of ${tokens} tokens`;
  return `GPU memory: ${mib(total)} planned of ${mib(budget)} (${parted.join(', ')}), ${cut}`;
}

/** The line after it. */
export function heldLine({ total }: MemoryPlan, peak: number): string {
  const share = ((peak / total - 1) * 100).toFixed(1);
  return `GPU memory: ${mib(peak)} at the peak, ${share} % from the plan`;
}
