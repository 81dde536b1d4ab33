import { expect, it } from 'vitest';
import { parseRecipe } from '../pretrain-recipe.ts';
import { parseExperiment } from './schema.ts';

const apart = { id: 'chain', answer_apart: true };

it.each([
  [
    { id: 'chain' },
    { dialects: 'private' },
    'method.dialects',
    /needs an answer that stands apart/,
  ],
  [{ id: 'countdown' }, { dialects: 'private' }, 'method.dialects', /is not for Countdown/],
  [{ id: 'countdown' }, { chatter: 1 }, 'method.chatter', /is not for Countdown/],
  [apart, { dialects: 'klingon' }, 'method.dialects', /no dialect klingon/],
  [apart, { dialects: 'public*0 private*0' }, 'method.dialects', /sum to nothing/],
  [apart, { dialects: 'public private*-1' }, 'method.dialects', /allowed/],
  [apart, { dialects: '' }, 'method.dialects', /allowed/],
  [apart, { dialect_slips: 'private*2' }, 'method.dialect_slips', /allowed/],
  [apart, { chatter: 4 }, 'method.chatter', /allowed/],
  [
    { id: 'chain' },
    { misconceptions: 'unit*0.4' },
    'method.misconceptions',
    /Chain has no .* unit/,
  ],
  [{ id: 'couplet' }, { misconceptions: 'carry*0.4' }, 'method.misconceptions', /Couplet has no/],
  [{ id: 'chain' }, { misconceptions: 'carry*0.6 carry*0.6' }, 'method.misconceptions', /is 1.2/],
  [{ id: 'chain' }, { misconceptions: 'carry' }, 'method.misconceptions', /allowed/],
  [{ id: 'chain' }, { misconceptions: 'carry*1.5' }, 'method.misconceptions', /allowed/],
  [{ id: 'hops' }, { chatter: 1 }, 'method.chatter', /is not for Hops/],
  [{ id: 'word' }, { chatter: 1, chatter_kind: 'question' }, 'method.chatter_kind', /fillers/],
] as const)(
  'what no expert of the task %j writes is refused by name: %j',
  (task, told, field, message) => {
    const parsed = parseExperiment({ task, method: { name: 'sft', ...told } });
    expect(parsed).toMatchObject({
      ok: false,
      problems: [{ field, message: expect.stringMatching(message) }],
    });
  },
);

it('what an expert writes is taken', () => {
  const method = { name: 'sft', dialects: 'public private*2', dialect_slips: 'private*0.05' };
  expect(parseExperiment({ task: apart, method })).toMatchObject({ ok: true });
  expect(parseExperiment({ task: apart, method: { name: 'sft', chatter: 3 } }).ok).toBe(true);
  for (const [id, misconceptions] of [
    ['chain', 'carry*0.4'],
    ['word', 'carry*0.1 order*1 unit*.5'],
    ['countdown', 'carry*1'],
    ['hops', 'backwards*0.3'],
  ]) {
    expect(parseExperiment({ task: { id }, method: { name: 'sft', misconceptions } }).ok).toBe(
      true,
    );
  }
});

it('a recipe is refused in the same words, before anything is trained', () => {
  const model = {
    ...{ model_type: 'llama', vocab_size: 64, hidden_size: 16, num_hidden_layers: 1 },
    ...{ num_attention_heads: 2, intermediate_size: 32, max_position_embeddings: 64 },
  };
  const recipe = { model, task: apart };
  const { misconceptions } = parseRecipe({ ...recipe, misconceptions: 'carry*0.4' });
  expect(misconceptions).toBe('carry*0.4');
  expect(() => parseRecipe({ ...recipe, misconceptions: 'backwards*0.4' })).toThrow(
    expect.objectContaining({ kind: 'BadConfig', field: 'misconceptions' }),
  );
  expect(parseRecipe({ ...recipe, dialects: 'public private' }).dialects).toBe('public private');
  expect(() => parseRecipe({ ...recipe, dialects: 'private*0' })).toThrow(
    expect.objectContaining({ kind: 'BadConfig', field: 'dialects' }),
  );
});
