/** Opens the models of the microscopes, each in a worker of its own on the processor: one that hangs or fails takes no other along. */
import { type BatonError, badConfig, badFile } from '../../errors.ts';
import { jsonOf } from '../../receiver/model-files.ts';
import { ownSource, ownWeights } from '../../receiver/own.ts';
import {
  ReceiverClient,
  type ReceiverSource,
  type RewardSource,
} from '../../receiver/receiver-client.ts';
import { spawnReceiverWorker } from '../../receiver/spawn-worker.ts';
import { rewardConfigBeside } from '../../rl/airl/reward-model.ts';
import { readPolicyFile, trainedFolder } from '../own-policies/policy-files.ts';
import type { OpenModel, OpenReward } from './model-session.ts';
import type { ModelRef } from './models.ts';

export const openModel: OpenModel = async (ref, signal) => {
  const source = await sourceOf(ref);
  return workerFor(signal).open(source);
};

export const openReward: OpenReward = async (ref, signal) => {
  const source = await rewardSourceOf(ref);
  return workerFor(signal).openReward(source);
};

function workerFor(signal: AbortSignal): ReceiverClient {
  const client = new ReceiverClient({
    spawn: spawnReceiverWorker,
    read: (folder) => async (file) => {
      const bytes = await readPolicyFile(folder, file);
      if (bytes === null && file === 'config.json') throw missing(folder);
      return bytes;
    },
  });
  signal.addEventListener('abort', () => client.terminate(), { once: true });
  return client;
}

async function sourceOf(ref: ModelRef): Promise<ReceiverSource> {
  switch (ref.kind) {
    case 'bundled':
    case 'kept':
      return { kind: 'bundled', id: ref.folder };
    case 'lab': {
      const files = await trainedFolder(ref.folder, ref.weights);
      return { kind: 'weights', id: ref.key, files };
    }
    case 'own':
      return ownSource(ref.key, ref.model, ref.beside);
  }
}

async function rewardSourceOf(ref: ModelRef): Promise<RewardSource> {
  switch (ref.kind) {
    case 'bundled':
    case 'kept':
      return { kind: 'bundled', id: ref.folder };
    case 'lab': {
      if (!ref.reading) throw badConfig('method.name', 'This run trains no reward model');
      const files = new Map(await trainedFolder(ref.folder, ref.weights));
      const json = rewardConfigBeside(jsonOf(files, 'config.json'), ref.reading);
      files.set('config.json', new TextEncoder().encode(JSON.stringify(json)));
      return { kind: 'weights', id: ref.key, files };
    }
    case 'own':
      return ownWeights(ref.key, ref.model, ref.beside);
  }
}

function missing(folder: string): BatonError {
  return badFile(
    'config.json',
    `${folder} is not here`,
    'The others go on without it. This copy of Baton came without that model.',
  );
}
