/** The models that reward terms ask, for commands that score given lines: read from their folders, opened as a run would open them, and freed. */
import type { Gpu } from '../gpu/gpu.ts';
import { Learner } from '../model/learner.ts';
import type { LoadedModel } from '../model/load.ts';
import { frozenModels } from '../rl/learn/frozen-models.ts';
import { type RewardConfig, type TermModel, termModels } from '../rl/rewards/index.ts';
import type { Completion, FrozenModels } from '../rl/rewards/reward.ts';
import { termNeed } from '../rl/run/needs.ts';
import { fromFolder, requireFit } from '../rl/run/origin.ts';
import type { LabIo } from './command.ts';
import { loadModel } from './models.ts';
import { batchPlan, longestOf, requireTokenizer } from './reward-model.ts';

/** A term's model before it is on the device. */
export interface LoadedTermModel extends TermModel {
  readonly model: LoadedModel;
}

/** @throws BatonError BadConfig, BadFile where a folder holds no model */
export async function loadTermModels(
  rewards: readonly RewardConfig[],
  io: LabIo,
): Promise<LoadedTermModel[]> {
  const loaded: LoadedTermModel[] = [];
  const open = (folder: string) => loadModel('experiment', folder, io, { scalar: true });
  for (const asked of termModels(rewards))
    loaded.push({ ...asked, model: await fromFolder(asked, open) });
  return loaded;
}

/**
 * Opens the models, does the work, and frees them.
 * @param reader whose tokenizer gave the batch its tokens
 * @throws BatonError BadConfig on the setting that names a model that cannot read these tokens
 */
export async function withTermModels<T>(
  gpu: Gpu,
  loaded: readonly LoadedTermModel[],
  reader: LoadedModel,
  batch: readonly Completion[],
  work: (frozen: FrozenModels) => Promise<T>,
): Promise<T> {
  const positions = longestOf(batch);
  const plan = batchPlan(positions);
  const opened = new Map<string, { readonly learner: Learner; readonly setting: string }>();
  try {
    for (const { term, folder, setting, model } of loaded) {
      requireFit(term, termNeed({ folder, setting }), model, reader, positions);
      const learner = await Learner.create(gpu, model.layout, {
        ...{ tokens: plan.microBatchTokens, positions, temperature: 1, train: false },
        ...{ tokenHead: false, scalar: { rows: 'at', trunk: 'detached' } },
      });
      opened.set(term, { learner, setting });
      learner.setParameters(model.parameters);
      if (model.scalar) learner.scalar?.setParameters(model.scalar.head);
    }
    return await work(
      frozenModels(requireTokenizer(reader), plan, (term) => {
        const found = opened.get(term);
        if (!found) throw new RangeError(`the term ${term} asks no model`);
        return found;
      }),
    );
  } finally {
    for (const { learner } of opened.values()) learner.destroy();
  }
}
