/** A stored run as its arm goes on from it. */
import type { LoadedModel } from '../model/load.ts';
import { methodOf } from '../rl/methods/index.ts';
import type { ChangedKernelUse } from '../rl/records.ts';
import type { MemoryWish } from '../rl/run/memory-plan.ts';
import type { Models } from '../rl/run/origin.ts';
import { learnerFiles } from '../rl/run/state.ts';
import { decodeCheckpoint, readHead } from './checkpoint.ts';
import type { HostCopy } from './host-copy.ts';
import type { StoredRun } from './run-store/read-stored.ts';

export interface StoredArm {
  readonly copy: HostCopy;
  /** The newest row; -1 where there is none. */
  readonly reported: number;
  /** Hash of all rows. */
  readonly hash: string;
  readonly changed: readonly ChangedKernelUse[];
  /** Cut as before, so that it goes on with the same bits. */
  readonly wish: MemoryWish;
}

/** @throws BatonError BadFile for parts that do not fit the experiment; BadConfig where the policy's weights are others */
export async function storedArm(
  { head, read, manifest, record, hash }: StoredRun,
  model: LoadedModel,
  folders: Models,
): Promise<StoredArm> {
  const { experiment } = await readHead(head);
  const buffers = await learnerFiles(methodOf(experiment.method).needs, model, folders);
  const expected = { experiment, policyHash: model.hash, buffers };
  const { step, files, notes = {} } = await decodeCheckpoint(head, read, expected);
  const microBatchTokens = manifest.plan.micro_batch_tokens;
  return {
    copy: { step, experiment, state: { step, num_tokens: notes.num_tokens ?? 0, files } },
    reported: record.rows.at(-1)?.metrics.step ?? (step > 0 ? step : -1),
    hash,
    changed: manifest.changed_kernels ?? [],
    wish: microBatchTokens === undefined ? {} : { microBatchTokens },
  };
}
