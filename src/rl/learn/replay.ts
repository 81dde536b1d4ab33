/** A bounded store of past items to learn from. Draws follow from the seed. Part of a run's state. */
import { badFile } from '../../errors.ts';
import { randomStream } from '../random.ts';

/** An item, which is plain JSON, with the step that it comes from. */
interface Stored<T> {
  readonly step: number;
  readonly item: T;
}

const FILE = 'items';

export class Replay<T> {
  readonly #name: string;
  readonly #capacity: number;
  #items: Stored<T>[] = [];

  /** @param capacity most items; beyond it the oldest are dropped */
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

  /** `count` distinct items, or all where there are fewer. A pure function of what is stored, the seed and the step. */
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
