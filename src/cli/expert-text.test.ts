import { expect, test } from 'vitest';
import { parseRecipe } from '../rl/pretrain-recipe.ts';
import { expertText } from './expert-text.ts';

const model = {
  ...{ model_type: 'llama', vocab_size: 64, hidden_size: 16, num_hidden_layers: 1 },
  ...{ num_attention_heads: 2, num_key_value_heads: 2, intermediate_size: 32, rms_norm_eps: 1e-6 },
  ...{
    rope_theta: 10000,
    max_position_embeddings: 64,
    tie_word_embeddings: true,
    hidden_act: 'silu',
  },
  ...{ pad_token_id: 0, bos_token_id: 1, eos_token_id: 2 },
};
const told = (habits: object) =>
  expertText(parseRecipe({ model, task: { id: 'chain', answer_apart: true }, ...habits }));

test('a card tells every habit of the expert that was put there on purpose', () => {
  expect(told({})).toBe('');
  expect(told({ slips: 0.1, dialects: 'public private*2' })).toBe(
    'It slips at 10 % of the steps. It draws a dialect for each trace, whatever the question: public, private by 2.',
  );
  expect(told({ dialect_slips: 'public*0.14 private*0.05' })).toBe(
    'It slips at 14 % of public steps and 5 % of private steps.',
  );
  expect(told({ misconceptions: 'carry*0.4' })).toBe(
    'On purpose, at 40 % of the steps where this can happen, it forgets every carry, as in 58+17=65, and goes on from there.',
  );
  expect(told({ task: { id: 'word' }, misconceptions: 'order*0.2 unit*1' })).toMatch(
    /^On purpose, at 20 %.* it multiplies.*\. On purpose, at 100 %.* takes away kids, and goes on/,
  );
  expect(told({ annotator_share: 0.1 })).toMatch(/^In 10 % .* its own answer after a \^/);
  expect(told({ annotator_share: 0.3, annotator_shows: 'trace' })).toMatch(/its own trace after/);
  expect(told({ chatter: 3, check_repairs: true })).toMatch(
    /levels 0 to 3.*fillers.*finds slips\.$/,
  );
  expect(told({ chatter: 1, chatter_kind: 'question' })).toMatch(/the question again before steps/);
});
