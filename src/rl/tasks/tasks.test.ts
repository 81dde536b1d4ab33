import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { CHARACTERS } from '../../model/character-tokenizer.ts';
import { randomStream } from '../random.ts';
import { createTask, type TaskConfig, tasks } from './index.ts';
import { hasVerifier, SPLITS, type TraceOptions } from './task.ts';
import { verifiedTask } from './testing.ts';

const configs: readonly TaskConfig[] = [
  { id: 'countdown', form: 'small' },
  { id: 'countdown', form: 'classic' },
  { id: 'chain', min_terms: 2, max_terms: 4, largest_term: 99, answer_apart: false },
  { id: 'chain', min_terms: 3, max_terms: 3, largest_term: 99, answer_apart: false },
  { id: 'word', min_steps: 1, max_steps: 2, largest: 20, distractors: false },
  { id: 'word', min_steps: 1, max_steps: 4, largest: 99, distractors: true },
  { id: 'couplet' },
  { id: 'hops', min_hops: 2, max_hops: 3, distractor_facts: 4, letters: 12 },
  { id: 'hops', min_hops: 1, max_hops: 6, distractor_facts: 16, letters: 26 },
];

const isJudged = (config: TaskConfig) => hasVerifier(createTask(config));

const anySplit = fc.constantFrom(...SPLITS);
const anyIndex = fc.nat({ max: 20_000 });
const anySeed = fc.nat({ max: 1000 });
const written = fc.record<TraceOptions>({
  operands: fc.constantFrom('any', 'larger-first'),
  style: fc.constantFrom('terse', 'wordy', 'mixed'),
});
/** Text of the kinds a verifier may meet: anything at all, and things close to an answer. */
const anyText = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 200 }),
  fc.string({ unit: fc.constantFrom(...CHARACTERS), maxLength: 80 }),
  fc.string({ unit: fc.constantFrom(...'0123456789+-*/=,;|'), maxLength: 40 }),
  fc.string({ unit: fc.constantFrom(...'abc>,;'), maxLength: 30 }),
  fc.string({
    unit: fc.constantFrom('1', '2', '+', '-', '/', '=', ', ', 'so ', 'then '),
    maxLength: 20,
  }),
);

test('every task of the registry is held to the properties below', () => {
  expect(new Set(configs.map((config) => config.id))).toEqual(new Set(Object.keys(tasks)));
});

describe.each(configs)('$id, settings $#', (config) => {
  const task = createTask(config);

  it('asks the same question for the same counters, in whatever order it is asked', () => {
    fc.assert(
      fc.property(anySplit, anyIndex, anySeed, anyIndex, (split, index, seed, other) => {
        const first = task.question(split, index, seed);
        task.question(split, other, seed + 1);
        expect(createTask(config).question(split, index, seed)).toEqual(first);
        expect(task.question(split, index, seed)).toEqual(first);
      }),
      { numRuns: 5 },
    );
  });

  it('asks other questions for other seeds', () => {
    const prompts = (seed: number) =>
      Array.from({ length: 20 }, (_, i) => task.question('train', i, seed).prompt);
    expect(prompts(1)).not.toEqual(prompts(2));
  });

  it('reads its own prompts back, and knows which split they are of', () => {
    fc.assert(
      fc.property(anySplit, anyIndex, anySeed, (split, index, seed) => {
        const question = task.question(split, index, seed);
        expect(task.readQuestion(question.prompt)).toEqual(question);
        expect(task.splitOf(question)).toBe(split);
      }),
      { numRuns: 60 },
    );
  });

  const { mostCharacters = Number.NaN } = task;
  it.skipIf(Number.isNaN(mostCharacters))(
    'has no prompt beyond the characters that it promises',
    () => {
      fc.assert(
        fc.property(anySplit, anyIndex, anySeed, (split, index, seed) => {
          const { prompt } = task.question(split, index, seed);
          expect(prompt.length).toBeLessThanOrEqual(mostCharacters);
        }),
        { numRuns: 60 },
      );
    },
  );

  it('has an emptied prompt that ends every prompt and asks nothing', () => {
    fc.assert(
      fc.property(anySplit, anyIndex, anySeed, (split, index, seed) => {
        const { prompt } = task.question(split, index, seed);
        expect(prompt.endsWith(task.emptyPrompt)).toBe(true);
        expect(prompt.slice(0, -task.emptyPrompt.length)).toMatch(/[\da-z]$/);
      }),
      { numRuns: 20 },
    );
    for (const char of task.emptyPrompt) expect(CHARACTERS).toContain(char);
    expect(() => task.readQuestion(task.emptyPrompt)).toThrow(
      expect.objectContaining({ kind: 'BadConfig', field: 'question' }),
    );
  });

  it('says how to read every sign that its expert writes and that no school teaches', () => {
    const signs = new Set<string>();
    for (let i = 0; i < 200; i += 1) {
      const question = task.question('train', i, 1);
      const trace = task.expertTrace(question, randomStream(1, 'legend', i), { style: 'mixed' });
      for (const char of trace) if ('|;>,'.includes(char)) signs.add(char);
    }
    const told = [...task.legend.matchAll(/`([^`]+)`/g)].map(([, code]) => code).join('');
    for (const sign of signs) expect(told).toContain(sign);
  });

  it('refuses prompts that are not its own, naming the field', () => {
    for (const prompt of [
      '',
      '1',
      '1 2 3',
      '1+:',
      '0 0 0=5:',
      '1e3+4:',
      '1 2 3=7: ',
      `${'9 '.repeat(99)}=1:`,
    ]) {
      expect(() => task.readQuestion(prompt)).toThrow(
        expect.objectContaining({ kind: 'BadConfig', field: 'question' }),
      );
    }
  });

  it('puts step boundaries where a step has just ended, the last one at the end', () => {
    expect(task.stepBoundaries('12+95=7,7+7=14;1')).toEqual([8, 15, 16]);
    expect(task.stepBoundaries('12+95=7,')).toEqual([8]);
    fc.assert(
      fc.property(anyText, (text) => {
        const ends = task.stepBoundaries(text);
        expect(ends).toEqual([...new Set(ends)].sort((a, b) => a - b));
        expect(ends.at(-1)).toBe(text === '' ? undefined : text.length);
        expect(ends[0] ?? 1).toBeGreaterThan(0);
      }),
    );
  });

  it('writes expert traces and answers with characters of the vocabulary', () => {
    fc.assert(
      fc.property(anySplit, anyIndex, anySeed, written, (split, index, seed, options) => {
        const question = task.question(split, index, seed);
        const trace = task.expertTrace(question, randomStream(seed, 'trace', index), options);
        const answer = task.expertAnswer(question);
        for (const char of question.prompt + trace + answer) expect(CHARACTERS).toContain(char);
      }),
      { numRuns: 150 },
    );
  });
});

describe.each(configs.filter(isJudged))('the verifier of $id, settings $#', (config) => {
  const task = verifiedTask(config);

  it('finds the expert’s traces and answers right', () => {
    fc.assert(
      fc.property(anySplit, anyIndex, anySeed, written, (split, index, seed, options) => {
        const question = task.question(split, index, seed);
        const random = randomStream(seed, 'trace', index);
        const trace = task.expertTrace(question, random, options);
        const verdict = task.verify(question, trace);
        expect({ trace, ...verdict }).toMatchObject({ correct: true, wellFormed: true });
        expect([verdict.note, verdict.firstWrong]).toEqual([undefined, undefined]);
        const answer = task.expertAnswer(question);
        expect(task.verify(question, answer)).toMatchObject({ correct: true });
      }),
      { numRuns: 150 },
    );
  });

  it('never accepts an answer that was cut short', () => {
    fc.assert(
      fc.property(anySplit, anyIndex, anySeed, (split, index, seed) => {
        const question = task.question(split, index, seed);
        const trace = task.expertTrace(question, randomStream(seed, 'trace', index));
        const longestWrong = trace.lastIndexOf('=');
        for (let cut = 0; cut < trace.length; cut++) {
          const { correct, note } = task.verify(question, trace.slice(0, cut));
          // A chain may pass through its own answer on the way. An unfinished number never counts as it.
          if (config.id === 'countdown' || cut > longestWrong) expect(correct).toBe(false);
          expect(correct).toBe(note === undefined);
        }
      }),
      { numRuns: 60 },
    );
  });

  it('judges any text without throwing, and says why wherever it is wrong', () => {
    const question = task.question('train', 0, 1);
    fc.assert(
      fc.property(anyText, (text) => {
        const { correct, answer, note, firstWrong = 0 } = task.verify(question, text);
        if (correct) expect(answer).not.toBeNull();
        if (answer === null) expect(firstWrong).toBe(0);
        else expect(firstWrong).toBeLessThan(task.stepBoundaries(text).length);
        expect(correct).toBe(note === undefined);
        expect((note ?? '').length).toBeLessThan(60);
      }),
      { numRuns: 2000 },
    );
  });

  it('finds equal answers equally right', () => {
    const question = task.question('test', 3, 1);
    const right = new Map<string, boolean>();
    let met = 0;
    fc.assert(
      fc.property(fc.nat(), fc.nat(), fc.constantFrom(...'0123456789+-*/,'), (seed, at, char) => {
        const trace = task.expertTrace(question, randomStream(seed, 'trace'));
        const cut = at % (trace.length + 1);
        for (const text of [trace, trace.slice(0, cut) + char + trace.slice(cut + 1)]) {
          const { answer, correct } = task.verify(question, text);
          if (answer === null) continue;
          if (right.has(answer)) met++;
          expect({ answer, correct: right.get(answer) ?? correct }).toEqual({ answer, correct });
          right.set(answer, correct);
        }
      }),
      { numRuns: 500 },
    );
    expect(met).toBeGreaterThan(100);
  });

  it('takes time linear in the length of what it judges', () => {
    const question = task.question('train', 0, 1);
    const long = 100_000;
    const floods = [
      '1',
      '1+1=2,',
      ';',
      ',',
      '1|1',
      '9+',
      '=',
      ' ',
      '*',
      '1+1=2;',
      'a',
      'so 1, ',
    ].map((piece) => piece.repeat(long));
    for (const text of [...floods, ...floods.map((flood) => `1+1=2,${flood}`)]) {
      const start = performance.now();
      expect(task.verify(question, text).correct).toBe(false);
      expect(performance.now() - start).toBeLessThan(1000);
    }
  });
});
