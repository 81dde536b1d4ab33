/** How the parts of "Where did it go wrong" reach it. */
import { createContext, use } from 'react';
import { useStore } from 'zustand';
import { usePage } from '../../context.ts';
import { type InstrumentProps, inside, useInstrument } from '../subject-context.ts';
import { type WrongData, WrongMicroscope } from './wrong.ts';

const WrongContext = createContext<WrongMicroscope | null>(null);

export function WrongProvider({ children, ...props }: InstrumentProps) {
  const { openReward } = usePage();
  const scope = useInstrument((subject) => new WrongMicroscope(subject, openReward), props);
  return <WrongContext value={scope}>{children}</WrongContext>;
}

export function useWrongScope(): WrongMicroscope {
  return inside(use(WrongContext));
}

export function useWrong<T>(select: (data: WrongData) => T): T {
  return useStore(useWrongScope().store, select);
}
