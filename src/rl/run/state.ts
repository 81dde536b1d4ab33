/**
 * The state of a run as a list of named parts. A checkpoint, the copy for a lost device, the rollback after a number that is not finite
 * and the exact retry of a failed step all use this list, so whatever learns is in all four or in none.
 */
import { badFile } from '../../errors.ts';
import type { Learner } from '../../model/learner.ts';
import type { LoadedModel } from '../../model/load.ts';
import { scalarStateFloats } from '../../model/scalar-head.ts';
import type { LearnerNeed, Needs } from '../methods/method.ts';
import { type Models, originOf } from './origin.ts';

/** Flat numbers, or bytes in a format that their owner knows. */
export type StateData = Float32Array<ArrayBuffer> | Uint8Array;

/** By name. A name is safe as part of a file name. */
export type StateFiles = ReadonlyMap<string, StateData>;

export interface StatePart {
  /** A step begins and has changed nothing yet. */
  begin(): void | Promise<void>;
  /** The state at the start of the current step is good: `back` returns to it. */
  good(): void;
  /** Back to the start of the current step, so that it can be repeated with the same bits. */
  again(): void | Promise<void>;
  /** Back to the last good state. */
  back(): void | Promise<void>;
  read(): Promise<StateFiles>;
  /** Restores what `read` gave. Files with other names are not its own and are ignored. */
  write(files: StateFiles): void | Promise<void>;
}

/** The policy's files have bare names. The names of a further learner's files begin with its own name. */
export const fileName = (learner: string, file: string) =>
  learner === 'policy' ? file : `${learner}.${file}`;

/**
 * Names and lengths (in floats) of the files of all learners that a run trains or renews, known before it is opened.
 * @throws what `models` throws
 */
export async function learnerFiles(
  { policy, learners = {} }: Needs,
  model: LoadedModel,
  models?: Models,
): Promise<ReadonlyMap<string, number>> {
  const files = new Map<string, number>();
  const add = async (name: string, need: LearnerNeed) => {
    if (need.frozen) return;
    const { count, config } = (await originOf(need, model, models)).layout;
    if (need.renewed) {
      files.set(fileName(name, 'parameters'), count);
      return;
    }
    for (const file of ['parameters', 'm', 'v']) files.set(fileName(name, file), count);
    if (need.scalar) files.set(fileName(name, 'value'), scalarStateFloats(config.hidden_size));
  };
  await add('policy', policy);
  for (const [name, need] of Object.entries(learners)) await add(name, need);
  return files;
}

/** Where a copy is: in a slot on the GPU, or `live` while the learner itself still has that state. */
type Copy = number | 'live';

/**
 * A learner as a part. Copies stay on the GPU and are made only before something changes. The policy needs one slot: just before its
 * first update of a step, the state at the start of that step was found good. Other learners need two.
 */
export class LearnerPart implements StatePart {
  readonly learner: Learner;
  readonly #name: string;
  #start: Copy = 'live';
  #good: Copy = 'live';
  /** Updates so far; null where a checkpoint does not say, because an earlier build made it. */
  #updates: number | null = null;
  #updatesAtStart: number | null = null;
  #updatesWhenGood: number | null = null;

  constructor(name: string, learner: Learner) {
    this.#name = name;
    this.learner = learner;
  }

  /** Updates that the learner has had, for AdamW's bias correction; null where that is not known. */
  get updates(): number | null {
    return this.#updates;
  }

  set updates(count: number) {
    this.#updates = count;
  }

  /** Call it before every update. The first call of a step keeps a copy of the state. */
  touch(): void {
    if (this.#start !== 'live') return;
    const slot = this.#good === 0 ? 1 : 0;
    this.learner.snapshot(slot);
    this.#start = slot;
    if (this.#good === 'live') this.#good = slot;
  }

  begin(): void {
    this.#start = 'live';
    this.#updatesAtStart = this.#updates;
  }

  good(): void {
    this.#good = this.#start;
    this.#updatesWhenGood = this.#updatesAtStart;
  }

  again(): void {
    this.#updates = this.#updatesAtStart;
    if (this.#start === 'live') this.learner.clearGradients();
    else this.learner.rollback(this.#start);
    this.#start = 'live';
  }

  back(): void {
    this.#updates = this.#updatesWhenGood;
    if (this.#good === 'live') this.learner.clearGradients();
    else this.learner.rollback(this.#good);
    this.#start = 'live';
    this.#good = 'live';
  }

  async read(): Promise<StateFiles> {
    const { parameters, m, v, value } = await this.learner.readState();
    const named = (file: string, data: Float32Array<ArrayBuffer>) =>
      [fileName(this.#name, file), data] as const;
    return new Map<string, StateData>([
      ...[named('parameters', parameters), named('m', m), named('v', v)],
      ...(value ? [named('value', value)] : []),
      ...(this.#updates === null ? [] : [this.#countFile(this.#updates)]),
    ]);
  }

  #countFile(updates: number): readonly [string, Uint8Array] {
    return [fileName(this.#name, 'updates'), new TextEncoder().encode(`${updates}`)];
  }

  write(files: StateFiles): void {
    const get = (file: string) => {
      const data = files.get(fileName(this.#name, file));
      return data instanceof Float32Array ? data : undefined;
    };
    const [parameters, m, v, value] = [get('parameters'), get('m'), get('v'), get('value')];
    if (!parameters || !m || !v) throw new RangeError(`the state of ${this.#name} is not whole`);
    const count = files.get(fileName(this.#name, 'updates'));
    const updates = count instanceof Uint8Array ? Number(new TextDecoder().decode(count)) : null;
    if (updates !== null && !(Number.isSafeInteger(updates) && updates >= 0))
      throw badFile(`checkpoint: ${this.#name}`, `The updates of ${this.#name} are no number`);
    this.learner.writeState({ parameters, m, v, ...(value && { value }) });
    this.#start = 'live';
    this.#good = 'live';
    this.#updates = updates;
    this.#updatesAtStart = updates;
    this.#updatesWhenGood = updates;
  }
}

/** Something that keeps its state on the host: a reward term that learns, a store of past examples. */
export interface Saved {
  save(): Promise<ReadonlyMap<string, Uint8Array>>;
  restore(files: ReadonlyMap<string, Uint8Array>): Promise<void>;
}

type Files = ReadonlyMap<string, Uint8Array>;

/** A part on the host. The names of its files begin with its own name. */
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
