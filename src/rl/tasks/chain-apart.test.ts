import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { randomStream } from '../random.ts';
import { chain } from './chain.ts';
import type { Task, TraceOptions, VerifiedTask } from './task.ts';

type Chain = VerifiedTask<{ terms: number[] }> &
  Required<Pick<Task<{ terms: number[] }>, 'manner'>>;
const settings = { min_terms: 2, max_terms: 8, largest_term: 99, answer_apart: true };
const task = chain.create(settings) as Chain;
const question = task.readQuestion('3+8+5:');

const DIALECTS = ['public', 'private', 'reversed', 'leaps'] as const;
const only = (dialect: string): TraceOptions => ({ dialects: { [dialect]: 1 } });
const trace = (options: TraceOptions, seed = 1) =>
  task.expertTrace(question, randomStream(seed, 'trace'), options);

describe('an answer apart', () => {
  it.each([
    ['3+8=11,11+5=16;16', true, undefined],
    ['d+i=bb,bb+f=bg;16', true, undefined],
    ['5+8=13,13+3=16;16', true, undefined],
    ['8+3=11,5+11=16;16', true, undefined],
    ['3+8+5=16;16', false, undefined],
    [';16', false, undefined],
    ['3+8=12,12+5=17;16', true, undefined],
    ['so let me see 3+8=11,again 3+8=11,11+5=16,check 3+8=11,11+5=16,ok ;16', true, undefined],
    ['3+8=12,12+5=17,check 3+8=11,11+5=16;16', true, undefined],
    ['3+8+5 3+8=11,3+8+5 11+5=16;16', true, undefined],
    ['3+8=12,12+5=17;17', true, '3+8=12 is false'],
    ['d+i=bc,bc+f=bh;17', true, 'd+i=bc is false'],
    ['3+8=11,9+5=14;14', true, '9+5=14 does not follow'],
    ['3+8=11,11+5=16;17', true, 'ends at 17'],
    ['3+8=11;11', false, 'ends at 11'],
    ['3+8=11,11+5=16,16+1=17;17', false, '16+1=17 does not follow'],
    ['3+8=11,what?,11+5=16;17', false, 'ends at 17'],
    ['3+8=11,11+5=16', false, 'cannot be read'],
    ['3+8=11,11+5=16;bg', false, 'cannot be read'],
    ['3+8=11,11+5=16;016', false, 'cannot be read'],
    ['', false, 'cannot be read'],
  ])('of %j: well formed %s, %s', (text, wellFormed, note) => {
    const verdict = task.verify(question, text);
    expect(verdict).toMatchObject({ wellFormed, correct: note === undefined });
    expect(verdict.note).toBe(note);
  });

  it('is what an expert’s bare answer is', () => {
    expect(task.expertAnswer(question)).toBe(';16');
  });

  it('hands over after steps', () => {
    expect(task.stepBoundaries('3+8=11,11+5=16;16')).toEqual([7, 15, 17]);
  });
});

describe('the dialects', () => {
  it.each([
    ['public', '3+8=11,11+5=16;16'],
    ['private', 'd+i=bb,bb+f=bg;16'],
    ['reversed', '5+8=13,13+3=16;16'],
    ['leaps', '3+8+5=16;16'],
  ])('%s is %s', (dialect, text) => {
    expect(trace(only(dialect))).toBe(text);
    expect(task.manner(question, text)).toEqual({ dialect, chatter: [] });
  });

  it('are read back from any trace, with slips and with chatter', () => {
    const terms = fc.array(fc.nat({ max: 99 }), { minLength: 4, maxLength: 8 });
    const options = fc.record({
      dialect: fc.constantFrom(...DIALECTS),
      slips: fc.constantFrom(0, 0.5),
      chatter: fc.nat({ max: 3 }),
      chatterKind: fc.constantFrom('filler' as const, 'question' as const),
      checkRepairs: fc.boolean(),
    });
    fc.assert(
      fc.property(terms, options, fc.nat(), (drawn, { dialect, ...rest }, seed) => {
        // A sum that reads the same from both sides is public.
        fc.pre(drawn[0] !== drawn[drawn.length - 1] || drawn[1] !== drawn[drawn.length - 2]);
        fc.pre(`${drawn.slice(0, 2)}` !== `${drawn.slice(-2)}`);
        const asked = task.readQuestion(`${drawn.join('+')}:`);
        const random = randomStream(seed, 'any');
        const text = task.expertTrace(asked, random, { ...only(dialect), ...rest });
        const { chatter, dialect: read } = task.manner(asked, text);
        expect(read).toBe(dialect);
        if (rest.chatter === 0) expect(chatter).toEqual([]);
        const { wellFormed, answer } = task.verify(asked, text);
        expect(answer).not.toBeNull();
        expect(wellFormed).toBe(dialect !== 'leaps');
      }),
    );
  });

  it('are drawn by their weights, whatever the question', () => {
    const count = { public: 0, private: 0 };
    for (let i = 0; i < 2000; i++) {
      const asked = task.question('train', i, 1);
      const text = task.expertTrace(asked, randomStream(i, 'w'), {
        dialects: { public: 1, private: 3 },
      });
      count[task.manner(asked, text).dialect as 'public' | 'private'] += 1;
    }
    // Binomial, 2,000 draws of 3/4: deviation 19.
    expect(Math.abs(count.private - 1500)).toBeLessThan(80);
  });

  it('slip as often as is set for each', () => {
    const slipped = (dialect: string) =>
      Array.from({ length: 1000 }, (_, i) =>
        trace({ ...only(dialect), slips: 0.5, dialectSlips: { private: 0 } }, i),
      ).filter((text) => !task.verify(question, text).correct).length;
    expect(slipped('private')).toBe(0);
    expect(slipped('public')).toBeGreaterThan(500);
  });

  test('of none is text without steps, of mixed steps, or of a sum that is not the question’s', () => {
    for (const text of ['', ';16', '16', 'so ok ;16', '3+8=11,bb+f=bg;16', '7+7=14;14']) {
      expect(task.manner(question, text).dialect).toBeNull();
    }
  });

  it.each([
    [{ dialects: { klingon: 1 } }, 'dialects', /no dialect klingon/],
    [{ dialects: { public: 0 } }, 'dialects', /sum to nothing/],
  ] as const)('%j is refused by name', (options, field, message) => {
    expect(() => trace(options)).toThrow(
      expect.objectContaining({ field, message: expect.stringMatching(message) }),
    );
  });

  it('and chatter are refused where the answer has no place of its own, and by other tasks', () => {
    const plain = chain.create({ ...settings, answer_apart: false });
    const asked = plain.readQuestion('3+8+5:');
    for (const [options, field] of [
      [only('private'), 'dialects'],
      [{ chatter: 1 }, 'chatter'],
    ] as const) {
      expect(() => plain.expertTrace(asked, randomStream(1, 'x'), options)).toThrow(
        expect.objectContaining({ field }),
      );
    }
  });
});

describe('chatter', () => {
  const chat = (text: string) =>
    task.manner(question, text).chatter.map(([from, to]) => text.slice(from, to));

  it('is fillers, what is said again, and checks', () => {
    expect(
      chat('so let me see 3+8=11,again 3+8=11,wait 11+5=16,check 3+8=11,11+5=16,ok ;16'),
    ).toEqual(['so let me see ', 'again 3+8=11,wait ', 'check 3+8=11,11+5=16,ok ']);
    expect(chat('3+8+5 3+8=11,11+5=16;16')).toEqual(['3+8+5 ']);
    expect(chat('3+8=11,11+5=16;16')).toEqual([]);
  });

  it('is not a check that finds a slip', () => {
    expect(chat('3+8=12,12+5=17,check 3+8=11,11+5=16;16')).toEqual(['check ']);
  });

  it('does not depend on the question or on being right', () => {
    const share = (slips: number) => {
      let chatter = 0;
      let all = 0;
      for (let i = 0; i < 2000; i++) {
        const text = trace({ chatter: 3, slips }, i);
        for (const [from, to] of task.manner(question, text).chatter) chatter += to - from;
        all += text.length;
      }
      return chatter / all;
    };
    expect(Math.abs(share(0) - share(0.5))).toBeLessThan(0.02);
    expect(share(0)).toBeGreaterThan(0.3);
  });

  it('that repairs makes answers right that slipped', () => {
    const right = (checkRepairs: boolean) =>
      Array.from({ length: 500 }, (_, i) => trace({ chatter: 3, slips: 0.5, checkRepairs }, i))
        .filter((text) => text.includes('check '))
        .map((text) => task.verify(question, text).correct);
    expect(right(true).every((one) => one)).toBe(true);
    expect(right(false).every((one) => one)).toBe(false);
  });
});
