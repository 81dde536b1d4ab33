/** What the keys of the cut act on: the microscope that shows, or nothing. */
import type { CutMove } from './transfer/cuts.ts';

export interface CutTarget {
  /** Whether there is an answer to cut. */
  readonly ready: () => boolean;
  readonly move: (direction: -1 | 1, by: CutMove) => void;
}

let target: CutTarget | null = null;

export const cutKeys = {
  /** Gives the keys to a microscope; returns how to take them away again. */
  hold(holder: CutTarget): () => void {
    target = holder;
    return () => {
      if (target === holder) target = null;
    };
  },
  ready: (): boolean => target?.ready() ?? false,
  move: (direction: -1 | 1, by: CutMove): void => target?.move(direction, by),
};
