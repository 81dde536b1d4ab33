/** Tests only: a shelf in memory, which fails when it is told to. */
import type { Shelf, ShelfFile } from '../shelf.ts';

/** What happens to a write: it fails with nothing written, or with a part written, as when the power goes. */
export type Fault = { readonly kind: 'fails' | 'torn'; readonly error?: Error };

export class FakeShelf implements Shelf {
  readonly stored = new Map<string, Uint8Array>();
  /** Writes that were asked for so far. */
  writes = 0;
  /** Asked before the n-th write, counted from 1. */
  fault: (write: number, path: string) => Fault | null = () => null;
  /** Held writes go on when it resolves. */
  hold: Promise<void> = Promise.resolve();

  /** A copy that shares nothing, as the disk that the next visit finds. */
  copy(): FakeShelf {
    const other = new FakeShelf();
    for (const [path, bytes] of this.stored) other.stored.set(path, bytes.slice());
    return other;
  }

  async read(path: string): Promise<Uint8Array | null> {
    return this.stored.get(path)?.slice() ?? null;
  }

  async write(path: string, bytes: Uint8Array): Promise<void> {
    this.writes += 1;
    const fault = this.fault(this.writes, path);
    await this.hold;
    if (!fault) {
      this.stored.set(path, bytes.slice());
      return;
    }
    if (fault.kind === 'torn') this.stored.set(path, bytes.slice(0, bytes.length >> 1));
    throw fault.error ?? new Error('the disk is gone');
  }

  async remove(path: string): Promise<void> {
    for (const known of [...this.stored.keys()])
      if (known === path || known.startsWith(`${path}/`)) this.stored.delete(known);
  }

  async folders(): Promise<readonly string[]> {
    const inside = [...this.stored.keys()].filter((path) => path.includes('/'));
    return [...new Set(inside.map((path) => path.split('/')[0]))].sort();
  }

  async files(folder: string): Promise<readonly ShelfFile[]> {
    return [...this.stored]
      .filter(([path]) => path.startsWith(`${folder}/`))
      .map(([path, { length }]) => ({ path: path.slice(folder.length + 1), bytes: length }))
      .sort((a, b) => (a.path < b.path ? -1 : 1));
  }
}
