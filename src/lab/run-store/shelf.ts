/** Where runs are kept: files by path. The browser's storage is one shelf; tests have one that fails when it is told to. */

export interface ShelfFile {
  /** Relative to the folder that was listed. */
  readonly path: string;
  readonly bytes: number;
}

/** Paths are parts joined by `/`. Everything may throw what the storage throws; `storageError` puts it in words. */
export interface Shelf {
  /** The bytes of a file, or null where there is none. */
  read(path: string): Promise<Uint8Array | null>;
  /** Writes a whole file. Where it is interrupted, there may be none, or a part of it. */
  write(path: string, bytes: Uint8Array): Promise<void>;
  /** Removes a file, or a folder with all that is in it; does nothing where there is none. */
  remove(path: string): Promise<void>;
  /** Names of the folders at the top. */
  folders(): Promise<readonly string[]>;
  /** All files below a folder, however deep; none where there is no such folder. */
  files(folder: string): Promise<readonly ShelfFile[]>;
}
