/** The person's own policies as the page shows them. They are kept in the browser until they are deleted. */
import { createStore, type StoreApi } from 'zustand/vanilla';
import { BatonError } from '../../errors.ts';
import { listOwnPolicies, type OwnPolicy, removeOwnPolicy } from '../../lab/own-policies.ts';
import type { Shelf } from '../../lab/run-store/shelf.ts';
import { chosenModel } from './chosen-model.ts';

export class OwnPolicies {
  /** By name; empty before they were read, and where the browser keeps nothing. */
  readonly store: StoreApi<readonly OwnPolicy[]> = createStore<readonly OwnPolicy[]>(() => []);
  readonly #open: () => Promise<Shelf>;

  /** @param open throws what the browser throws where it keeps nothing for the page */
  constructor(open: () => Promise<Shelf>) {
    this.#open = open;
  }

  /** Never rejects: where nothing can be kept, there are none. */
  async refresh(): Promise<void> {
    const list = await this.#open()
      .then(listOwnPolicies)
      .catch(() => []);
    this.store.setState(list, true);
  }

  /**
   * Checks a chosen model and keeps it.
   * @returns its id
   * @throws BatonError BadFile with what is wrong with it, Storage where it cannot be kept
   */
  async add(files: readonly File[]): Promise<string> {
    const { name, files: folder } = await chosenModel(files);
    try {
      // Loaded when it is asked for: what reads models stays out of the page until then.
      const { addOwnPolicy } = await import('../../lab/add-own-policy.ts');
      return await addOwnPolicy(await this.#open(), name, folder);
    } catch (error) {
      throw notKept(error);
    } finally {
      await this.refresh();
    }
  }

  /** @throws what the browser throws */
  async remove(id: string): Promise<void> {
    await removeOwnPolicy(await this.#open(), id);
    await this.refresh();
  }
}

function notKept(error: unknown): BatonError {
  if (error instanceof BatonError) return error;
  const full = error instanceof Error && error.name === 'QuotaExceededError';
  return new BatonError({
    kind: 'Storage',
    message: full
      ? 'The browser’s storage is full, so the policy was not opened'
      : 'This browser keeps no files for this page, so the policy was not opened',
    remedy: full
      ? 'Nothing else was changed. Delete stored runs or policies on the Runs page, or free disk space.'
      : 'Nothing was changed. A private window or a strict setting may be the reason.',
    detail: String(error),
  });
}
