/** Keeps the address saying what is looked at under every loss. */
import { useEffect } from 'react';
import { useRunView, writeView } from './run-view.ts';
import type { InstrumentProps } from './subject-context.ts';

/** Milliseconds that things rest before the address follows: browsers allow few changes a second. */
const ADDRESS_MS = 400;

export function RunViewProvider({ tab, shown, children }: InstrumentProps) {
  useEffect(() => {
    if (!shown) return;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const write = () => {
      const query = new URLSearchParams(tab);
      writeView(query, useRunView.getState());
      if (`?${query}` !== location.search) {
        history.replaceState(null, '', `?${query}${location.hash}`);
      }
    };
    write();
    const stop = useRunView.subscribe(() => {
      clearTimeout(timer);
      timer = setTimeout(write, ADDRESS_MS);
    });
    return () => {
      clearTimeout(timer);
      stop();
    };
  }, [tab, shown]);
  return children;
}
