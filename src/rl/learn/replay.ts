/** A bounded store of past items to learn from. Draws follow from the seed. Part of a run's state. */
import { badFile } from '../../errors.ts';
import { randomStream } from '../random.ts';

/** What survives JSON unchanged. Lists of numbers are plain arrays here, and no number is NaN or infinite. */
export type Plain =
  | string
  | number
  | boolean
  | null
  | readonly Plain[]
  | { readonly [key: string]: Plain };

/** An item with the step that it comes from. */
export interface Stored {
  readonly step: number;
  readonly item: Plain;
}

const FILE = 'items';

function isStored(value: unknown): value is Stored {
  if (typeof value !== 'object' || value === null) return false;
  const { step, item } = value as Partial<Stored>;
  return Number.isSafeInteger(step) && item !== undefined;
}

export class Replay {
  readonly #name: string;
  readonly #capacity: number;
  #items: readonly Stored[] = [];
  /** The items as bytes; null once they have changed. */
  #saved: Uint8Array | null = null;

  /** @param capacity most items; beyond it the oldest are dropped */
  constructor(name: string, capacity: number) {
    this.#name = name;
    this.#capacity = capacity;
  }

  get size(): number {
    return this.#items.length;
  }

  add(step: number, items: readonly Plain[]): void {
    if (items.length === 0) return;
    const added = items.map((item) => ({ step, item }));
    this.#items = [...this.#items, ...added].slice(-this.#capacity);
    this.#saved = null;
  }

  /** `count` distinct items, or all where there are fewer. A pure function of what is stored, the seed and the step. */
  draw(seed: number, step: number, count: number): readonly Stored[] {
    const random = randomStream(seed, `replay/${this.#name}`, step);
    return random.shuffle(this.#items).slice(0, count);
  }

  async save(): Promise<ReadonlyMap<string, Uint8Array>> {
    this.#saved ??= new TextEncoder().encode(JSON.stringify(this.#items));
    return new Map([[FILE, this.#saved]]);
  }

  /** @throws BadFile */
  async restore(files: ReadonlyMap<string, Uint8Array>): Promise<void> {
    this.#items = this.#read(files.get(FILE));
    this.#saved = null;
  }

  #read(bytes: Uint8Array | undefined): readonly Stored[] {
    if (!bytes) return [];
    try {
      const items: unknown = JSON.parse(new TextDecoder().decode(bytes));
      if (Array.isArray(items) && items.every(isStored)) return items.slice(-this.#capacity);
    } catch {
      // Said below, as for JSON that is no list of items.
    }
    throw badFile(`checkpoint: ${this.#name}`, `The store ${this.#name} cannot be read`);
  }
}
