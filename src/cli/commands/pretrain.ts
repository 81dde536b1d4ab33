/** `pretrain`: makes a policy from a recipe, as the bundled ones were made. */
import { basename, join, resolve } from 'node:path';
import { badConfig } from '../../errors.ts';
import {
  characterTokenizerConfigJson,
  characterTokenizerJson,
} from '../../model/character-tokenizer.ts';
import { sha256Hex } from '../../model/load.ts';
import { loadTokenizer, type Tokenizer } from '../../model/tokenizer.ts';
import { saveParameters } from '../../model/weights.ts';
import { type PretrainRow, pretrain as pretrainModel } from '../../rl/pretrain.ts';
import { type PretrainRecipe, parseRecipe, stepsOf } from '../../rl/pretrain-recipe.ts';
import { defineCommand, type LabIo, throwIfInterrupted } from '../command.ts';
import { DEVICE_OPTIONS, withGpu } from '../device.ts';
import { makeFolder, readJson, readText, writeWhole } from '../files.ts';
import { cardText, modelCard } from '../model-card.ts';
import { configText } from '../models.ts';
import { required } from '../options.ts';

/** Steps between log lines. */
const LOG_EVERY = 50;

/** The bundled tokenizer, checked to fit the recipe's model. @throws BatonError BadConfig on the model's key */
function tokenizerFor({ model }: PretrainRecipe): Tokenizer {
  const tokenizer = loadTokenizer(
    characterTokenizerJson(),
    characterTokenizerConfigJson(model.max_position_embeddings),
    model,
  );
  const misfit = (key: string, wanted: string) =>
    badConfig(
      `recipe.model.${key}`,
      `recipe.model.${key} must be ${wanted}: the bundled tokenizer’s`,
    );
  if (model.vocab_size < tokenizer.vocabSize) {
    throw misfit('vocab_size', `${tokenizer.vocabSize} or more`);
  }
  if (model.eos_token_id !== tokenizer.eosId) throw misfit('eos_token_id', `${tokenizer.eosId}`);
  return tokenizer;
}

function follow(recipe: PretrainRecipe, rows: PretrainRow[], io: LabIo) {
  return (row: PretrainRow) => {
    rows.push(row);
    if (row.step % LOG_EVERY === 0 || row.step === stepsOf(recipe)) {
      io.log(`step ${row.step} of ${stepsOf(recipe)}: loss ${row.loss.toFixed(4)}`);
    }
    if (row.step < stepsOf(recipe)) {
      throwIfInterrupted(io, 'Nothing was written: a recipe is run whole.');
    }
  };
}

export const pretrain = defineCommand({
  summary: 'Trains a fresh policy on expert traces by a recipe.',
  details: [
    'Writes a model folder: config.json, model.safetensors, tokenizer.json, tokenizer_config.json, recipe.json, and its card as',
    'card.json and README.md. A model that is already there is replaced only once the new one is complete.',
  ],
  options: {
    recipe: required('F.json', 'The recipe.'),
    out: required('DIR', 'The model folder.'),
    ...DEVICE_OPTIONS,
  },
  run: async (values, io) => {
    const path = resolve(io.cwd, values.recipe);
    const recipe = parseRecipe(readJson('recipe', path));
    // The recipe's own text, so that making a bundled model again leaves its recipe.json unchanged.
    const recipeText = readText('recipe', path);
    const tokenizer = tokenizerFor(recipe);
    const folder = resolve(io.cwd, values.out);
    makeFolder('out', folder);
    const rows: PretrainRow[] = [];
    const { trained, adapter } = await withGpu(values, io, async (gpu) => ({
      trained: await pretrainModel(gpu, tokenizer, recipe, follow(recipe, rows, io)),
      adapter: gpu.info.name,
    }));
    const weights = saveParameters(trained.layout, trained.parameters);
    const sha256 = await sha256Hex(weights);
    const card = modelCard(basename(folder), recipe, trained, { rows, sha256, adapter });
    const pretty = (value: unknown) => `${JSON.stringify(value, null, 2)}\n`;
    const files: readonly (readonly [string, Uint8Array | string])[] = [
      ['tokenizer.json', pretty(characterTokenizerJson())],
      [
        'tokenizer_config.json',
        pretty(characterTokenizerConfigJson(recipe.model.max_position_embeddings)),
      ],
      ['config.json', configText(recipe.model)],
      ['recipe.json', recipeText],
      ['card.json', pretty(card)],
      ['README.md', cardText(card)],
      ['model.safetensors', weights],
    ];
    for (const [name, data] of files) writeWhole('out', join(folder, name), data);
    return {
      result: {
        out: folder,
        parameters: card.parameters,
        model_hash: sha256,
        num_tokens: trained.num_tokens,
        loss: rows.at(-1)?.loss ?? null,
        ...trained.evaluation,
      },
    };
  },
});
