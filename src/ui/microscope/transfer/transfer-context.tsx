/** One transfer microscope for the page: it lives as long as the app, and rests while another page or microscope shows. */
import { createContext, type ReactNode, use, useEffect, useState } from 'react';
import { useStore } from 'zustand';
import { BatonError } from '../../../errors.ts';
import { usePage } from '../../context.ts';
import { cutKeys } from '../cut-keys.ts';
import { readAddress, writeAddress } from './address.ts';
import { type CutMove, moveCut } from './cuts.ts';
import { policiesOf } from './models.ts';
import { TransferMicroscope } from './transfer.ts';
import type { TransferData } from './transfer-data.ts';

const TransferContext = createContext<TransferMicroscope | null>(null);

export function TransferProvider({ shown, children }: { shown: boolean; children: ReactNode }) {
  const { openModel } = usePage();
  const [scope] = useState(() => new TransferMicroscope({ open: openModel }));
  useEffect(() => {
    scope.setAwake(shown);
    return () => scope.setAwake(false);
  }, [scope, shown]);
  useCutKeys(scope, shown);
  useAddress(scope, shown);
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

/** Moves the cut of the lane that is looked at, where there is an answer to cut. */
export function moveActiveCut(scope: TransferMicroscope, direction: -1 | 1, by: CutMove): void {
  const { lanes, active } = scope.data;
  const { answer, cut } = lanes[active];
  if (!answer) return;
  scope.moveCut(active, moveCut(cut, direction, by, answer.tokens.length, answer.steps));
}

/** The keys of the cut act wherever the focus is, unless what has it needs them itself. */
function useCutKeys(scope: TransferMicroscope, shown: boolean): void {
  useEffect(() => {
    if (!shown) return;
    return cutKeys.hold({
      ready: () => scope.data.lanes[scope.data.active].answer !== null,
      move: (direction, by) => moveActiveCut(scope, direction, by),
    });
  }, [scope, shown]);
}

/** Milliseconds that the cut rests before the address follows: browsers allow few changes a second. */
const ADDRESS_MS = 400;

/** Opens what the address says, and keeps it saying what is shown. */
function useAddress(scope: TransferMicroscope, shown: boolean): void {
  useEffect(() => {
    if (!shown) return;
    if (scope.data.question === null) restore(scope, location.search);
    let timer: ReturnType<typeof setTimeout> | undefined;
    const write = () => {
      const query = writeAddress(scope.data);
      if (query !== location.search) {
        history.replaceState(null, '', `${query}${location.hash}`);
      }
    };
    write();
    const stop = scope.store.subscribe(() => {
      clearTimeout(timer);
      timer = setTimeout(write, ADDRESS_MS);
    });
    return () => {
      clearTimeout(timer);
      stop();
    };
  }, [scope, shown]);
}

/** A question that the task does not take opens the microscope as if none were asked. */
function restore(scope: TransferMicroscope, search: string): void {
  const address = readAddress(search);
  if (!address) return;
  try {
    const question = scope.taskOf(address.task).readQuestion(address.question);
    const lanes = address.policies.flatMap((id, i) => {
      const policy = policiesOf(address.task).find(({ ref }) => ref.key === id);
      return policy
        ? [{ policy, number: address.answers[i] ?? 0, cut: address.cuts[i] ?? null }]
        : [];
    });
    scope.restore(address.task, question, lanes);
  } catch (error) {
    if (!(error instanceof BatonError)) throw error;
  }
}
