/** Keeps the address saying what a microscope shows, and opens what it says. */
import { useEffect } from 'react';
import { BatonError } from '../../errors.ts';
import { readSubject, restoreSubject, writeSubject } from './address.ts';
import type { Instrument } from './instrument.ts';
import type { Subject } from './subject.ts';

/** Milliseconds that things rest before the address follows: browsers allow few changes a second. */
const ADDRESS_MS = 400;

/** What was opened from its address; from then on the address follows. */
const opened = new WeakSet<Subject>();

/** @param tab the query of the microscope's tab, to which what is shown is added */
export function useAddress(
  tab: string,
  subject: Subject,
  instrument: Instrument,
  shown: boolean,
): void {
  useEffect(() => {
    if (!shown) return;
    if (!opened.has(subject)) {
      opened.add(subject);
      restore(subject, instrument);
    }
    let timer: ReturnType<typeof setTimeout> | undefined;
    const write = () => {
      const query = new URLSearchParams(tab);
      writeSubject(query, subject.data);
      instrument.writeAddress?.(query);
      if (`?${query}` !== location.search) {
        history.replaceState(null, '', `?${query}${location.hash}`);
      }
    };
    write();
    const later = () => {
      clearTimeout(timer);
      timer = setTimeout(write, ADDRESS_MS);
    };
    const stops = [subject.store.subscribe(later), instrument.store.subscribe(later)];
    return () => {
      clearTimeout(timer);
      for (const stop of stops) stop();
    };
  }, [tab, subject, instrument, shown]);
}

/** A question that the task does not take opens the microscope as if none were asked. */
function restore(subject: Subject, instrument: Instrument): void {
  const query = new URLSearchParams(location.search);
  const address = readSubject(query);
  try {
    if (address) restoreSubject(subject, address);
    instrument.readAddress?.(query);
  } catch (error) {
    if (!(error instanceof BatonError)) throw error;
  }
}
