import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CHARACTERS } from '../../model/character-tokenizer.ts';
import { randomStream } from '../random.ts';
import { couplet } from './couplet.ts';
import { judgeCouplet, winRate } from './couplet-judge.ts';
import { CONTENT_WORDS, stressOf } from './couplet-lexicon.ts';
import { hasVerifier, SPLITS } from './task.ts';

const task = couplet.create({});
const topicOf = (prompt: string) => prompt.slice(0, -1);
const all = { rhyme: true, metre: true, topic: true, fresh: true, score: 4 };

describe('the lexicon', () => {
  it('has every word once, with a stress', () => {
    const words = CONTENT_WORDS.map(({ word }) => word);
    expect(words.filter((word, i) => words.indexOf(word) !== i)).toEqual([]);
    for (const word of words) expect(stressOf(word)).toMatch(/^1(0)?$/);
  });

  it('has at least two words of every rhyme beside any topic', () => {
    const count = new Map<string, number>();
    for (const { rhyme } of CONTENT_WORDS)
      if (rhyme !== null) count.set(rhyme, (count.get(rhyme) ?? 0) + 1);
    for (const [rhyme, number] of count)
      expect({ rhyme, number, enough: number > 2 }).toMatchObject({ enough: true });
  });
});

describe('the task', () => {
  it('has no verifier', () => expect(hasVerifier(task)).toBe(false));

  it('asks about topics that splits do not share, the same for the same counters', () => {
    const asked = SPLITS.map(
      (split) => new Set(Array.from({ length: 300 }, (_, i) => task.question(split, i, 3).prompt)),
    );
    for (const [i, prompts] of asked.entries()) {
      expect(prompts.size).toBeGreaterThan(8);
      for (const other of asked.slice(i + 1))
        expect([...prompts].filter((prompt) => other.has(prompt))).toEqual([]);
      for (const prompt of prompts) {
        expect(task.splitOf(task.readQuestion(prompt))).toBe(SPLITS[i]);
      }
    }
    expect(task.question('train', 40, 3)).toEqual(couplet.create({}).question('train', 40, 3));
    const order = (seed: number) =>
      Array.from({ length: 20 }, (_, i) => task.question('train', i, seed));
    expect(order(1)).not.toEqual(order(2));
  });

  it.each(['', ':', 'moon', 'the:', 'gray:', 'moon: ', 'Moon:'])(
    'refuses the prompt %j',
    (prompt) => {
      expect(() => task.readQuestion(prompt)).toThrow(
        expect.objectContaining({ kind: 'BadConfig', field: 'question' }),
      );
    },
  );

  it('puts boundaries after its reasoning and after each line', () => {
    expect(task.stepBoundaries('gray day;the moon\nwe')).toEqual([9, 18, 20]);
    expect(task.stepBoundaries('12+95=7,7+7=14;1')).toEqual([8, 15, 16]);
    expect(task.stepBoundaries('')).toEqual([]);
  });

  it('refuses what its traces cannot have', () => {
    const question = task.question('train', 0, 1);
    for (const options of [{ failedTries: [0, 1] }, { chatter: 1 }, { dialects: { private: 1 } }])
      expect(() => task.expertTrace(question, randomStream(1, 't'), options)).toThrow(
        expect.objectContaining({ kind: 'BadConfig' }),
      );
  });
});

describe('the expert', () => {
  const at = [fc.constantFrom(...SPLITS), fc.nat({ max: 2000 }), fc.nat({ max: 99 })] as const;

  it('writes couplets that the hidden judge finds good in every way', () => {
    fc.assert(
      fc.property(...at, (split, index, seed) => {
        const question = task.question(split, index, seed);
        const trace = task.expertTrace(question, randomStream(seed, 'trace', index));
        const answer = task.expertAnswer(question);
        expect(answer).toBe(task.expertAnswer(question));
        for (const text of [trace, answer]) {
          expect({ text, ...judgeCouplet(topicOf(question.prompt), text) }).toMatchObject(all);
          for (const char of text) expect(CHARACTERS).toContain(char);
        }
        const [ends, couplet] = trace.split(';');
        expect(couplet.split('\n').map((line) => line.split(' ').at(-1))).toEqual(ends.split(' '));
      }),
      { numRuns: 300 },
    );
  });

  it('loses the rhyme, and nothing else, where it slips', () => {
    fc.assert(
      fc.property(...at, (split, index, seed) => {
        const question = task.question(split, index, seed);
        const trace = task.expertTrace(question, randomStream(seed, 'trace', index), { slips: 1 });
        expect(judgeCouplet(topicOf(question.prompt), trace)).toEqual({
          ...{ ...all, rhyme: false, score: 3 },
        });
      }),
    );
  });
});

describe('the hidden judge', () => {
  const judged = (text: string) => judgeCouplet('moon', text);

  it.each([
    ['the moon is cold and gray\nbeneath the tree we play', {}],
    ['the moon is cold and gray\nbeneath the tree we sing', { rhyme: false }],
    ['the moon is cold and gray\nbeneath the tree is gray', { rhyme: false, fresh: false }],
    ['the moon cold and gray\nbeneath the tree we play', { metre: false }],
    ['gray is the moon and play\nbeneath the tree we stay', { metre: false }],
    ['the lake is cold and gray\nbeneath the tree we play', { topic: false }],
    ['the moon is tall and tall\nbeneath the tree we fall', { fresh: false }],
    ['the moon is cold and gray\nbeneath the zoo we play', { metre: false }],
  ])('finds in %j what is missing', (text, missing) => {
    const { score: _, ...expected } = { ...all, ...missing };
    const { score, ...found } = judged(text);
    expect(found).toEqual(expected);
    expect(score).toBe(4 - Object.keys(missing).length);
  });

  it('finds nothing in one line, three lines or none, and reads the answer alone', () => {
    for (const text of ['', '\n', 'the moon is cold and gray', 'a\nb\nc', 'moon\n'])
      expect(judged(text).score).toBe(0);
    expect(judged('a;b\nc;the moon is cold and gray\nbeneath the tree we play').score).toBe(4);
  });

  it('never throws', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(judged(text).score).toBeLessThanOrEqual(4);
      }),
    );
  });

  it('counts wins against the expert, and ties as half', () => {
    const expert = 'the moon is cold and gray\nbeneath the tree we play';
    const worse = 'the moon is cold and gray\nbeneath the tree we sing';
    const pairs = [
      { topic: 'moon', policy: expert, expert },
      { topic: 'moon', policy: worse, expert },
      { topic: 'moon', policy: expert, expert: worse },
      { topic: 'moon', policy: '', expert },
    ];
    expect(winRate(pairs)).toBe((0.5 + 0 + 1 + 0) / 4);
    expect(winRate([])).toBeNull();
  });
});
