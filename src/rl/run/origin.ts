/** What a learner of a run starts from: the policy's weights, fresh ones of a model of its own size, or those of a model folder. */
import { badConfig } from '../../errors.ts';
import { initialiseParameters } from '../../model/initialise.ts';
import type { LoadedModel } from '../../model/load.ts';
import { type ParameterLayout, parameterLayout } from '../../model/parameters.ts';
import type { Tokenizer } from '../../model/tokenizer.ts';
import type { ScalarWeights } from '../../model/weights.ts';
import type { LearnerNeed } from '../methods/method.ts';

/** Opens a model folder by its id, such as a bundled one. Models with a scalar head are welcome. @throws BadFile; BadConfig */
export type Models = (folder: string) => Promise<LoadedModel>;

export interface Origin {
  readonly layout: ParameterLayout;
  readonly parameters: Float32Array<ArrayBuffer>;
  /** The scalar head that a folder has; null where the head starts at zero. */
  readonly scalar: ScalarWeights | null;
  /** The folder's own; null where the model reads whatever the policy reads. */
  readonly tokenizer: Tokenizer | null;
  /** SHA-256 of the folder's model.safetensors, hex; null where no folder is read. */
  readonly hash: string | null;
}

/** @throws BadConfig where nothing can open folders; what `models` throws */
export async function originOf(
  { from, tokenHead }: LearnerNeed,
  policy: LoadedModel,
  models?: Models,
): Promise<Origin> {
  const fresh = { scalar: null, tokenizer: null, hash: null };
  if (!from) return { ...fresh, layout: policy.layout, parameters: policy.parameters };
  if ('model' in from) {
    const { model } = from;
    const config = typeof model === 'function' ? model(policy.layout.config) : model;
    const layout = parameterLayout(config, undefined, tokenHead);
    return { ...fresh, layout, parameters: initialiseParameters(layout, from.seed) };
  }
  return fromFolder(from, models);
}

/** The model of a folder that a setting names. @throws BadConfig where it names none, or nothing can open folders; what `models` throws */
export async function fromFolder(
  { folder, setting }: { readonly folder: string; readonly setting: string },
  models?: Models,
): Promise<LoadedModel> {
  if (folder === '') throw badConfig(setting, 'No model is named', 'Give the folder of one.');
  if (models) return models(folder);
  throw badConfig(setting, `The model ${folder} cannot be opened here`);
}

/**
 * Refuses an origin that cannot do what is asked of the learner.
 * @param positions most tokens that the run will have it read
 * @throws BadConfig
 */
export function requireFit(
  name: string,
  { called = name, from, scalar, frozen, tokenHead = true }: LearnerNeed,
  { layout, ...origin }: Origin,
  policy: LoadedModel,
  positions: number,
): void {
  const { vocab_size: tokens, max_position_embeddings: most } = layout.config;
  const read = policy.tokenizer;
  const setting = from && 'folder' in from ? from.setting : 'method';
  const require = (fits: boolean, what: string) => {
    if (!fits) throw badConfig(setting, `The ${called} ${what}`);
  };
  const vocabulary = read?.vocabSize ?? 0;
  require(tokens >=
    vocabulary, `reads ${tokens} different tokens; the policy's tokenizer has ${vocabulary}`);
  require(!origin.tokenizer ||
    !read ||
    alike(origin.tokenizer, read), 'reads other tokens than the policy');
  require(positions <=
    most, `reads ${most} positions; prompts with completions have up to ${positions}`);
  require(layout.tokenHead || !tokenHead, 'predicts no tokens');
  require(!(frozen && scalar) || origin.scalar !== null, 'has no scalar head, and is not trained');
}

/** Whether two tokenizers give every id the same text. */
function alike(one: Tokenizer, other: Tokenizer): boolean {
  if (one.vocabSize !== other.vocabSize || one.eosId !== other.eosId) return false;
  return Array.from({ length: one.vocabSize }, (_, id) => id).every(
    (id) => one.tokenText(id) === other.tokenText(id),
  );
}
