/** Named files as one gzip-compressed tar, and back, within bounds. Strangers' archives are read here, so nothing in one is believed. */
import { createTar } from 'nanotar';
import { type BatonError, badFile } from '../../errors.ts';
import { readTar, type TarEntry } from '../../tar.ts';

/** Most bytes that an archive may hold once it is unpacked. A long run with all its samples has a tenth of that. */
const MAX_UNPACKED = 256 * 2 ** 20;
/** Most files in an archive. */
const MAX_FILES = 64;
/** A file of a run, or one of its model's. */
const NAME = /^(model\/)?[A-Za-z0-9][A-Za-z0-9._-]{0,60}$/;

/** An error about a bundle as a whole, or a file in it. */
export function badBundle(why: string, file?: string): BatonError {
  return badFile(
    file === undefined ? 'bundle' : `bundle.${file}`,
    `The bundle ${why}`,
    'Nothing was opened or changed. Ask for the bundle again, or make it anew from its run.',
  );
}

/** Equal files give equal bytes. */
export async function pack(files: ReadonlyMap<string, Uint8Array>): Promise<Uint8Array> {
  const items = [...files].map(([name, data]) => ({ name, data, attrs: { mtime: 0 } }));
  const stream = bytesStream(createTar(items)).pipeThrough(new CompressionStream('gzip'));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

/**
 * @param most bytes that are unpacked
 * @throws BatonError BadFile for what is no such archive, is cut short, is too large, or holds what no bundle holds
 */
export async function unpack(
  bytes: Uint8Array,
  most = MAX_UNPACKED,
): Promise<Map<string, Uint8Array>> {
  const tar = await inflate(bytes, most);
  const files = new Map<string, Uint8Array>();
  for (const entry of entriesOf(tar)) {
    const { name, type } = entry;
    if (type !== 'file') throw badBundle(`holds ${shown(name)}, which is not a plain file`);
    if (!NAME.test(name)) throw badBundle(`holds ${shown(name)}, which no run has`);
    if (files.has(name)) throw badBundle(`holds ${name} twice`);
    if (files.size === MAX_FILES) throw badBundle(`holds more than ${MAX_FILES} files`);
    files.set(name, ('data' in entry && entry.data) || new Uint8Array());
  }
  return files;
}

const shown = (name: string) => JSON.stringify(name.slice(0, 60));

function entriesOf(tar: Uint8Array): readonly TarEntry[] {
  try {
    return readTar(tar);
  } catch {
    throw badBundle('is damaged: what is packed in it is no tar archive');
  }
}

function bytesStream(bytes: Uint8Array): ReadableStream<BufferSource> {
  return new Blob([bytes as Uint8Array<ArrayBuffer>]).stream() as ReadableStream<BufferSource>;
}

/** Unpacks gzip, and stops where there is more than a bundle may have: a small file can hold a very large one. */
async function inflate(bytes: Uint8Array, most: number): Promise<Uint8Array> {
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) throw badBundle('is no gzip file');
  const reader = bytesStream(bytes).pipeThrough(new DecompressionStream('gzip')).getReader();
  const parts: Uint8Array[] = [];
  let total = 0;
  for (;;) {
    const { done, value } = await reader.read().catch(() => {
      throw badBundle('is cut short or damaged: it cannot be unpacked');
    });
    if (done) break;
    total += value.length;
    if (total > most) {
      // What the stream says of being left alone is of no interest.
      await reader.cancel().catch(() => {});
      throw badBundle(`holds more than ${most} bytes, the most that are unpacked`);
    }
    parts.push(value);
  }
  const whole = new Uint8Array(total);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
