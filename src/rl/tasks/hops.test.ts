import { describe, expect, it, test } from 'vitest';
import { randomStream } from '../random.ts';
import { hops } from './hops.ts';
import { drawPath, type HopsData, pathOf } from './hops-base.ts';
import { SPLITS, type Split, type TraceOptions, type VerifiedTask } from './task.ts';

const SETTINGS = { min_hops: 2, max_hops: 3, distractor_facts: 4, letters: 12 };
const make = (changes: Partial<typeof SETTINGS> = {}) =>
  hops.create({ ...SETTINGS, ...changes }) as VerifiedTask<HopsData>;
const task = make();
const question = task.readQuestion('a>c,b>d,c>f,f>b;>>a:');

describe('a question', () => {
  it('asks where facts lead, and says so in words', () => {
    expect(question.title).toBe('2 hops from a, with a>c, b>d, c>f and f>b');
    expect(task.readQuestion('a>c;>a:').title).toBe('1 hop from a, with a>c');
    expect(pathOf(question.data)).toEqual(['a', 'c', 'f']);
    expect(task.expertAnswer(question)).toBe(';f');
  });

  it.each([
    ['a>c,b>d;>>a:', 'No fact says what follows c'],
    ['a>c,b>d;>e:', 'No fact says what follows e'],
    ['a>c,b>d,a>d;>b:', 'two facts about a'],
    ['a>c,b>d;a:', 'not a question of hops'],
    ['a>c,b>d;>a', 'not a question of hops'],
    ['a>c,,b>d;>a:', 'not a question of hops'],
    ['a>1;>a:', 'not a question of hops'],
    ['A>b;>A:', 'not a question of hops'],
    [`a>b,b>a;${'>'.repeat(10)}a:`, 'not a question of hops'],
    [`${'a>b,'.repeat(9999)}b>c;>a:`, 'not a question of hops'],
  ])('%j is refused and says why', (prompt, why) => {
    expect(() => task.readQuestion(prompt)).toThrow(
      expect.objectContaining({
        kind: 'BadConfig',
        field: 'question',
        message: expect.stringContaining(why),
      }),
    );
  });

  it('is the same with its facts in another order', () => {
    const other = task.readQuestion('f>b,c>f,a>c,b>d;>>a:');
    expect(task.sameAs?.(other)).toBe(task.sameAs?.(question));
    const further = task.readQuestion('f>b,c>f,a>c,b>d;>>>a:');
    expect(task.sameAs?.(further)).not.toBe(task.sameAs?.(question));
  });
});

describe('the splits', () => {
  const draw = (split: Split, seed = 3) =>
    Array.from({ length: 2000 }, (_, i) => task.question(split, i, seed));
  const paths = (split: Split) => draw(split).map(({ data }) => pathOf(data));

  it('share no path, and questions on one path are one cluster', () => {
    const held = new Set(draw('test').map((one) => task.clusterOf?.(one)));
    expect(held.size).toBeGreaterThan(500);
    expect(held).toEqual(new Set(paths('test').map((path) => path.join('>'))));
    for (const seed of [3, 4]) {
      for (const one of draw('train', seed)) expect(held.has(task.clusterOf?.(one))).toBe(false);
    }
  });

  it('have two or three hops, each as often, and one more out of distribution', () => {
    const three = paths('train').filter((path) => path.length === 4).length;
    // Binomial, 2,000 draws of a half: deviation 22.
    expect(Math.abs(three - 1000)).toBeLessThan(100);
    expect(paths('train').every(({ length }) => length === 3 || length === 4)).toBe(true);
    expect(paths('ood').every(({ length }) => length === 5)).toBe(true);
  });

  it('tell as many facts beside the path as are set, which often go on from the answer', () => {
    let on = 0;
    for (const { data } of draw('train')) {
      expect(data.facts).toHaveLength(data.hops + 4);
      const end = pathOf(data)[data.hops];
      on += Number(data.facts.some(([from]) => from === end));
    }
    // 4 of the 9 or 10 letters beside the path have a fact, the answer among them as often as any.
    expect(on / 2000).toBeGreaterThan(0.35);
    expect(on / 2000).toBeLessThan(0.5);
  });

  it('have questions under the tightest settings', () => {
    const tight = [
      make({ min_hops: 1, max_hops: 1, distractor_facts: 0, letters: 8 }),
      make({ min_hops: 1, max_hops: 6, distractor_facts: 1, letters: 8 }),
    ];
    for (const one of tight) {
      for (const split of SPLITS) {
        const asked = one.question(split, 0, 1);
        expect(one.splitOf(asked)).toBe(split);
      }
    }
  });

  it.each([
    ['another number of facts', 'a>c,b>d,c>f,f>b;>>a:'],
    ['a path that comes back', 'a>c,c>a,f>b,g>b,h>b,i>b;>>a:'],
    ['letters beyond those that are set', 'a>c,c>f,f>b,g>b,h>b,z>b;>>a:'],
    ['too few hops', 'a>c,c>f,f>b,g>b,h>b;>a:'],
  ])('hold no question with %s', (_, prompt) => {
    expect(task.splitOf(task.readQuestion(prompt))).toBeNull();
  });

  test('a path is of different letters', () => {
    const path = drawPath(randomStream(1, 'path'), 7, { letters: 8, distractors: 0 });
    expect(path.toSorted()).toEqual([...'abcdefgh']);
  });
});

describe('the verifier', () => {
  it.each([
    ['a>c,c>f;f', true, undefined, undefined],
    [';f', false, undefined, undefined],
    ['a>c;f', false, undefined, undefined],
    ['a>d,d>f;f', true, undefined, 0],
    ['a>c,f>b;b', true, 'f>b does not follow', 1],
    ['a>c,c>d;d', true, 'c>d is false', 1],
    ['a>d,c>f;d', true, 'a>d is false', 0],
    ['a>c,c>f;c', true, 'ends at c', 2],
    ['a>c;c', false, 'ends at c', 1],
    [';c', false, 'ends at c', 1],
    ['a>c,c>f,f>b;b', false, 'f>b does not follow', 2],
    ['a>c,?,c>f;b', false, 'step 2 cannot be read', 1],
    ['a>c,;c', false, 'step 2 cannot be read', 1],
    ['a>c;c>d;d', false, 'c>d is false', 1],
    ['a>c,c>f', false, 'cannot be read', undefined],
    ['a>c,c>f;', false, 'cannot be read', undefined],
    ['a>c,c>f;ff', false, 'cannot be read', undefined],
    ['a>c,c>f; f', false, 'cannot be read', undefined],
    ['f', false, 'cannot be read', undefined],
    ['', false, 'cannot be read', undefined],
  ])('says of %j: well formed %s, %s, first wrong %s', (text, wellFormed, note, firstWrong) => {
    const verdict = task.verify(question, text);
    expect(verdict).toMatchObject({ wellFormed, correct: note === undefined });
    expect([verdict.note, verdict.firstWrong]).toEqual([note, firstWrong]);
  });

  it('takes a path that comes back', () => {
    const round = task.readQuestion('a>b,b>a;>>>a:');
    expect(task.verify(round, 'a>b,b>a,a>b;b')).toMatchObject({ correct: true, wellFormed: true });
  });
});

describe('an expert', () => {
  const traces = (options: TraceOptions) =>
    Array.from({ length: 1000 }, (_, i) => {
      const asked = task.question('train', i, 1);
      const text = task.expertTrace(asked, randomStream(i, 'hops'), options);
      return { asked, text, steps: text.slice(0, -2).split(','), ...task.verify(asked, text) };
    });
  /** The first step that is no fact of the question, found without the verifier. */
  const firstFalse = (asked: { prompt: string }, steps: string[]) => {
    const told = asked.prompt.split(';')[0].split(',');
    return steps.findIndex((step) => !told.includes(step));
  };
  const goesOn = (steps: readonly string[], answer: string | null) =>
    steps.every((step, i) => step[2] === (steps[i + 1]?.[0] ?? answer));

  it('takes one step a hop', () => {
    expect(task.expertTrace(question, randomStream(1, 'trace'))).toBe('a>c,c>f;f');
  });

  it('slips as often as asked, and goes on from what it wrote', () => {
    const all = traces({ slips: 0.2 });
    let steps = 0;
    let slips = 0;
    for (const one of all) {
      const at = firstFalse(one.asked, one.steps);
      expect(one.firstWrong ?? -1).toBe(at);
      expect(one.wellFormed).toBe(true);
      expect(goesOn(one.steps, one.answer)).toBe(true);
      steps += at < 0 ? one.steps.length : at + 1;
      slips += Number(at >= 0);
    }
    // About 2,000 steps, of which a few have no other way to go on.
    expect(slips / steps).toBeGreaterThan(0.15);
    expect(slips / steps).toBeLessThan(0.23);
  });

  it('reads facts backwards as often as asked, wherever one can be', () => {
    for (const one of traces({ misconceptions: { backwards: 0.5 } })) {
      const told = one.asked.prompt.split(';')[0].split(',');
      const at = firstFalse(one.asked, one.steps);
      expect(one.firstWrong ?? -1).toBe(at);
      expect(goesOn(one.steps, one.answer)).toBe(true);
      for (const step of one.steps) {
        const turned = `${step[2]}>${step[0]}`;
        expect(told.includes(step) || told.includes(turned)).toBe(true);
      }
    }
    // From the second step on there always is one: the fact that led there.
    const second = traces({ misconceptions: { backwards: 1 } }).filter(
      ({ asked, steps }) => firstFalse(asked, steps) <= 1,
    );
    expect(second).toHaveLength(1000);
  });

  it.each([
    [{ failedTries: [1, 1] }, 'failedTries'],
    [{ chatter: 1 }, 'chatter'],
    [{ dialects: { private: 1 } }, 'dialects'],
  ] as const)('refuses %j by name', (options, field) => {
    expect(() => task.expertTrace(question, randomStream(1, 'x'), options)).toThrow(
      expect.objectContaining({ field }),
    );
  });
});

test.each([
  [{ min_hops: 4 }, 'task.min_hops'],
  [{ distractor_facts: 9 }, 'task.letters'],
  [{ max_hops: 6, distractor_facts: 0, letters: 7 }, 'task.letters'],
])('settings %j that contradict each other are refused by name', (changes, field) => {
  expect(() => make(changes)).toThrow(expect.objectContaining({ kind: 'BadConfig', field }));
});
