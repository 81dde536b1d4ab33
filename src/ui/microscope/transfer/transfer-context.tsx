/** How the parts of the transfer microscope reach it. */
import { createContext, use, useEffect } from 'react';
import { useStore } from 'zustand';
import { cutKeys } from '../cut-keys.ts';
import { type InstrumentProps, inside, useInstrument } from '../subject-context.ts';
import { type CutMove, moveCut } from './cuts.ts';
import { TransferMicroscope } from './transfer.ts';
import type { TransferData } from './transfer-data.ts';

const TransferContext = createContext<TransferMicroscope | null>(null);

export function TransferProvider({ children, ...props }: InstrumentProps) {
  const scope = useInstrument((subject) => new TransferMicroscope(subject), props);
  return <TransferContext value={scope}>{children}</TransferContext>;
}

export function useScope(): TransferMicroscope {
  return inside(use(TransferContext));
}

export function useTransfer<T>(select: (data: TransferData) => T): T {
  return useStore(useScope().store, select);
}

/** Moves the cut of the lane that is looked at, where there is an answer to cut. */
export function moveActiveCut(scope: TransferMicroscope, direction: -1 | 1, by: CutMove): void {
  const { lanes, active } = scope.data;
  const { answer, cut } = lanes[active];
  if (!answer) return;
  scope.moveCut(active, moveCut(cut, direction, by, answer.tokens.length, answer.steps));
}

/** The keys of the cut act wherever the focus is, unless what has it needs them itself. */
export function useCutKeys(): void {
  const scope = useScope();
  useEffect(
    () =>
      cutKeys.hold({
        ready: () => scope.data.lanes[scope.data.active].answer !== null,
        move: (direction, by) => moveActiveCut(scope, direction, by),
      }),
    [scope],
  );
}
