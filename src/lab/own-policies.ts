/**
 * Policies that a person has opened in the page: ordinary model folders on a shelf of the browser. Page and worker read them there, so a run that
 * began from one can be resumed on a later visit.
 */
import { badFile } from '../errors.ts';
import type { FileReader } from '../model/load.ts';
import { ownPolicyName } from '../rl/experiment/own-policy.ts';
import type { Shelf } from './run-store/shelf.ts';

export interface OwnPolicy {
  /** As experiments name it. */
  readonly id: string;
  readonly name: string;
  readonly bytes: number;
}

/** Without the start that it shares with bundled policies: shelves have no folder for it. */
export const folderOf = (id: string) => id.slice(id.indexOf('/') + 1);

/** All of them, by name. @throws what the shelf throws */
export async function listOwnPolicies(shelf: Shelf): Promise<readonly OwnPolicy[]> {
  const found: OwnPolicy[] = [];
  for (const folder of await shelf.folders()) {
    const files = await shelf.files(folder);
    const id = `policies/${folder}`;
    const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
    found.push({ id, name: ownPolicyName(id), bytes });
  }
  return found.sort((a, b) => a.name.localeCompare(b.name));
}

/** @throws what the shelf throws */
export function removeOwnPolicy(shelf: Shelf, id: string): Promise<void> {
  return shelf.remove(folderOf(id));
}

/** Reads files of one. @throws BatonError BadFile, whose field is the setting, where the browser has it no more; what the shelf throws */
export function ownPolicyReader(open: () => Promise<Shelf>, id: string): FileReader {
  return async (file) => {
    const bytes = await (await open()).read(`${folderOf(id)}/${file}`);
    if (bytes === null && (file === 'config.json' || file === 'model.safetensors')) {
      throw badFile(
        'policy',
        `The policy ${ownPolicyName(id)} is not in this browser: it was deleted, evicted, or opened elsewhere`,
        `Open its file again (its id is ${id}), or choose another policy. Nothing was changed.`,
      );
    }
    return bytes;
  };
}
