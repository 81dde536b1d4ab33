/**
 * The recorded run that a page without a run shows, so that it explains itself before anything is pressed. It is a real run of the default
 * preset, and no run of this page: the lab is idle, and `window.baton` knows nothing of it. Once anything runs it is gone.
 */
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Bundle } from '../../lab/bundle/bundle.ts';
import type { Manifest } from '../../rl/records.ts';
import type { Caption } from '../charts/captions.tsx';
import type { Lab } from '../lab.ts';
import { nearestPreset, runName } from '../presets.ts';
import { recordedRun } from '../recording/recorded-run.ts';
import { type Recorded, restoredRun } from '../store/restored.ts';
import { freshRun, type RunData } from '../store/runs.ts';
import { captionsOf } from './captions.ts';

export interface FirstRun {
  /** Its record is filled while it plays. */
  readonly run: RunData;
  /** The preset that was run, by id. */
  readonly preset: string;
  /** The preset of the draft when the recording came. */
  readonly beside: string;
  readonly manifest: Manifest;
  /** The day, as 2026-11-30. */
  readonly recorded: string;
  readonly playing: boolean;
  /** What it says of itself. */
  readonly captions: readonly Caption[];
}

export interface FirstData {
  /** `waiting` until the recording is there, `none` where none is shown. */
  readonly state: 'none' | 'waiting' | 'shown';
  readonly shown: FirstRun | null;
}

/** What stands beside the bundle and says when it was made. */
export interface About {
  readonly bundle: string;
  readonly recorded: string;
}

export interface FirstOptions {
  readonly lab: Lab;
  /** Reads the recording; it is asked once. */
  readonly read: () => Promise<{ readonly bundle: Bundle; readonly about: About }>;
  /** Calls back soon and again until it answers false, with the milliseconds since the first call. */
  readonly frames: (draw: (elapsed: number) => boolean) => void;
}

/** Milliseconds that a recording plays. */
const PLAYS = 8000;

export class FirstRecording {
  readonly store: StoreApi<FirstData>;
  readonly #options: FirstOptions;
  #recorded: { readonly parts: Recorded; readonly about: About; readonly bundle: Bundle } | null =
    null;
  /** Which play is under way: an earlier one stops by itself. */
  #play = 0;

  constructor(options: FirstOptions) {
    this.#options = options;
    this.store = createStore<FirstData>(() => ({ state: 'none', shown: null }));
  }

  /** Says that a recording will come, so that the page keeps its place. */
  expect(): void {
    this.store.setState({ state: 'waiting' });
  }

  /**
   * Reads the recording and shows it, where nothing runs by then. What cannot be read is left out without a word: the page is then as it
   * would be without.
   * @param still shows its end at once
   */
  async open(still: boolean): Promise<void> {
    const { lab, read } = this.#options;
    this.expect();
    const leave = lab.store.subscribe(({ present }) => {
      if (present === null) return;
      leave();
      this.close();
    });
    try {
      const { bundle, about } = await read();
      if (this.store.getState().state !== 'waiting') return;
      this.#recorded = { bundle, about, parts: recordedRun(bundle) };
      this.play(still);
    } catch {
      this.close();
    }
  }

  /** Plays it from its beginning, or shows its end at once. */
  play(still = false): void {
    const recorded = this.#recorded;
    if (!recorded) return;
    this.#play += 1;
    const play = this.#play;
    const { bundle, about, parts } = recorded;
    const { experiment, manifest } = bundle;
    const preset = nearestPreset(experiment);
    const fresh = freshRun({ id: 'recorded', label: runName(preset), experiment, apart: [] });
    const samples = new Map(parts.record.samples.map((groups) => [groups[0].step, groups]));
    const { rows } = parts.record;
    let pushed = 0;
    const pushTo = (end: number) => {
      for (; pushed < end; pushed += 1) {
        const { metrics, timings } = rows[pushed];
        fresh.record.push({ metrics, timings, samples: samples.get(metrics.step) ?? [] });
      }
    };
    // What is shown has one row at least: empty axes would say that nothing is there.
    pushTo(still ? rows.length : 1);
    const event = { type: 'restored', runId: fresh.id, ...parts } as const;
    const run = { ...fresh, ...restoredRun(fresh, event) };
    const beside = this.store.getState().shown?.beside ?? this.#options.lab.data.preset;
    const captions = captionsOf(bundle.metrics);
    const { recorded: day } = about;
    const shown = { run, preset, beside, manifest, captions, recorded: day };
    this.store.setState({ state: 'shown', shown: { ...shown, playing: !still } });
    if (still) return;
    this.#options.frames((elapsed) => {
      if (play !== this.#play) return false;
      pushTo(Math.min(rows.length, Math.ceil((rows.length * elapsed) / PLAYS)));
      if (pushed < rows.length) return true;
      this.store.setState({ shown: { ...shown, playing: false } });
      return false;
    });
  }

  /** Shows it no more in this visit. */
  close(): void {
    this.#play += 1;
    this.#recorded = null;
    this.store.setState({ state: 'none', shown: null });
  }
}
