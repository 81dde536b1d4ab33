import { expect, it } from 'vitest';
import { packBatch } from '../model/batch.ts';
import {
  characterTokenizerConfigJson,
  characterTokenizerJson,
} from '../model/character-tokenizer.ts';
import { parseModelConfig } from '../model/config.ts';
import { loadTokenizer } from '../model/tokenizer.ts';
import { lessonOf, tokenWeights } from './pretrain-lesson.ts';
import { parseRecipe } from './pretrain-recipe.ts';
import { createTask } from './tasks/index.ts';

const model = {
  model_type: 'llama',
  vocab_size: 64,
  hidden_size: 16,
  num_hidden_layers: 1,
  num_attention_heads: 2,
  intermediate_size: 32,
  max_position_embeddings: 192,
  bos_token_id: 1,
  eos_token_id: 2,
};
const tokenizer = loadTokenizer(
  characterTokenizerJson(),
  characterTokenizerConfigJson(192),
  parseModelConfig(model, 'model'),
);

/** The lesson of one step, with what its scored tokens weigh. */
function lesson(more: Readonly<Record<string, unknown>>) {
  const recipe = parseRecipe({ model, task: { id: 'word' }, batch_size: 3, ...more });
  const { sequences, asked } = lessonOf(recipe.practice.map(createTask), tokenizer, recipe, 5);
  const batch = packBatch(sequences, 128);
  return { sequences, batch, weights: tokenWeights(batch, asked, recipe.prompt_loss_weight) };
}

it('scores answers alone where questions weigh nothing', () => {
  const { sequences, batch, weights } = lesson({});
  expect([...weights]).toEqual(new Array(batch.targetCount).fill(1));
  for (const { prompt } of sequences) expect(tokenizer.decode(prompt)).toMatch(/\?$/);
});

it('scores every token but the first where questions weigh something, and reads the same text', () => {
  const plain = lesson({});
  const read = lesson({ prompt_loss_weight: 0.25 });
  const whole = ({ prompt, completion }: (typeof plain.sequences)[number]) => [
    ...prompt,
    ...completion,
  ];
  expect(read.sequences.map(whole)).toEqual(plain.sequences.map(whole));
  read.batch.completions.forEach(({ start, length }, i) => {
    const { prompt, completion } = plain.sequences[i];
    expect([...read.weights.subarray(start, start + length)]).toEqual([
      ...new Array(prompt.length - 1).fill(0.25),
      ...new Array(completion.length).fill(1),
    ]);
  });
});

it('refuses what the model cannot read, by name', () => {
  const short = { ...model, max_position_embeddings: 48 };
  expect(() => lesson({ model: short })).toThrow(
    expect.objectContaining({
      kind: 'BadConfig',
      field: 'recipe.model.max_position_embeddings',
      message: expect.stringMatching(
        /^A question with its trace has \d+ tokens; the model reads 48$/,
      ),
    }),
  );
});
