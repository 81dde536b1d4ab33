/** While a run goes on: the screen stays awake, and the tab is not closed without a question where much would be lost. */
import { isBusy } from '../lab/state-machine.ts';
import { ASK_ABOVE_SECONDS, secondsAtStake } from './actions.ts';
import type { Lab } from './lab.ts';

/** Watches the lab for as long as the page lives. */
export function holdWhileRunning(lab: Lab): void {
  let lock: Promise<WakeLockSentinel | null> | null = null;
  const update = () => {
    const wanted = isBusy(lab.data.state) && document.visibilityState === 'visible';
    if (wanted && lock === null) {
      // A browser may refuse, to save its battery; then the screen goes dark and nothing else is lost.
      lock = navigator.wakeLock?.request('screen').catch(() => null) ?? Promise.resolve(null);
    } else if (!wanted && lock !== null) {
      void lock.then((held) => held?.release());
      lock = null;
    }
  };
  lab.store.subscribe(update);
  // The browser lets the lock go when the tab is hidden; coming back asks for it anew.
  document.addEventListener('visibilitychange', update);
  addEventListener('beforeunload', (event) => {
    if (isBusy(lab.data.state) && secondsAtStake(lab) > ASK_ABOVE_SECONDS) event.preventDefault();
  });
}
