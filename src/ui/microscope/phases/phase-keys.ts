/** What the key of the phases acts on: the step that shows, or nothing. */
let next: (() => void) | null = null;

export const phaseKeys = {
  /** Gives the key to a step; returns how to take it away again. */
  hold(act: () => void): () => void {
    next = act;
    return () => {
      if (next === act) next = null;
    };
  },
  ready: (): boolean => next !== null,
  next: (): void => next?.(),
};
