/** A bounded store of past things to learn from, drawn from by the seed; part of a run's state. */
import { badFile } from '../../errors.ts';
import { randomStream } from '../random.ts';

/** What is stored, as plain JSON, with the step that it is from. */
interface Stored<T> {
  readonly step: number;
  readonly item: T;
}

const FILE = 'items';

export class Replay<T> {
  readonly #name: string;
  readonly #capacity: number;
  #items: Stored<T>[] = [];

  /** @param capacity the oldest leave where there would be more */
  constructor(name: string, capacity: number) {
    this.#name = name;
    this.#capacity = capacity;
  }

  get size(): number {
    return this.#items.length;
  }

  add(step: number, items: readonly T[]): void {
    const added = items.map((item) => ({ step, item }));
    this.#items = [...this.#items, ...added].slice(-this.#capacity);
  }

  /** `count` different items, or all where there are fewer; a pure function of what is stored, the seed and the step. */
  draw(seed: number, step: number, count: number): readonly Stored<T>[] {
    const random = randomStream(seed, `replay/${this.#name}`, step);
    return random.shuffle(this.#items).slice(0, count);
  }

  async save(): Promise<ReadonlyMap<string, Uint8Array>> {
    return new Map([[FILE, new TextEncoder().encode(JSON.stringify(this.#items))]]);
  }

  /** @throws BadFile */
  async restore(files: ReadonlyMap<string, Uint8Array>): Promise<void> {
    const bytes = files.get(FILE);
    try {
      const items: unknown = bytes ? JSON.parse(new TextDecoder().decode(bytes)) : [];
      if (!Array.isArray(items)) throw new RangeError('not a list');
      this.#items = items.slice(-this.#capacity) as Stored<T>[];
    } catch {
      throw badFile(`checkpoint: ${this.#name}`, `The store ${this.#name} cannot be read`);
    }
  }
}
