import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { randomStream } from '../random.ts';
import { SPLITS, type Split, type VerifiedTask } from './task.ts';
import { word } from './word.ts';
import { drawReckoning, tell } from './word-draw.ts';
import { amountOf, numbersOf, readStory, type Story } from './word-story.ts';

const SETTINGS = { min_steps: 1, max_steps: 2, largest: 20, distractors: false };
const make = (changes: Partial<typeof SETTINGS> = {}) =>
  word.create({ ...SETTINGS, ...changes }) as VerifiedTask<Story>;
const task = make();
const question = task.readQuestion(
  'ann has 12 pens. ann buys 5. bob has 3 fewer. how many has bob?',
);

describe('a story', () => {
  it.each([
    ['ann has 12 pens. ann buys 5. bob has 3 fewer. how many has bob?', 14],
    ['eve has 3 bags of 4 figs. how many has eve?', 12],
    ['eve has 4 figs. tom has 3 times as many. 6 kids share them. how many has each?', 2],
    ['sam has 12 cups. 4 kids share them. each loses 2. each finds 9. how many has each?', 10],
    ['sam has 12 cups. joe has 7 eggs. sam sells 2. how many has sam?', 10],
    ['sam has 12 cups. sam sells 2. joe is 7 years old. how many has sam?', 10],
    ['sam has 12 cups. how many has sam?', 12],
  ])('%j ends with %i', (text, amount) => {
    expect(amountOf(readStory(text))).toBe(amount);
  });

  it.each([
    ['', 'opens no story'],
    ['how many has ann?', 'opens no story'],
    ['Ann has 12 pens. how many has ann?', 'opens no story'],
    ['ann has 012 pens. how many has ann?', 'opens no story'],
    ['ann has 12 pens. ann flies 3. how many has ann?', 'does not go on'],
    ['ann has 12 pens. bob buys 3. how many has ann?', 'does not go on'],
    ['ann has 12 pens. ann has 3 more. how many has ann?', 'does not go on'],
    ['ann has 12 pens. bob has 7 pens. how many has ann?', 'does not go on'],
    ['ann has 12 pens. bob has 7 figs. joe has 2 fewer. how many has joe?', 'could be about'],
    ['ann has 12 pens. ann sells 12. how many has ann?', 'cannot be, with 12 before'],
    ['ann has 12 pens. 5 kids share them. how many has each?', 'cannot be, with 12 before'],
    ['ann has 999 pens. bob has 99 times as many. how many has bob?', 'cannot be'],
    ['ann has 12 pens. bob has 2 more. how many has ann?', 'does not ask how many has bob'],
    ['ann has 12 pens. how many has ann? ', 'does not ask how many has ann'],
    ['ann has 12 pens. ann buys 1+1. how many has ann?', 'does not go on'],
    [`ann has 12 pens.${' ann buys 5.'.repeat(99)} how many has ann?`, 'at most 400 characters'],
  ])('%j is refused and says why', (text, why) => {
    expect(() => task.readQuestion(text)).toThrow(
      expect.objectContaining({
        kind: 'BadConfig',
        field: 'question',
        message: expect.stringContaining(why),
        remedy: expect.stringContaining('Tell it like'),
      }),
    );
  });

  it('means the calculation that it was made from, with or without an irrelevant sentence', () => {
    const size = fc.record({
      steps: fc.integer({ min: 1, max: 5 }),
      largest: fc.integer({ min: 9, max: 198 }),
    });
    fc.assert(
      fc.property(
        fc.nat(),
        size,
        fc.option(fc.integer({ min: 2, max: 99 })),
        (seed, own, aside) => {
          const random = randomStream(seed, 'story');
          const reckoning = drawReckoning(random, own);
          const story = readStory(tell(random, reckoning, aside));
          expect(story.steps.map(({ operation, by }) => ({ operation, by }))).toEqual(
            reckoning.steps,
          );
          expect(story.steps).toHaveLength(own.steps);
          expect(numbersOf(story)[0]).toBe(reckoning.amount);
          for (const told of numbersOf(story)) {
            expect(told).toBeGreaterThanOrEqual(2);
            expect(told).toBeLessThanOrEqual(own.largest);
          }
          for (const { to } of story.steps) {
            expect(Number.isInteger(to)).toBe(true);
            expect(to).toBeGreaterThanOrEqual(1);
            expect(to).toBeLessThanOrEqual(5 * own.largest);
          }
        },
      ),
      { numRuns: 300 },
    );
  });
});

describe('the splits', () => {
  const draw = (split: Split, seed: number, own = task) =>
    Array.from({ length: 1500 }, (_, i) => own.question(split, i, seed));
  const multisets = (split: Split, seed: number, own = task) =>
    new Set(draw(split, seed, own).map((q) => `${numbersOf(q.data).sort((a, b) => a - b)}`));

  it('share no multiset of numbers, whatever the operations, the seed and the settings', () => {
    const held = multisets('test', 3);
    expect(held.size).toBeGreaterThan(200);
    const others = [
      multisets('train', 4),
      multisets('train', 3, make({ max_steps: 1, distractors: true })),
      multisets('ood', 3),
    ];
    for (const seen of others.flatMap((set) => [...set])) expect(held.has(seen)).toBe(false);
  });

  it('have one step more and a larger number out of distribution', () => {
    for (const { data } of draw('ood', 3)) {
      expect(data.steps).toHaveLength(3);
      expect(Math.max(...numbersOf(data))).toBeGreaterThan(20);
    }
    expect(task.splitOf(task.readQuestion('ann has 41 pens. ann buys 5. how many has ann?'))).toBe(
      null,
    );
  });

  it('stay within the promised length of prompts, and use all four operations', () => {
    const longest = (own: VerifiedTask<Story>, split: Split) =>
      Math.max(...draw(split, 5, own).map(({ prompt }) => prompt.length));
    expect(longest(task, 'train')).toBeLessThanOrEqual(85);
    expect(longest(task, 'ood')).toBeLessThanOrEqual(110);
    expect(longest(make({ distractors: true }), 'test')).toBeLessThanOrEqual(106);
    expect(longest(make({ max_steps: 4 }), 'train')).toBeLessThanOrEqual(135);
    for (const split of SPLITS) {
      const used = draw(split, 5).flatMap(({ data }) => data.steps.map((s) => s.operation));
      for (const operation of ['+', '-', '*', '/'] as const) {
        expect(used.filter((one) => one === operation).length).toBeGreaterThan(used.length / 20);
      }
    }
  });

  it('tell of one other thing where distractors are on, which changes no answer', () => {
    for (const { prompt, data } of draw('train', 5, make({ distractors: true }))) {
      const sentences = prompt.split('. ');
      const without = sentences.filter((_, i) => {
        const rest = sentences.filter((__, j) => j !== i).join('. ');
        try {
          return i > 0 && amountOf(readStory(rest)) === amountOf(data);
        } catch {
          return false;
        }
      });
      expect(without).toHaveLength(1);
    }
  });
});

describe('the verifier', () => {
  it.each([
    ['12+5=17,17-3=14', true, '14', undefined],
    ['5+12=17, then 17-3=14', true, '14', undefined],
    [
      'ann has 12, ann buys 5 so 12+5=17, check 17-5=12, then 17-3=14, so bob has 14',
      true,
      '14',
      undefined,
    ],
    ['12+5=17,12+5=17,17-3=14', true, '14', undefined],
    ['14', false, '14', undefined],
    ['12+5=17,17-3=14, done', false, null, 'cannot be read'],
    ['12+5=17,17-3=14 done', true, '14', undefined],
    ['so bob has 14', false, '14', undefined],
    ['9+9=18,17-3=14', true, '14', undefined],
    ['12+5=16,16-3=13', true, '13', '12+5=16 is false'],
    ['12+5=17,17+3=20', true, '20', '17+3=20 does not follow'],
    ['12+5=17, check 17-4=13, 17-3=15', true, '15', '17-4=13 does not follow'],
    ['12+5=17, check 17-5=12', true, '12', 'ends at 12'],
    ['12+5=17,17-3=14, so bob has 13', true, '13', 'ends at 13'],
    ['12+5=17', true, '17', 'ends at 17'],
    ['12/0=14,1', true, '1', '12/0=14 does not follow'],
    ['15', false, '15', 'ends at 15'],
    ['', false, null, 'cannot be read'],
    ['12+5=17,17-3=14,', false, null, 'cannot be read'],
    ['12+5=17,17-3=14, so bob has', false, null, 'cannot be read'],
    ['12+5=17,,17-3=14', false, null, 'cannot be read'],
    ['014', false, null, 'cannot be read'],
    ['14.0', false, null, 'cannot be read'],
    ['1e1', false, '1', 'ends at 1'],
    ['12+5-3=14', false, null, 'cannot be read'],
    ['12+5=17;17-3=14', false, null, 'cannot be read'],
    ['-14', false, null, 'cannot be read'],
    ['So 14', false, null, 'cannot be read'],
    ['14141', false, null, 'cannot be read'],
  ])('says of %j: well formed %s, answer %s, %s', (text, wellFormed, answer, note) => {
    const verdict = task.verify(question, text);
    expect(verdict).toMatchObject({ wellFormed, answer, correct: note === undefined });
    expect(verdict.note).toBe(note);
  });

  it('accepts a division that is exact, and names one that is not', () => {
    const shared = task.readQuestion('sam has 12 cups. 4 kids share them. how many has each?');
    expect(task.verify(shared, '12/4=3')).toMatchObject({ correct: true });
    expect(task.verify(shared, '12/4=2').note).toBe('12/4=2 is false');
    expect(task.verify(shared, '4/12=3, so 4').note).toBe('4/12=3 does not follow');
  });
});

describe('the styles', () => {
  const drawn = (options: Parameters<typeof task.expertTrace>[2], count = 400) =>
    Array.from({ length: count }, (_, i) =>
      task.expertTrace(question, randomStream(i, 'style'), options),
    );

  test('terse is the steps alone, the larger operand first where asked for', () => {
    expect(new Set(drawn({}))).toEqual(new Set(['12+5=17,17-3=14']));
    const small = task.readQuestion('ann has 5 pens. ann buys 12. how many has ann?');
    const random = randomStream(1, 'x');
    expect(task.expertTrace(small, random, { operands: 'larger-first' })).toBe('12+5=17');
  });

  test('wordy is right too, several times as long, and sometimes checks a step', () => {
    const traces = drawn({ style: 'wordy' });
    for (const trace of traces) {
      expect(task.verify(question, trace)).toMatchObject({ correct: true, wellFormed: true });
      expect(trace).toMatch(/, so bob has 14$/);
    }
    const mean = traces.reduce((sum, { length }) => sum + length, 0) / traces.length;
    expect(mean).toBeGreaterThan(2 * '12+5=17,17-3=14'.length);
    const checked = traces.filter((trace) => trace.includes('check ')).length;
    expect(Math.abs(checked / traces.length - (1 - 0.75 ** 2))).toBeLessThan(0.1);
    expect(new Set(traces).size).toBeGreaterThan(30);
  });

  test('mixed is each of the two half of the time', () => {
    const terse = drawn({ style: 'mixed' }).filter((trace) => !trace.includes(' ')).length;
    expect(Math.abs(terse - 200)).toBeLessThan(40);
  });

  test('failed tries are refused by name, and so are settings that contradict each other', () => {
    expect(() => drawn({ failedTries: [1, 1] })).toThrow(
      expect.objectContaining({ field: 'failedTries' }),
    );
    expect(() => make({ min_steps: 3 })).toThrow(
      expect.objectContaining({ field: 'task.min_steps' }),
    );
  });
});

test('a careless expert slips by one or ten, goes on from what it wrote, and never checks a slip', () => {
  const traces = Array.from({ length: 1000 }, (_, i) =>
    task.expertTrace(question, randomStream(i, 'slips'), { slips: 0.3, style: 'mixed' }),
  );
  const wrong = traces.filter((trace) => !task.verify(question, trace).correct);
  // Either step may slip, and two slips rarely cancel.
  expect(Math.abs(wrong.length / 1000 - (1 - 0.7 ** 2))).toBeLessThan(0.08);
  for (const trace of wrong) {
    const { note, answer } = task.verify(question, trace);
    expect(note).toMatch(/^(12\+5=(16|18|27|7)|\d+-3=\d+) is false$/);
    expect(trace.endsWith(`${answer}`)).toBe(true);
    for (const [, from, by, to] of trace.matchAll(/check (\d+)[+-](\d)=(\d+)/g)) {
      expect(Math.abs(Number(from) - Number(to))).toBe(Number(by));
    }
  }
});

describe('chatter', () => {
  const chat = (text: string) =>
    (task.manner?.(question, text).chatter ?? []).map(([from, to]) => text.slice(from, to));

  it('is words before steps, what is said again, and checks', () => {
    expect(chat('so ok 12+5=17,again 12+5=17,17-3=14,check 12+5=17,17-3=14')).toEqual([
      'so ok ',
      'again 12+5=17,',
      'check 12+5=17,17-3=14',
    ]);
    expect(chat('12+5=17, check 17-5=12, 17-3=14, so bob has 14')).toEqual([' check 17-5=12, ']);
    expect(chat('12+5=17,17-3=14')).toEqual([]);
    expect(chat('what? 7')).toEqual([]);
  });

  it('of an expert is at most at the level that was asked for, and leaves the answer right', () => {
    let chatty = 0;
    for (let i = 0; i < 400; i++) {
      const text = task.expertTrace(question, randomStream(i, 'chatter'), { chatter: 2 });
      expect(task.verify(question, text)).toMatchObject({ correct: true, wellFormed: true });
      chatty += Number(chat(text).length > 0);
    }
    // One trace in three is at level 0, and a level above it seldom says nothing.
    expect(chatty).toBeGreaterThan(180);
    expect(chatty).toBeLessThan(320);
  });

  it.each([
    [{ chatterKind: 'question' }, 'chatter_kind'],
    [{ checkRepairs: true }, 'check_repairs'],
    [{ dialects: { private: 1 } }, 'dialects'],
  ] as const)('%j is refused by name', (options, field) => {
    expect(() => task.expertTrace(question, randomStream(1, 'x'), options)).toThrow(
      expect.objectContaining({ field }),
    );
  });
});
