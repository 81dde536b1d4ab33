/** What a microscope is to the page that shows it. */
import type { StoreApi } from 'zustand/vanilla';

/** What one microscope knows and does about the subject. It follows the subject while it is awake. */
export interface Instrument<Data = unknown> {
  /** What it has found; the address follows its changes. */
  readonly store: StoreApi<Data>;
  /** Rests while nobody looks: what is under way is cancelled and goes on when awake again. */
  readonly setAwake: (awake: boolean) => void;
  /** Adds what is its own to the address of the subject, whether or not a question is asked. */
  readonly writeAddress?: (query: URLSearchParams) => void;
  /** Takes what is its own from an address, once the subject has what is the subject's. */
  readonly readAddress?: (query: URLSearchParams) => void;
}
