/** What the keys of the samples act on: the column that shows, or nothing. */
export interface SampleKeysTarget {
  /** Puts the focus into the search field. */
  readonly find: () => void;
  readonly nextFilter: () => void;
  /** The nearest step with a question that fits. */
  readonly nextFit: (direction: -1 | 1) => void;
  /** Follows the question that is shown, or lets it go. */
  readonly follow: () => void;
  /** Puts its answers beside those of another step, or takes them away. */
  readonly compare: () => void;
}

let target: SampleKeysTarget | null = null;

export const sampleKeys = {
  /** Gives the keys to a column; returns how to take them away again. */
  hold(holder: SampleKeysTarget): () => void {
    target = holder;
    return () => {
      if (target === holder) target = null;
    };
  },
  press: (act: (held: SampleKeysTarget) => void): void => {
    if (target) act(target);
  },
};
