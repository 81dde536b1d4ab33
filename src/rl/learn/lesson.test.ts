import { expect, it } from 'vitest';
import {
  characterTokenizerConfigJson,
  characterTokenizerJson,
} from '../../model/character-tokenizer.ts';
import { parseModelConfig } from '../../model/config.ts';
import { loadTokenizer } from '../../model/tokenizer.ts';
import { createTask } from '../tasks/index.ts';
import { lessonOf } from './lesson.ts';

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

const word = createTask({
  id: 'word',
  min_steps: 1,
  max_steps: 2,
  largest: 20,
  distractors: false,
});

/** The lesson of one step. */
function lesson({
  promptWeight = 0,
  positions = 192,
  target = 'trace' as 'trace' | 'answer',
} = {}) {
  const settings = { seed: 1, batchSize: 3, target, traces: {}, promptWeight, positions };
  return lessonOf([word], tokenizer, { ...settings, positionsField: 'recipe.positions' }, 5);
}

it('scores answers alone where questions weigh nothing', () => {
  for (const { prompt, completion, columns } of lesson()) {
    const ones = new Array(completion.length).fill(1);
    expect(Array.from(columns.weight)).toEqual(ones);
    expect(Array.from(columns.answer)).toEqual(ones);
    expect(tokenizer.decode([...prompt])).toMatch(/\?$/);
  }
});

it('scores every token but the first where questions weigh something, and reads the same text', () => {
  const plain = lesson();
  const read = lesson({ promptWeight: 0.25 });
  read.forEach(({ prompt, completion, columns }, i) => {
    const asked = plain[i].prompt.length - 1;
    const answered = plain[i].completion.length;
    expect([...prompt, ...completion]).toEqual([...plain[i].prompt, ...plain[i].completion]);
    const of = (question: number) => [
      ...new Array(asked).fill(question),
      ...new Array(answered).fill(1),
    ];
    expect(Array.from(columns.weight)).toEqual(of(0.25));
    expect(Array.from(columns.answer)).toEqual(of(0));
  });
});

it('shows the bare answer where that is all there is to learn', () => {
  lesson({ target: 'answer' }).forEach(({ question, completion }, i) => {
    if (!question) throw new Error('no question');
    const text = tokenizer.decode([...completion]);
    expect(text).toBe(word.expertAnswer(question));
    expect(completion.length).toBeLessThan(lesson()[i].completion.length);
  });
});

it('refuses what the model cannot read, and names the setting', () => {
  expect(() => lesson({ positions: 48 })).toThrow(
    expect.objectContaining({
      kind: 'BadConfig',
      field: 'recipe.positions',
      message: expect.stringMatching(
        /^A question with its trace has \d+ tokens; the model reads 48$/,
      ),
    }),
  );
});

it('names the character that a policy cannot write', () => {
  const json = characterTokenizerJson() as { model: { vocab: Record<string, number> } };
  const vocab = Object.fromEntries(
    Object.entries(json.model.vocab).map(([text, id]) => [text === 'd' ? 'D' : text, id]),
  );
  const without = loadTokenizer(
    { ...json, model: { ...json.model, vocab } },
    characterTokenizerConfigJson(192),
    parseModelConfig(model, 'model'),
  );
  const chain = createTask({
    ...{ id: 'chain', min_terms: 6, max_terms: 8 },
    ...{ largest_term: 9, answer_apart: true },
  });
  const asked = (dialect: string) =>
    lessonOf(
      [chain],
      without,
      {
        ...{ seed: 1, batchSize: 8, target: 'trace', traces: { dialects: { [dialect]: 1 } } },
        ...{ promptWeight: 0, positions: 192, positionsField: 'x' },
      },
      0,
    );
  expect(asked('public')).toHaveLength(8);
  expect(() => asked('private')).toThrow(
    expect.objectContaining({
      ...{ kind: 'BadConfig', field: 'policy' },
      message: expect.stringMatching(/The expert writes .*Character "d"/),
    }),
  );
});

it('an expert that is a critic part of the time judges the right answer and another', () => {
  const chain = createTask({
    ...{ id: 'chain', min_terms: 4, max_terms: 6 },
    ...{ largest_term: 9, answer_apart: true },
  });
  const settings = {
    ...{ seed: 1, batchSize: 400, target: 'trace' as const, traces: {}, promptWeight: 0 },
    ...{ positions: 192, positionsField: 'x', critic: { share: 0.5, follows: 1 } },
  } as const;
  const all = lessonOf([chain], tokenizer, settings, 0);
  const judged = all.filter(({ role }) => role === 'critic');
  // Binomial, 400 draws of one half: deviation 10.
  expect(Math.abs(judged.length - 200)).toBeLessThan(50);
  const said = { x: 0, y: 0, t: 0 };
  for (const { prompt, completion } of judged) {
    const [, terms, first, second] =
      /^(?:<bos>)?([\d+]+)\|(\d+)\|(\d+):$/.exec(tokenizer.decode([...prompt])) ?? [];
    const sum = terms.split('+').reduce((total, term) => (total + Number(term)) % 100, 0);
    const text = tokenizer.decode([...completion]);
    const verdict = text.slice(-1) as keyof typeof said;
    said[verdict] += 1;
    const right = [first, second].map((answer) => Number(answer) === sum);
    expect(verdict).toBe(right[0] && right[1] ? 't' : right[0] ? 'x' : 'y');
    expect(right).toContain(true);
  }
  for (const count of Object.values(said)) expect(count).toBeGreaterThan(20);
  const plain = lessonOf([chain], tokenizer, { ...settings, critic: { share: 0, follows: 1 } }, 0);
  expect(plain.every(({ role }) => role === 'expert')).toBe(true);
});

it('a task without a critic refuses to write as one', () => {
  const settings = {
    ...{ seed: 1, batchSize: 8, target: 'trace' as const, traces: {}, promptWeight: 0 },
    ...{ positions: 192, positionsField: 'x', critic: { share: 1, follows: 1 } },
  } as const;
  expect(() => lessonOf([word], tokenizer, settings, 0)).toThrow(
    expect.objectContaining({ kind: 'BadConfig', field: 'critic_share' }),
  );
});

it('an expert that annotates part of the time reasons to the answer that it is shown, and is never mistaken', () => {
  const chain = createTask({
    ...{ id: 'chain', min_terms: 2, max_terms: 4 },
    ...{ largest_term: 9, answer_apart: true },
  });
  const settings = {
    ...{ seed: 1, batchSize: 200, target: 'trace' as const },
    traces: { slips: 1, dialectSlips: { public: 1 }, misconceptions: { carry: 1 } },
    ...{ promptWeight: 0, positions: 192, positionsField: 'x' },
    annotator: { share: 0.5, shows: 'answer' },
  } as const;
  const all = lessonOf([chain], tokenizer, settings, 0);
  const shown = all.filter(({ role }) => role === 'annotator');
  // Binomial, 200 draws of one half: deviation 7.
  expect(Math.abs(shown.length - 100)).toBeLessThan(36);
  const isRight = ({ question, completion }: (typeof all)[number]) =>
    question && chain.verify?.(question, tokenizer.decode([...completion])).correct;
  for (const example of shown) {
    const read = tokenizer.decode([...example.prompt]);
    expect(read).toBe(
      `${example.question?.prompt.slice(0, -1)}^${chain.expertAnswer(example.question as never)}:`,
    );
    expect(isRight(example)).toBe(true);
  }
  const alone = all.filter(({ role }) => role === 'expert');
  expect(alone.some((example) => !isRight(example))).toBe(true);

  const again = lessonOf(
    [chain],
    tokenizer,
    { ...settings, annotator: { share: 1, shows: 'trace' } },
    0,
  );
  for (const { question, prompt, completion } of again) {
    const written = tokenizer.decode([...completion]);
    expect(tokenizer.decode([...prompt])).toBe(`${question?.prompt.slice(0, -1)}^${written}:`);
  }
  expect(again.every(isRight)).toBe(true);
  expect(() =>
    lessonOf(
      [word],
      tokenizer,
      { ...settings, traces: {}, annotator: { share: 1, shows: 'answer' } },
      0,
    ),
  ).toThrow(expect.objectContaining({ kind: 'BadConfig', field: 'annotator_share' }));
});
