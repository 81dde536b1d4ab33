/** When the page has nothing to hurry for, so that what can wait does not slow down the first run. */
import { isBusy } from '../../lab/state-machine.ts';
import type { Lab } from '../lab.ts';
import { groupStep } from '../store/runs.ts';

/** Milliseconds without a run after which nobody is taken to be about to press Run. */
export const STILL = 10_000;

/** Resolves once a run has done a step, or the page has stood still for a while without a run. */
export function whenStill({ store }: Pick<Lab, 'store'>): Promise<void> {
  return new Promise((resolve) => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const still = () => {
      clearTimeout(timer);
      unsubscribe();
      resolve();
    };
    const look = () => {
      const data = store.getState();
      if (groupStep(data) > 0) still();
      else if (!isBusy(data.state)) timer ??= setTimeout(still, STILL);
      else {
        clearTimeout(timer);
        timer = undefined;
      }
    };
    const unsubscribe = store.subscribe(look);
    look();
  });
}
