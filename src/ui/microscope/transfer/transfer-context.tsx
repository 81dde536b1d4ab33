/** One transfer microscope for the page: it lives as long as the app, and rests while another page shows. */
import { createContext, type ReactNode, use, useEffect, useState } from 'react';
import { useStore } from 'zustand';
import { usePage } from '../../context.ts';
import { takesKey } from '../../keys.ts';
import { moveCut, moveOf } from './cuts.ts';
import { TransferMicroscope } from './transfer.ts';
import type { TransferData } from './transfer-data.ts';

const TransferContext = createContext<TransferMicroscope | null>(null);

export function TransferProvider({ children }: { children: ReactNode }) {
  const { openModel } = usePage();
  const [scope] = useState(() => new TransferMicroscope({ open: openModel }));
  useEffect(() => {
    scope.setAwake(true);
    return () => scope.setAwake(false);
  }, [scope]);
  useCutKeys(scope);
  return <TransferContext value={scope}>{children}</TransferContext>;
}

export function useScope(): TransferMicroscope {
  const scope = use(TransferContext);
  if (scope === null) throw new Error('A component of the microscope stands outside of it');
  return scope;
}

export function useTransfer<T>(select: (data: TransferData) => T): T {
  return useStore(useScope().store, select);
}

/** Moves the cut of the lane that is looked at; true where there is an answer to cut. */
export function moveActiveCut(scope: TransferMicroscope, key: string, shift: boolean): boolean {
  const move = moveOf(key, shift);
  const { lanes, active } = scope.data;
  const { answer, cut } = lanes[active];
  if (!move || !answer) return false;
  const { direction, by } = move;
  scope.moveCut(active, moveCut(cut, direction, by, answer.tokens.length, answer.steps));
  return true;
}

const PAGE_KEYS: ReadonlySet<string> = new Set(['ArrowLeft', 'ArrowRight', 'Home', 'End']);

/** The keys of the cut act wherever the focus is, unless what has it needs them itself. */
function useCutKeys(scope: TransferMicroscope): void {
  const { preferences } = usePage();
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
      if (!PAGE_KEYS.has(event.key) || !preferences.getState().shortcuts) return;
      if (document.querySelector('dialog[open], [popover]:popover-open')) return;
      if (takesKey(event.target, event.key)) return;
      if (moveActiveCut(scope, event.key, event.shiftKey)) event.preventDefault();
    };
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  }, [scope, preferences]);
}
