/** The origin private file system as a shelf: files that only this page's origin sees. */
import type { Shelf, ShelfFile } from './shelf.ts';

/**
 * @param folder of the file system: all runs are in one, and a person's own policies in another
 * @throws what the browser throws where it keeps no files for the page, as in some private windows
 */
export async function openOpfsShelf(
  folder: 'runs' | 'policies' = 'runs',
  storage: StorageManager = navigator.storage,
): Promise<Shelf> {
  const root = await storage.getDirectory();
  return new OpfsShelf(await root.getDirectoryHandle(folder, { create: true }));
}

class OpfsShelf implements Shelf {
  readonly #root: FileSystemDirectoryHandle;

  constructor(root: FileSystemDirectoryHandle) {
    this.#root = root;
  }

  async read(path: string): Promise<Uint8Array | null> {
    return orNull(async () => {
      const [folder, name] = await this.#parent(path, false);
      const file = await (await folder.getFileHandle(name)).getFile();
      return new Uint8Array(await file.arrayBuffer());
    });
  }

  /** The browser writes beside the file and swaps when the stream is closed. */
  async write(path: string, bytes: Uint8Array): Promise<void> {
    const [folder, name] = await this.#parent(path, true);
    const stream = await (await folder.getFileHandle(name, { create: true })).createWritable();
    try {
      await stream.write(bytes as Uint8Array<ArrayBuffer>);
      await stream.close();
    } catch (error) {
      await stream.abort().catch(() => undefined);
      throw error;
    }
  }

  async remove(path: string): Promise<void> {
    await orNull(async () => {
      const [folder, name] = await this.#parent(path, false);
      await folder.removeEntry(name, { recursive: true });
    });
  }

  async folders(): Promise<readonly string[]> {
    const names: string[] = [];
    for await (const [name, { kind }] of this.#root.entries())
      if (kind === 'directory') names.push(name);
    return names.sort();
  }

  async files(folder: string): Promise<readonly ShelfFile[]> {
    const found: ShelfFile[] = [];
    const walk = async (handle: FileSystemDirectoryHandle, before: string): Promise<void> => {
      for await (const [name, entry] of handle.entries()) {
        const path = `${before}${name}`;
        if (entry.kind === 'directory') await walk(entry as FileSystemDirectoryHandle, `${path}/`);
        else found.push({ path, bytes: (await (entry as FileSystemFileHandle).getFile()).size });
      }
    };
    await orNull(async () => walk(await this.#root.getDirectoryHandle(folder), ''));
    return found.sort((a, b) => (a.path < b.path ? -1 : 1));
  }

  async #parent(
    path: string,
    create: boolean,
  ): Promise<readonly [folder: FileSystemDirectoryHandle, name: string]> {
    const parts = path.split('/');
    const name = parts.pop() ?? '';
    let folder = this.#root;
    for (const part of parts) folder = await folder.getDirectoryHandle(part, { create });
    return [folder, name];
  }
}

/** What the work gives, or null where something on its path is not there. */
async function orNull<T>(work: () => Promise<T>): Promise<T | null> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof DOMException && error.name === 'NotFoundError') return null;
    throw error;
  }
}
