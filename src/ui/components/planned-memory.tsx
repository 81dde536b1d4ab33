/** What the draft would hold of the GPU's memory, before anybody runs it; or why it would not start. */
import type { MemoryPlan } from '../../rl/records.ts';
import { useLab } from '../context.ts';
import { formatBytes } from '../format.ts';
import { Behind } from './behind.tsx';
import { Notice } from './notice.tsx';

/** One line in the run bar, where nothing runs yet. */
export function PlannedMemory() {
  const memory = useLab((data) => (data.present === null ? data.planned?.memory : null));
  if (!memory) return null;
  return (
    <span className="faint">
      <Behind words={memoryWords(memory)}>{memoryParts(memory)}</Behind>
    </span>
  );
}

/** In the setup, where the draft does not fit: which setting to lower, and how far. */
export function MemoryRefusal() {
  const error = useLab((data) => data.planned?.error);
  if (error?.kind !== 'OutOfMemory') return null;
  return (
    <Notice tone="warn" title={error.message}>
      <p>{error.remedy}</p>
    </Notice>
  );
}

/** How much, and into how many micro-batches an update is cut if that is more than one. */
export function memoryWords({ total, micro_batches: parts }: MemoryPlan): string {
  const cut = parts > 1 ? `, an update in ${parts} parts` : '';
  return `${formatBytes(total)} of GPU memory${cut}`;
}

/** What the bytes are for, those that are any. */
export function memoryParts({ bytes }: MemoryPlan): string {
  return Object.entries(bytes)
    .filter(([, size]) => size > 0)
    .map(([name, size]) => `${name} ${formatBytes(size)}`)
    .join(', ');
}
