/** Bundles that are verified one after the other in the lab, and what came of each. */
import { createStore, type StoreApi } from 'zustand/vanilla';
import { toReport } from '../../errors.ts';
import type { Bundle } from '../../lab/bundle/bundle.ts';
import { isBusy } from '../../lab/state-machine.ts';
import type { KeepWish, Lab } from '../lab.ts';
import { nearestPreset } from '../presets.ts';
import { type Watched, watchRows } from '../recording/row-watch.ts';
import { presentGroup } from '../store/runs.ts';

/** What is to be verified. */
export interface Asked {
  readonly name: string;
  /** @throws BatonError where it is no bundle, or none can be made */
  readonly open: () => Promise<Bundle>;
  /** Whether the run here is stored: one from elsewhere is, so that it can be compared here; one of this browser is there already. */
  readonly keep: KeepWish;
}

export interface Item {
  readonly id: number;
  readonly name: string;
  readonly state: 'waiting' | 'running' | 'compared' | 'ended' | 'refused';
  /** Null until it has been opened. */
  readonly bundle: Bundle | null;
  /** Null until it has begun. */
  readonly watched: Watched | null;
  /** Why it was refused, or its run ended too soon; empty where there is nothing to say. */
  readonly why: string;
}

export interface VerifyState {
  readonly items: readonly Item[];
  /** Whether they are being gone through. */
  readonly going: boolean;
}

export class VerifyList {
  readonly store: StoreApi<VerifyState> = createStore<VerifyState>(() => ({
    ...{ items: [], going: false },
  }));
  readonly #lab: Lab;
  readonly #asked = new Map<number, Asked>();
  #count = 0;
  /** Ends the wait for the run under way. */
  #leave: () => void = () => {};

  constructor(lab: Lab) {
    this.#lab = lab;
  }

  /** Puts bundles at the end; nothing runs yet. */
  add(asked: readonly Asked[]): void {
    const items = asked.map((one): Item => {
      this.#count += 1;
      this.#asked.set(this.#count, one);
      return {
        ...{ id: this.#count, name: one.name, state: 'waiting' },
        ...{ bundle: null, watched: null, why: '' },
      };
    });
    this.store.setState((state) => ({ items: [...state.items, ...items] }));
  }

  /** Goes through all that wait. Somebody who takes the lab for another run ends it after the one under way. */
  async begin(): Promise<void> {
    if (this.store.getState().going || this.#lab.live) return;
    this.store.setState({ going: true });
    while (this.store.getState().going) {
      const next = this.store.getState().items.find(({ state }) => state === 'waiting');
      if (!next) break;
      await this.#verify(next.id);
    }
    this.store.setState({ going: false });
  }

  /** Ends the run under way; those that wait can be gone on with. */
  stop(): void {
    this.store.setState({ going: false });
    this.#leave();
  }

  clear(): void {
    this.stop();
    this.#asked.clear();
    this.store.setState({ items: [] });
  }

  async #verify(id: number): Promise<void> {
    const asked = this.#asked.get(id);
    if (!asked) return;
    this.#set(id, { state: 'running' });
    try {
      const bundle = await asked.open();
      // Whoever stopped it meanwhile, or began a run, comes first.
      if (!this.store.getState().going || this.#lab.live) {
        this.#set(id, { state: 'waiting' });
        this.store.setState({ going: false });
        return;
      }
      this.#set(id, { bundle });
      await this.#run(id, bundle, asked);
    } catch (error) {
      this.#set(id, { state: 'refused', why: toReport(error).message });
    }
  }

  async #run(id: number, bundle: Bundle, { name, keep }: Asked): Promise<void> {
    const lab = this.#lab;
    const { experiment, metrics } = bundle;
    const runs = [{ label: name, experiment, apart: [] }] as const;
    const note = `${name} is run again and compared row by row.`;
    lab.start({ preset: nearestPreset(experiment), title: name, runs, note }, { keep });
    const groupId = presentGroup(lab.data)?.id ?? '';
    const last = await new Promise<Watched>((resolve) => {
      let newest: Watched | null = null;
      const leave = watchRows(lab, groupId, metrics, (watched) => {
        newest = watched;
        this.#set(id, { watched });
        if (watched.ended || watched.compared.rows === metrics.length) resolve(watched);
      });
      this.#leave = () => {
        leave();
        if (newest) resolve({ ...newest, ended: true });
      };
    });
    this.#leave = () => {};
    const whole = last.compared.rows === metrics.length;
    const ours = lab.data.present === groupId;
    const failure = ours ? lab.data.failure?.report.message : undefined;
    const why = whole ? '' : (failure ?? (ours ? 'it was stopped' : 'another run took its place'));
    this.#set(id, { state: whole ? 'compared' : 'ended', why });
    if (!ours) this.store.setState({ going: false });
    // A run of more steps than the bundle has rows has nothing more to say. Any other comes to its end, and is stored as one that did.
    else if (whole && metrics.at(-1)?.step === experiment.steps) await this.#end(groupId);
    else if (lab.live) lab.reset();
  }

  /** Waits until a run has ended, or somebody has stopped it or taken the lab. */
  #end(groupId: string): Promise<void> {
    const { store } = this.#lab;
    const over = () => this.#lab.data.present !== groupId || !isBusy(this.#lab.data.state);
    return new Promise((resolve) => {
      const look = () => {
        if (!over()) return;
        leave();
        resolve();
      };
      const leave = store.subscribe(look);
      this.#leave = () => {
        leave();
        if (!over()) this.#lab.reset();
        resolve();
      };
      look();
    });
  }

  #set(id: number, change: Partial<Item>): void {
    this.store.setState(({ items }) => ({
      items: items.map((item) => (item.id === id ? { ...item, ...change } : item)),
    }));
  }
}
