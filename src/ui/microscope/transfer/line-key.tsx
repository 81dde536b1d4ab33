import type { ModelRef } from '../models.ts';

/** The slot of a lane's policy: the lab's run has the first, as in its charts. */
export function laneSlot(kind: ModelRef['kind'], lane: number): number {
  if (kind === 'lab') return 1;
  return lane === 0 ? 5 : 2;
}

/** A short piece of line, as it stands in the plot. */
export function LineKey({ className }: { className: string }) {
  return (
    <svg className="key" viewBox="0 0 20 10" preserveAspectRatio="none" aria-hidden="true">
      <path className={className} d="M0 5H20" />
    </svg>
  );
}
