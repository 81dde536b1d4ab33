/** How the parts of "Without the question" reach it. */
import { createContext, use } from 'react';
import { useStore } from 'zustand';
import { type InstrumentProps, inside, useInstrument } from '../subject-context.ts';
import { type WithoutData, WithoutMicroscope } from './without.ts';

const WithoutContext = createContext<WithoutMicroscope | null>(null);

export function WithoutProvider({ children, ...props }: InstrumentProps) {
  const scope = useInstrument((subject) => new WithoutMicroscope(subject), props);
  return <WithoutContext value={scope}>{children}</WithoutContext>;
}

export function useWithoutScope(): WithoutMicroscope {
  return inside(use(WithoutContext));
}

export function useWithout<T>(select: (data: WithoutData) => T): T {
  return useStore(useWithoutScope().store, select);
}
