/** How the parts of the microscopes reach what is looked at, and how a microscope comes to life on the page. */
import { createContext, type ReactNode, use, useEffect, useState } from 'react';
import { useStore } from 'zustand';
import type { Instrument } from './instrument.ts';
import type { Subject, SubjectData } from './subject.ts';
import { useAddress } from './use-address.ts';

export const SubjectContext = createContext<Subject | null>(null);

/** What a context holds. @throws Error where a component stands outside of it */
export function inside<T>(value: T | null): T {
  if (value === null) throw new Error('A part of a microscope stands outside of it');
  return value;
}

/** What is looked at. */
export function useSubject(): Subject {
  return inside(use(SubjectContext));
}

export function useSubjectData<T>(select: (data: SubjectData) => T): T {
  return useStore(useSubject().store, select);
}

/** The props of a microscope's provider. */
export interface InstrumentProps {
  /** The query of its tab, to which the address adds what is shown. */
  readonly tab: string;
  readonly shown: boolean;
  readonly children: ReactNode;
}

/** Makes a microscope, once; keeps it awake while it is shown, and the address saying what it shows. */
export function useInstrument<I extends Instrument>(
  create: (subject: Subject) => I,
  { tab, shown }: Pick<InstrumentProps, 'tab' | 'shown'>,
): I {
  const subject = useSubject();
  const [instrument] = useState(() => create(subject));
  useEffect(() => {
    instrument.setAwake(shown);
    return () => instrument.setAwake(false);
  }, [instrument, shown]);
  useAddress(tab, subject, instrument, shown);
  return instrument;
}
