/** How the parts of the arena reach it. */
import { createContext, use } from 'react';
import { useStore } from 'zustand';
import { type InstrumentProps, inside, useInstrument } from '../subject-context.ts';
import { type ArenaData, ArenaMicroscope } from './arena.ts';

const ArenaContext = createContext<ArenaMicroscope | null>(null);

export function ArenaProvider({ children, ...props }: InstrumentProps) {
  const scope = useInstrument((subject) => new ArenaMicroscope(subject), props);
  return <ArenaContext value={scope}>{children}</ArenaContext>;
}

export function useArenaScope(): ArenaMicroscope {
  return inside(use(ArenaContext));
}

export function useArena<T>(select: (data: ArenaData) => T): T {
  return useStore(useArenaScope().store, select);
}
