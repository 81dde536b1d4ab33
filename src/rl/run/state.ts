/**
 * The state of a run as named parts. A checkpoint, the copy for a lost device, the way back after a bad number and the exact retry of a
 * failed step all go through this one list, so whatever learns is in all four or in none.
 */
import type { Learner } from '../../model/learner.ts';
import type { ParameterLayout } from '../../model/parameters.ts';
import { scalarStateFloats } from '../../model/scalar-head.ts';
import type { LearnerNeed, Needs } from '../methods/method.ts';

/** Flat numbers, or bytes of a form that their owner knows. */
export type StateData = Float32Array<ArrayBuffer> | Uint8Array;

/** By name, safe as part of a file name. */
export type StateFiles = ReadonlyMap<string, StateData>;

export interface StatePart {
  /** A step begins: nothing of it has changed yet. */
  begin(): void | Promise<void>;
  /** Where the step under way began is a good state: a bad number found later leads back to it. */
  good(): void;
  /** Back to where the step under way began, so that it can be done again with the same bits. */
  again(): void | Promise<void>;
  /** Back to the last good state. */
  back(): void | Promise<void>;
  read(): Promise<StateFiles>;
  /** Takes back what `read` gave; other names are not its own. */
  write(files: StateFiles): void | Promise<void>;
}

/** The policy's files have bare names, those of a further learner begin with its own. */
const fileName = (learner: string, file: string) =>
  learner === 'policy' ? file : `${learner}.${file}`;

/** Names and lengths (in floats) of the files of all learners of a run, from its plan alone. */
export function learnerFiles(
  { policy, learners = {} }: Needs,
  { count, config }: Pick<ParameterLayout, 'count' | 'config'>,
): ReadonlyMap<string, number> {
  const files = new Map<string, number>();
  const add = (name: string, need: LearnerNeed) => {
    for (const file of ['parameters', 'm', 'v']) files.set(fileName(name, file), count);
    if (need.scalar) files.set(fileName(name, 'value'), scalarStateFloats(config.hidden_size));
  };
  add('policy', policy);
  for (const [name, need] of Object.entries(learners)) add(name, need);
  return files;
}

/** Where a copy stands: in a slot on the GPU, or nowhere, because the learner itself is still as the copy would be. */
type Copy = number | 'live';

/**
 * A learner as a part. Copies stay on the GPU and are made only before something changes. The policy gets by with one slot: where its
 * first update of a step is due, the state before it has just been found good. Others need two.
 */
export class LearnerPart implements StatePart {
  readonly learner: Learner;
  readonly #name: string;
  #start: Copy = 'live';
  #good: Copy = 'live';

  constructor(name: string, learner: Learner) {
    this.#name = name;
    this.learner = learner;
  }

  /** To be called before an update: keeps a copy of the state before the step's first one. */
  touch(): void {
    if (this.#start !== 'live') return;
    const slot = this.#good === 0 ? 1 : 0;
    this.learner.snapshot(slot);
    this.#start = slot;
    if (this.#good === 'live') this.#good = slot;
  }

  begin(): void {
    this.#start = 'live';
  }

  good(): void {
    this.#good = this.#start;
  }

  again(): void {
    if (this.#start === 'live') this.learner.clearGradients();
    else this.learner.rollback(this.#start);
    this.#start = 'live';
  }

  back(): void {
    if (this.#good === 'live') this.learner.clearGradients();
    else this.learner.rollback(this.#good);
    this.#start = 'live';
    this.#good = 'live';
  }

  async read(): Promise<StateFiles> {
    const { parameters, m, v, value } = await this.learner.readState();
    const named = (file: string, data: Float32Array<ArrayBuffer>) =>
      [fileName(this.#name, file), data] as const;
    return new Map([
      ...[named('parameters', parameters), named('m', m), named('v', v)],
      ...(value ? [named('value', value)] : []),
    ]);
  }

  write(files: StateFiles): void {
    const get = (file: string) => {
      const data = files.get(fileName(this.#name, file));
      return data instanceof Float32Array ? data : undefined;
    };
    const [parameters, m, v, value] = [get('parameters'), get('m'), get('v'), get('value')];
    if (!parameters || !m || !v) throw new RangeError(`the state of ${this.#name} is not whole`);
    this.learner.writeState({ parameters, m, v, ...(value && { value }) });
    this.#start = 'live';
    this.#good = 'live';
  }
}

/** What keeps its state on the host: a reward term that learns, a store of past examples. */
export interface Saved {
  save(): Promise<ReadonlyMap<string, Uint8Array>>;
  restore(files: ReadonlyMap<string, Uint8Array>): Promise<void>;
}

type Files = ReadonlyMap<string, Uint8Array>;

/** A part on the host; the names of its files begin with its own. */
export class SavedPart implements StatePart {
  readonly #name: string;
  readonly #owner: Saved;
  #start: Files | null = null;
  #good: Files | null = null;

  constructor(name: string, owner: Saved) {
    this.#name = name;
    this.#owner = owner;
  }

  async begin(): Promise<void> {
    this.#start = await this.#owner.save();
    this.#good ??= this.#start;
  }

  good(): void {
    this.#good = this.#start;
  }

  async again(): Promise<void> {
    if (this.#start) await this.#owner.restore(this.#start);
  }

  async back(): Promise<void> {
    if (this.#good) await this.#owner.restore(this.#good);
  }

  async read(): Promise<StateFiles> {
    const files = await this.#owner.save();
    return new Map([...files].map(([file, bytes]) => [`${this.#name}.${file}`, bytes]));
  }

  async write(files: StateFiles): Promise<void> {
    const own = new Map<string, Uint8Array>();
    for (const [name, data] of files) {
      const mine = name.startsWith(`${this.#name}.`) && data instanceof Uint8Array;
      if (mine) own.set(name.slice(this.#name.length + 1), data);
    }
    await this.#owner.restore(own);
    this.#start = null;
    this.#good = null;
  }
}
