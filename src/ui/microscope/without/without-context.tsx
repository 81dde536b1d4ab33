/** One microscope "Without the question" for the page: it lives as long as the app, and rests while it does not show. */
import { createContext, type ReactNode, use, useEffect, useState } from 'react';
import { useStore } from 'zustand';
import { BatonError } from '../../../errors.ts';
import { usePage } from '../../context.ts';
import { policiesOf } from '../transfer/models.ts';
import { readAddress, writeAddress } from './address.ts';
import { type WithoutData, WithoutMicroscope } from './without.ts';

const WithoutContext = createContext<WithoutMicroscope | null>(null);

export function WithoutProvider({ shown, children }: { shown: boolean; children: ReactNode }) {
  const { openModel } = usePage();
  const [scope] = useState(() => new WithoutMicroscope({ open: openModel }));
  useEffect(() => {
    scope.setAwake(shown);
    return () => scope.setAwake(false);
  }, [scope, shown]);
  useAddress(scope, shown);
  return <WithoutContext value={scope}>{children}</WithoutContext>;
}

export function useWithoutScope(): WithoutMicroscope {
  const scope = use(WithoutContext);
  if (scope === null) throw new Error('A component of the microscope stands outside of it');
  return scope;
}

export function useWithout<T>(select: (data: WithoutData) => T): T {
  return useStore(useWithoutScope().store, select);
}

/** Milliseconds that an edit rests before the address follows: browsers allow few changes a second. */
const ADDRESS_MS = 400;

/** Opens what the address says, where nothing was asked yet, and keeps it saying what is shown. */
function useAddress(scope: WithoutMicroscope, shown: boolean): void {
  useEffect(() => {
    if (!shown) return;
    if (scope.data.question === null) restore(scope, location.search);
    let timer: ReturnType<typeof setTimeout> | undefined;
    const write = () => {
      const query = writeAddress(scope.data);
      if (query !== location.search) history.replaceState(null, '', `${query}${location.hash}`);
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
function restore(scope: WithoutMicroscope, search: string): void {
  const address = readAddress(search);
  if (!address) return;
  try {
    const question = scope.taskOf(address.task).readQuestion(address.question);
    const policy = policiesOf(address.task).find(({ ref }) => ref.key === address.policy);
    scope.restore(address.task, question, policy, address.text);
  } catch (error) {
    if (!(error instanceof BatonError)) throw error;
  }
}
