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
import type { OpenModel, OpenReward } from './model-session.ts';
import type { LabRef, ModelRef } from './models.ts';

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
      const bytes = await readBundled(folder, file);
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
      return { kind: 'bundled', id: ref.folder };
    case 'lab':
      return { kind: 'weights', id: ref.key, files: await labFiles(ref) };
    case 'own':
      return ownSource(ref.key, ref.model, ref.beside);
  }
}

async function rewardSourceOf(ref: ModelRef): Promise<RewardSource> {
  switch (ref.kind) {
    case 'bundled':
      return { kind: 'bundled', id: ref.folder };
    case 'lab': {
      const files = await labFiles(ref);
      if (!ref.reading) throw badConfig('method.name', 'This run trains no reward model');
      const json = rewardConfigBeside(jsonOf(files, 'config.json'), ref.reading);
      const config = new TextEncoder().encode(JSON.stringify(json));
      return { kind: 'weights', id: ref.key, files: files.set('config.json', config) };
    }
    case 'own':
      return ownWeights(ref.key, ref.model, ref.beside);
  }
}

/** The weights as the lab wrote them, with the config and tokenizer of the folder that the run began with. */
async function labFiles({ folder, weights }: LabRef): Promise<Map<string, Uint8Array>> {
  const files = new Map<string, Uint8Array>();
  for (const file of ['config.json', 'tokenizer.json', 'tokenizer_config.json']) {
    const bytes = await readBundled(folder, file);
    if (bytes) files.set(file, bytes);
  }
  return files.set('model.safetensors', new Uint8Array(weights));
}

/** One file of a bundled model from the page's own origin; null where there is none. */
async function readBundled(folder: string, file: string): Promise<Uint8Array | null> {
  const response = await fetch(new URL(`models/${folder}/${file}`, document.baseURI));
  if (response.status === 404) return null;
  if (!response.ok) {
    throw badFile(file, `${folder}/${file} could not be fetched (${response.status})`);
  }
  return new Uint8Array(await response.arrayBuffer());
}

function missing(folder: string): BatonError {
  return badFile(
    'config.json',
    `${folder} is not here`,
    'The others go on without it. This copy of Baton came without that model.',
  );
}
