/**
 * An append-only file of a run. It knows the digest of its contents, so that a checkpoint can note length and digest, and a resumed
 * run can verify that the rows before it are still those that it wrote.
 */
import { createHash, type Hash } from 'node:crypto';
import {
  appendFileSync,
  closeSync,
  existsSync,
  fsyncSync,
  openSync,
  readSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';

/** The length and digest of a record at a checkpoint. */
export interface Extent {
  readonly bytes: number;
  /** The first 48 bits of the SHA-256 of these bytes: enough against accidents, and a number. */
  readonly digest: number;
}

const CHUNK = 2 ** 20;

function digestOf(hash: Hash): number {
  return Number.parseInt(hash.copy().digest('hex').slice(0, 12), 16);
}

export class RecordFile {
  readonly #path: string;
  #hash = createHash('sha256');

  constructor(path: string) {
    this.#path = path;
  }

  /** Bytes on the disk; 0 if there is no file. */
  get length(): number {
    return statSync(this.#path, { throwIfNoEntry: false })?.size ?? 0;
  }

  /** Empties the file. */
  begin(): void {
    writeFileSync(this.#path, '');
    this.#hash = createHash('sha256');
  }

  append(text: string): void {
    appendFileSync(this.#path, text);
    this.#hash.update(text);
  }

  /** Flushes everything to the disk. */
  flush(): Extent {
    if (existsSync(this.#path)) {
      const file = openSync(this.#path, 'r+');
      try {
        fsyncSync(file);
      } finally {
        closeSync(file);
      }
    }
    return { bytes: this.length, digest: digestOf(this.#hash) };
  }

  /**
   * Reads the first `bytes` bytes. The file can then be cut back to them and appended to.
   * @returns their digest
   */
  read(bytes: number): number {
    this.#hash = createHash('sha256');
    if (bytes > 0) {
      const file = openSync(this.#path, 'r');
      try {
        const room = new Uint8Array(Math.min(bytes, CHUNK));
        for (let left = bytes; left > 0; ) {
          const count = readSync(file, room, 0, Math.min(left, room.length), null);
          if (count === 0) break;
          this.#hash.update(room.subarray(0, count));
          left -= count;
        }
      } finally {
        closeSync(file);
      }
    }
    return digestOf(this.#hash);
  }

  /** Drops everything after the first `bytes` bytes. */
  cutBack(bytes: number): void {
    if (!existsSync(this.#path)) writeFileSync(this.#path, '');
    truncateSync(this.#path, bytes);
  }
}
