/** The recording that the page shows, and how far it has been run again here. */
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Bundle } from '../../lab/bundle/bundle.ts';
import type { Lab } from '../lab.ts';
import { nearestPreset } from '../presets.ts';
import { presentGroup } from '../store/runs.ts';
import { recordedRun } from './recorded-run.ts';
import { type Watched, watchRows } from './row-watch.ts';

export interface Recording {
  readonly name: string;
  readonly bundle: Bundle;
  /** Its group on the page while it is shown, by id. */
  readonly groupId: string;
}

export interface Verification extends Watched {
  readonly name: string;
  readonly bundle: Bundle;
  /** The group that runs it again, by id. */
  readonly groupId: string;
}

export interface RecordingState {
  readonly shown: Recording | null;
  readonly verified: Verification | null;
}

export class Recordings {
  readonly store: StoreApi<RecordingState>;
  readonly #lab: Lab;
  #stop: () => void = () => {};

  constructor(lab: Lab) {
    this.#lab = lab;
    this.store = createStore<RecordingState>(() => ({ shown: null, verified: null }));
  }

  /** Shows a bundle as if it had just ended here. */
  show(name: string, bundle: Bundle): void {
    this.#stop();
    const { experiment } = bundle;
    const runs = [{ label: 'Recorded', experiment, apart: [] }] as const;
    this.#lab.showRecorded({ preset: nearestPreset(experiment), runs }, name, [
      recordedRun(bundle),
    ]);
    const groupId = presentGroup(this.#lab.data)?.id ?? '';
    this.store.setState({ shown: { name, bundle, groupId }, verified: null });
  }

  /** Runs the recording again in this page and compares row by row as the rows come. */
  verify(): void {
    const { shown } = this.store.getState();
    if (!shown) return;
    const { name, bundle } = shown;
    const { experiment } = bundle;
    const runs = [{ label: 'Here', experiment, apart: [] }] as const;
    const note = `${name} is run again and compared row by row.`;
    this.#lab.start({ preset: nearestPreset(experiment), runs, note });
    this.#compare(name, bundle, presentGroup(this.#lab.data)?.id ?? '');
  }

  /** Forgets what was found. */
  dismiss(): void {
    this.#stop();
    this.store.setState({ verified: null });
  }

  #compare(name: string, bundle: Bundle, groupId: string): void {
    this.#stop();
    this.#stop = watchRows(this.#lab, groupId, bundle.metrics, (watched) =>
      this.store.setState({ verified: { name, bundle, groupId, ...watched } }),
    );
  }
}
