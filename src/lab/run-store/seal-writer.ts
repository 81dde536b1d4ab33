/**
 * Writes the moments of one group of runs to its folder: files first, then the seal that names them, then away with what the two
 * newest seals do not name. State that has not changed since the last seal, and rows and samples that are in full files, are not
 * written again.
 */
import { sha256Hex } from '../../model/load.ts';
import type { Experiment } from '../../rl/experiment/schema.ts';
import type { Manifest } from '../../rl/records.ts';
import type { RunState } from '../../rl/run/runner.ts';
import { staysAtAge } from '../archive.ts';
import { encodeCheckpoint } from '../checkpoint.ts';
import type { Mark, RunLog } from './run-log.ts';
import {
  type About,
  filesOf,
  type Seal,
  type SealedFile,
  type SealedRun,
  sealName,
  sealNumber,
  writeSeal,
} from './seal.ts';
import type { Shelf } from './shelf.ts';

/** A file of rows is closed at this many characters; until then each seal writes it anew. */
const FULL_ROWS = 2 ** 16;
/** Files of samples that all stay. Before them the archive is sparser with age. */
const RECENT_SAMPLES = 5;

/** What never changes about a run. */
export type RunBegun = Pick<SealedRun, 'label' | 'apart' | 'experiment'>;

/** One run at a step boundary. */
export interface RunMoment {
  /** Steps done. */
  readonly step: number;
  /** With the live settings as of that step. */
  readonly experiment: Experiment;
  /** The same object while the state is the same. Nobody changes it. */
  readonly state: RunState;
  /** Hash of all metrics rows up to the step; empty before the first. */
  readonly hash: string;
  readonly manifest: Manifest;
  /** How much of the run's log belongs to it. */
  readonly mark: Mark;
}

/** All runs of a group, in the group's order. */
export interface Moment {
  readonly state: Seal['state'];
  readonly runs: readonly RunMoment[];
}

/** What is on the shelf of one run. */
interface Written {
  state: RunState | null;
  checkpoint: Pick<SealedRun, 'head' | 'parts'> | null;
  /** Full files only. */
  rows: readonly SealedFile[];
  samples: SealedRun['samples'];
  nextSamples: number;
}

export class SealWriter {
  readonly #shelf: Shelf;
  readonly #folder: string;
  readonly #about: About;
  readonly #begun: readonly RunBegun[];
  readonly #logs: readonly RunLog[];
  readonly #now: () => string;
  readonly #written: readonly Written[];
  /** The two newest seals, the newest last. */
  #seals: Seal[] = [];
  #number: number;

  /**
   * @param folder the group's, at the top of the shelf
   * @param logs of the runs, in their order
   * @param now the time, ISO 8601
   * @param sealed the seal that the group goes on from, if any; the logs begin after it
   * @param highest of the numbers that seals in the folder have
   */
  constructor(
    shelf: Shelf,
    folder: string,
    about: About,
    runs: readonly { readonly begun: RunBegun; readonly log: RunLog }[],
    now: () => string,
    sealed: Seal | null = null,
    highest = 0,
  ) {
    this.#shelf = shelf;
    this.#folder = folder;
    this.#about = about;
    this.#begun = runs.map(({ begun }) => begun);
    this.#logs = runs.map(({ log }) => log);
    this.#now = now;
    this.#number = Math.max(highest, sealed?.number ?? 0);
    if (sealed) this.#seals = [sealed];
    this.#written = runs.map((_, i) => {
      const { rows = [], samples = [] } = sealed?.runs[i] ?? {};
      const nextSamples = Math.max(-1, ...samples.map(({ ordinal }) => ordinal)) + 1;
      return { state: null, checkpoint: null, rows, samples, nextSamples };
    });
  }

  /** The newest whole seal. */
  get latest(): Seal | null {
    return this.#seals.at(-1) ?? null;
  }

  /**
   * Writes a moment.
   * @returns bytes of all files that the seal names
   * @throws what the shelf throws; the seal before it is then whole, and the next call writes what is missing
   */
  async write({ state, runs }: Moment): Promise<number> {
    this.#number += 1;
    const number = this.#number;
    const sealed: SealedRun[] = [];
    const settle: (() => void)[] = [];
    for (const [i, run] of runs.entries()) {
      const at = `${String(number).padStart(6, '0')}/${i}`;
      const done = await this.#writeRun(at, i, run);
      sealed.push({ ...this.#begun[i], ...done.sealed });
      settle.push(done.settle);
    }
    const bytes = await this.#seal({ number, state, runs: sealed });
    for (const one of settle) one();
    return bytes;
  }

  /** Writes that the group was ended where its newest seal stands. Without a seal there is nothing to say. */
  async end(state: Seal['state']): Promise<void> {
    const { latest } = this;
    if (!latest || latest.state === state) return;
    this.#number += 1;
    await this.#seal({ number: this.#number, state, runs: latest.runs });
  }

  async #seal(
    about: Pick<Seal, 'number' | 'state'> & { readonly runs: readonly SealedRun[] },
  ): Promise<number> {
    const seal: Seal = {
      ...{ version: 1, saved: this.#now(), about: this.#about },
      ...{ ...about, runs: [...about.runs] },
    };
    const { version: _, ...rest } = seal;
    const bytes = await writeSeal(rest);
    await this.#shelf.write(`${this.#folder}/${sealName(seal.number)}`, bytes);
    // Of a group that has ended one moment is enough: nothing is written after it.
    this.#seals = seal.state === 'open' ? [...this.#seals.slice(-1), seal] : [seal];
    await this.#tidy().catch(() => undefined);
    return bytes.length + sizeOf(seal);
  }

  async #writeRun(
    at: string,
    i: number,
    { step, experiment, state, hash, manifest, mark }: RunMoment,
  ): Promise<{ readonly sealed: Omit<SealedRun, keyof RunBegun>; readonly settle: () => void }> {
    const written = this.#written[i];
    const log = this.#logs[i];
    const text = log.until(mark);
    const same = written.state === state && written.checkpoint;
    const checkpoint = same || (await this.#writeState(at, step, experiment, state, manifest));
    const rows = text.rows ? await this.#file(`${at}/rows.jsonl`, text.rows) : null;
    const fresh = text.samples ? await this.#file(`${at}/samples.jsonl`, text.samples) : null;
    const newest = written.nextSamples - (fresh ? 0 : 1);
    const samples = [
      ...written.samples.filter(({ ordinal }) =>
        staysAtAge(ordinal, newest - ordinal, RECENT_SAMPLES),
      ),
      ...(fresh ? [{ ...fresh, ordinal: written.nextSamples }] : []),
    ];
    return {
      sealed: {
        ...{ manifest: { ...manifest }, step, hash, ...checkpoint },
        rows: [...written.rows, ...(rows ? [rows] : [])],
        samples,
      },
      settle: () => {
        written.state = state;
        written.checkpoint = checkpoint;
        if (rows && text.rows.length >= FULL_ROWS) {
          written.rows = [...written.rows, rows];
          log.settleRows(mark);
        }
        written.samples = samples;
        if (fresh) written.nextSamples += 1;
        log.settleSamples(mark);
      },
    };
  }

  async #writeState(
    at: string,
    step: number,
    experiment: Experiment,
    state: RunState,
    { build, adapter, policy_hash: policyHash }: Manifest,
  ): Promise<Pick<SealedRun, 'head' | 'parts'>> {
    const about = { step, experiment, build, adapter, policyHash };
    const notes = { num_tokens: state.num_tokens };
    const { head, parts } = await encodeCheckpoint({ ...about, files: state.files, notes });
    const named: { path: string; bytes: number }[] = [];
    for (const [name, bytes] of parts) {
      const path = `${at}/${name}`;
      await this.#shelf.write(`${this.#folder}/${path}`, bytes);
      named.push({ path, bytes: bytes.length });
    }
    return { head: await this.#file(`${at}/checkpoint.json`, head), parts: named };
  }

  async #file(path: string, content: string | Uint8Array): Promise<SealedFile> {
    const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content;
    await this.#shelf.write(`${this.#folder}/${path}`, bytes);
    return { path, bytes: bytes.length, sha256: await sha256Hex(bytes) };
  }

  /** Removes what no seal names. What is left where that fails goes with the next seal. */
  async #tidy(): Promise<void> {
    const named = new Set(this.#seals.flatMap((seal) => [...filesOf(seal)]));
    const files = await this.#shelf.files(this.#folder);
    const gone = files.filter(({ path }) => !named.has(path));
    // Seals first: none of them may outlive a file that it names.
    gone.sort((a, b) => Number(sealNumber(b.path) !== null) - Number(sealNumber(a.path) !== null));
    for (const { path } of gone) await this.#shelf.remove(`${this.#folder}/${path}`);
  }
}

/** Bytes of all files that a seal names. */
export function sizeOf({ runs }: Seal): number {
  const files = runs.flatMap(({ head, parts, rows, samples }) => [
    ...[head, ...parts],
    ...[...rows, ...samples],
  ]);
  return files.reduce((sum, { bytes }) => sum + bytes, 0);
}
