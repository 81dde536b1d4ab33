/** Several bundles as one file: a plain tar, so that the bundles of a figure travel together and can be taken apart by hand. */
import { createTar } from 'nanotar';
import { readTar } from '../../tar.ts';
import { badBundle } from './packed-files.ts';

/** Most bundles in a file. */
const MOST_BUNDLES = 100;
const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,90}\.tar\.gz$/;

/** @param bundles by the names of their files, which end in `.tar.gz` */
export function packSet(bundles: ReadonlyMap<string, Uint8Array>): Uint8Array {
  return createTar([...bundles].map(([name, data]) => ({ name, data, attrs: { mtime: 0 } })));
}

/**
 * The bundles of a file by name, none of them opened.
 * @returns null where the archive holds no bundles, but something else
 * @throws BatonError BadFile for what is no tar archive, is cut short, or holds bundles and something else, or too many
 */
export function unpackSet(bytes: Uint8Array): ReadonlyMap<string, Uint8Array> | null {
  let entries: ReturnType<typeof readTar>;
  try {
    entries = readTar(bytes);
  } catch (error) {
    throw badBundle(`cannot be unpacked: ${error instanceof Error ? error.message : error}`);
  }
  if (!entries.some(({ name }) => NAME.test(name))) return null;
  if (entries.length > MOST_BUNDLES) throw badBundle(`holds more than ${MOST_BUNDLES} others`);
  const bundles = new Map<string, Uint8Array>();
  for (const entry of entries) {
    const { name, type } = entry;
    if (type !== 'file' || !NAME.test(name))
      throw badBundle(`holds ${JSON.stringify(name.slice(0, 60))} beside other bundles`);
    if (bundles.has(name)) throw badBundle(`holds ${name} twice`);
    bundles.set(name, ('data' in entry && entry.data) || new Uint8Array());
  }
  return bundles;
}
