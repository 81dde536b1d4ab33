import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { randomStream } from '../random.ts';
import { countdown, DEFAULT_FAILED_TRIES } from './countdown.ts';
import { allSolutions, reachableTargets } from './countdown-search.ts';
import { type CountdownData, verifyCountdown } from './countdown-verify.ts';
import type { Question, Split, Task, VerifiedTask } from './task.ts';

const small = countdown.create({ form: 'small' }) as VerifiedTask<CountdownData>;
const classic = countdown.create({ form: 'classic' }) as Task<CountdownData>;

const SMALL_RULES = { fractions: false, minTarget: 1, maxTarget: 100 };
const CLASSIC_RULES = { fractions: true, minTarget: 24, maxTarget: 24 };

const multisetOf = (question: Question<CountdownData>) =>
  question.data.numbers.toSorted((a, b) => a - b).join(',');

/** All questions of a split, by walking until the first one returns. */
function walk(task: Task<CountdownData>, split: Split): Map<string, string> {
  const found = new Map<string, string>();
  for (let index = 0; ; index++) {
    const question = task.question(split, index, 5);
    const key = `${multisetOf(question)}=${question.data.target}`;
    if (found.has(key)) return found;
    found.set(key, multisetOf(question));
  }
}

/** An exact fraction that may be negative, in bigint: an oracle that shares nothing with the code under test. */
type Big = readonly [bigint, bigint];

/** Every value reachable from the numbers, with negative and fractional results on the way. */
function oracleValues(numbers: readonly Big[]): Set<string> {
  if (numbers.length === 1) {
    const [n, d] = numbers[0];
    return new Set(d !== 0n && n % d === 0n ? [`${n / d}`] : []);
  }
  const found = new Set<string>();
  numbers.forEach(([a, b], i) => {
    numbers.forEach(([c, d], j) => {
      if (i === j) return;
      const rest = numbers.filter((_, k) => k !== i && k !== j);
      const results: Big[] = [
        [a * d + c * b, b * d],
        [a * d - c * b, b * d],
        [a * c, b * d],
      ];
      if (c !== 0n) results.push([a * d, b * c]);
      for (const result of results) for (const v of oracleValues([...rest, result])) found.add(v);
    });
  });
  return found;
}

/** Whether steps are a right proof, by bigint cross-multiplication over whole numbers only. */
function oracleAccepts(data: CountdownData, completion: string): boolean {
  const held = data.numbers.map(BigInt);
  for (const step of completion.split(';').at(-1)?.split(',') ?? []) {
    const match = step.match(/^(\d+)([-+*/])(\d+)=(\d+)$/);
    if (!match || match.slice(1).some((part) => part.length > 1 && part.startsWith('0')))
      return false;
    const [a, b, c] = [match[1], match[3], match[4]].map(BigInt);
    for (const operand of [a, b]) {
      const at = held.indexOf(operand);
      if (at < 0) return false;
      held.splice(at, 1);
    }
    const right = {
      '+': a + b === c,
      '-': a - b === c,
      '*': a * b === c,
      '/': b !== 0n && b * c === a,
    };
    if (!right[match[2] as '+']) return false;
    held.push(c);
  }
  return held.length === 1 && held[0] === BigInt(data.target);
}

describe('the splits', () => {
  const splits = (task: Task<CountdownData>) => ({
    train: walk(task, 'train'),
    test: walk(task, 'test'),
    ood: walk(task, 'ood'),
  });

  it.each([
    { name: 'small', task: small, rules: SMALL_RULES, count: 3, largest: 9 },
    { name: 'classic', task: classic, rules: CLASSIC_RULES, count: 4, largest: 13 },
  ])(
    'share no multiset and cover every solvable question ($name)',
    ({ task, rules, count, largest }) => {
      const { train, test: held, ood } = splits(task);
      const sets = [train, held, ood].map((split) => new Set(split.values()));
      expect([...sets[0]].every((m) => !sets[1].has(m))).toBe(true);
      for (const multiset of sets[2]) {
        expect(Math.max(...multiset.split(',').map(Number))).toBeGreaterThan(largest);
      }
      let solvable = 0;
      const visit = (numbers: number[]): void => {
        if (numbers.length === count) {
          for (const target of reachableTargets(numbers, rules)) {
            solvable++;
            const key = `${numbers.join(',')}=${target}`;
            expect(train.has(key) !== held.has(key)).toBe(true);
          }
          return;
        }
        for (let n = numbers.at(-1) ?? 1; n <= largest; n++) visit([...numbers, n]);
      };
      visit([]);
      expect(train.size + held.size).toBe(solvable);
      expect(held.size / solvable).toBeGreaterThan(0.17);
      expect(held.size / solvable).toBeLessThan(0.23);
    },
  );

  test('1362 of the 1820 hands of the 24 game are solvable, the count that is published for it', () => {
    expect(walk(classic, 'train').size + walk(classic, 'test').size).toBe(1362);
  });

  test('the numbers come in any order', () => {
    const rising = Array.from({ length: 200 }, (_, i) => small.question('train', i, 1)).filter(
      ({ data }) => data.numbers.join() === data.numbers.toSorted((a, b) => a - b).join(),
    );
    expect(rising.length).toBeLessThan(100);
    expect(rising.length).toBeGreaterThan(10);
  });
});

describe('the search', () => {
  const anyNumbers = (count: number, max: number) =>
    fc.array(fc.integer({ min: 1, max }), { minLength: count, maxLength: count });

  it('loses no target by leaving out negative results', () => {
    fc.assert(
      fc.property(anyNumbers(3, 13), (numbers) => {
        const rules = { fractions: true, minTarget: 1, maxTarget: 5000 };
        const oracle = [...oracleValues(numbers.map((n) => [BigInt(n), 1n]))].map(Number);
        const wanted = oracle.filter((n) => n >= 1).sort((a, b) => a - b);
        expect(reachableTargets(numbers, rules)).toEqual(wanted);
      }),
      { numRuns: 60 },
    );
    const hand = [3, 3, 8, 8];
    expect(oracleValues(hand.map((n) => [BigInt(n), 1n])).has('24')).toBe(true);
    expect(reachableTargets(hand, CLASSIC_RULES)).toEqual([24]);
  });

  it('finds solutions for exactly the reachable targets, each text once and right', () => {
    fc.assert(
      fc.property(anyNumbers(3, 12), (numbers) => {
        const solutions = allSolutions(numbers, SMALL_RULES, 'any');
        expect([...solutions.keys()].sort((a, b) => a - b)).toEqual(
          reachableTargets(numbers, SMALL_RULES),
        );
        for (const [target, texts] of solutions) {
          expect(new Set(texts).size).toBe(texts.length);
          for (const text of texts) expect(oracleAccepts({ numbers, target }, text)).toBe(true);
        }
      }),
      { numRuns: 60 },
    );
  });

  it('reaches the same targets with the larger operand first, in fewer texts', () => {
    const any = allSolutions([3, 5, 7], SMALL_RULES, 'any');
    const ordered = allSolutions([3, 5, 7], SMALL_RULES, 'larger-first');
    expect([...ordered.keys()].sort()).toEqual([...any.keys()].sort());
    expect(ordered.get(26)).toEqual(['7*3=21,21+5=26']);
    expect(any.get(26)).toHaveLength(4);
  });
});

describe('the verifier', () => {
  const judge = (numbers: number[], target: number, text: string, fractions = false) =>
    verifyCountdown({ numbers, target }, text, fractions);

  it.each([
    ['3*7=21,21+5=26', undefined],
    ['7*3=21,5+21=26', undefined],
    ['3+5=8,8+7=15;3*7=21,21+5=26', undefined],
    ['3*7=21', 'leaves 5 unused'],
    ['3*7=21,21+7=28', 'uses 7 twice'],
    ['3*7=21,21+9=30', '9 is not there'],
    ['7-5=3,3+3=6', '7-5=3 is false'],
    ['3+5=8,8+7=15', 'ends at 15'],
    ['3*7=21,21+5=26;3+5=8,8+7=15', 'ends at 15'],
    ['3*7=21,21+5=26,26+0=26', '0 is not there'],
    ['3*7=21,21+5=26,26-26=0', 'uses 26 twice'],
    ['5/0=26', '0 is not there'],
    ['#$;3*7=21,21+5=26', undefined],
    ['', 'cannot be read'],
    ['26', 'cannot be read'],
    ['3*7=21,21+5=26;', 'cannot be read'],
    ['3*7=21,21+5=26,', 'cannot be read'],
    ['3*7+5=26', 'cannot be read'],
    ['(3*7)+5=26', 'cannot be read'],
    ['3*7=21, 21+5=26', 'cannot be read'],
    ['3*7=021,021+5=26', 'cannot be read'],
    ['3*7=21,21+5=26.0', 'cannot be read'],
    ['3-5=-2,7-2=5', 'cannot be read'],
    ['3**7=21,21+5=26', 'cannot be read'],
    ['3*7=2.1e1,21+5=26', 'cannot be read'],
    ['0x3*7=21,21+5=26', 'cannot be read'],
    ['3*7=21n,21+5=26', 'cannot be read'],
    ['３*7=21,21+5=26', 'cannot be read'],
    ['3*7=21,21+5=26\n', 'cannot be read'],
    ['3*7=10000021,10000021+5=26', 'cannot be read'],
  ])('says of 3 5 7=26: %j: %s', (text, note) => {
    const verdict = judge([3, 5, 7], 26, text);
    expect(verdict.note).toBe(note);
    expect(verdict.correct).toBe(note === undefined);
    expect(verdict.answer === null).toBe(note === 'cannot be read');
  });

  it('judges only the last try, and says separately whether the earlier ones can be read', () => {
    for (const former of ['#$', '', '3*7', '\u202e', '3*7=21,']) {
      const verdict = judge([3, 5, 7], 26, `${former};3*7=21,21+5=26`);
      expect(verdict, former).toMatchObject({ correct: true, wellFormed: false });
    }
  });

  it('takes each of two equal numbers, and neither a third time', () => {
    expect(judge([4, 4, 2], 8, '4*4=16,16/2=8').correct).toBe(true);
    expect(judge([4, 4, 2], 12, '4+4=8,8+4=12').note).toBe('uses 4 too often');
  });

  it('computes with fractions exactly in the classic form, and refuses them in the small one', () => {
    const text = '8/3=8|3,3-8|3=1|3,8/1|3=24';
    expect(judge([3, 3, 8, 8], 24, text, true)).toEqual({
      correct: true,
      wellFormed: true,
      answer: '(8/(3-(8/3)))',
    });
    expect(judge([3, 3, 8, 8], 24, text, false).note).toBe('8|3 is not whole');
    expect(judge([3, 3, 8, 8], 24, '8/3=16|6,3-16|6=2|6,8/2|6=24', true).answer).toBeNull();
    expect(judge([3, 3, 8, 8], 24, '8/3=3,3-3=0,8/0=24', true).note).toBe('8/3=3 is false');
  });

  it('counts different forms of one expression as one answer, and different expressions as different answers', () => {
    const answer = (text: string) => judge([3, 5, 7], 15, text).answer;
    expect(answer('3+5=8,8+7=15')).toBe(answer('7+5=12,3+12=15'));
    expect(answer('3*7=21,21+5=26')).toBe(answer('1+1=2;7*3=21,5+21=26'));
    expect(answer('3*7=21,21-5=16')).not.toBe(answer('3*7=21,21+5=26'));
    expect(answer('3*7=20,20-5=15')).not.toBe(answer('3*7=21,21-5=16'));
  });

  it('judges by its form alone whether a completion is well formed', () => {
    expect(judge([3, 5, 7], 26, '9+9=1').wellFormed).toBe(true);
    expect(judge([3, 5, 7], 26, '9+;3*7=21,21+5=26')).toMatchObject({
      correct: true,
      wellFormed: false,
    });
  });

  it('agrees with an independent check on right, nearly right and arbitrary steps', () => {
    let right = 0;
    const any = fc.string({ unit: fc.constantFrom(...'0123456789+-*/=,;'), maxLength: 24 });
    fc.assert(
      fc.property(fc.nat(2000), fc.nat(), any, fc.nat(3), (index, at, piece, gone) => {
        const question = small.question('train', index, 1);
        const trace = small.expertTrace(question, randomStream(index, 'trace'));
        const cut = at % (trace.length + 1);
        const changed = trace.slice(0, cut) + piece.slice(0, 2) + trace.slice(cut + gone);
        for (const text of [trace, changed, piece]) {
          const { correct } = small.verify(question, text);
          if (correct) right++;
          expect({ text, correct }).toEqual({ text, correct: oracleAccepts(question.data, text) });
        }
      }),
      { numRuns: 3000 },
    );
    expect(right).toBeGreaterThan(3000);
  });
});

describe('expert traces', () => {
  const traces = (failedTries?: readonly number[]) =>
    Array.from({ length: 2000 }, (_, i) => {
      const question = small.question('train', i, 1);
      const text = small.expertTrace(question, randomStream(1, 'trace', i), { failedTries });
      return { question, tries: text.split(';') };
    });

  it('have failed tries as often as the table says', () => {
    const counts = [0, 0, 0, 0];
    for (const { tries } of traces()) counts[tries.length - 1]++;
    counts.forEach((count, k) => {
      expect(Math.abs(count / 2000 - DEFAULT_FAILED_TRIES[k])).toBeLessThan(0.035);
    });
    expect(traces([0, 0, 1]).every(({ tries }) => tries.length === 3)).toBe(true);
  });

  it('fail honestly: right steps, all numbers used, another end than the target', () => {
    for (const { question, tries } of traces([0, 1, 1])) {
      for (const failed of tries.slice(0, -1)) {
        const { note, wellFormed } = small.verify(question, failed);
        expect(wellFormed).toBe(true);
        expect(note).toMatch(/^ends at \d+$/);
      }
    }
  });

  it('choose each solution equally often', () => {
    const question = small.readQuestion('3 5 7=26:');
    const counts = new Map<string, number>();
    for (let i = 0; i < 4000; i++) {
      const text = small.expertTrace(question, randomStream(2, 'trace', i), { failedTries: [1] });
      counts.set(text, (counts.get(text) ?? 0) + 1);
    }
    expect(counts.size).toBe(4);
    for (const count of counts.values()) expect(Math.abs(count - 1000)).toBeLessThan(140);
  });

  it('refuse a table that is no table', () => {
    for (const table of [[], [0, 0], [-1, 2], [Number.NaN]]) {
      expect(() => traces(table)).toThrow(expect.objectContaining({ field: 'failedTries' }));
    }
  });
});

test('the expert answer does not depend on the order of the numbers', () => {
  const answers = ['3 5 7=26:', '7 5 3=26:', '5 7 3=26:'].map((prompt) =>
    small.expertAnswer(small.readQuestion(prompt)),
  );
  expect(new Set(answers).size).toBe(1);
});

test('a question is put in words, and read from them', () => {
  const { title, prompt } = small.readQuestion('3 5 7=26:');
  for (const text of [title, 'make 26 from 3, 5, 7', 'Make 26 from 3, 5, and 7.'])
    expect(small.promptOfTitle?.(text)).toBe(prompt);
  for (const text of [prompt, 'Make 26 from', 'Make 26 from 3 or 5', 'Make 26 from 3, 5 and'])
    expect(small.promptOfTitle?.(text)).toBeNull();
  expect(small.readQuestion('2 5 8=21:').title).toBe('Make 21 from 2, 5 and 8');
  expect(() => small.readQuestion('1 1 1=99:')).toThrow('1, 1 and 1 cannot make 99');
});

describe('giving up', () => {
  it('stops on a miss only after a failed try, as often as asked', () => {
    const ask = small.readQuestion('3 5 7=26:');
    const ends = (failedTries: number[], giveUp: number) =>
      Array.from({ length: 1000 }, (_, i) => {
        const trace = small.expertTrace(ask, randomStream(i, 'give up'), { failedTries, giveUp });
        return small.verify(ask, trace);
      });
    expect(ends([1], 1).every((verdict) => verdict.correct)).toBe(true);
    const tried = ends([0, 0, 1], 0.3);
    expect(tried.every((verdict) => verdict.wellFormed)).toBe(true);
    expect(Math.abs(tried.filter((verdict) => !verdict.correct).length - 300)).toBeLessThan(60);
  });
});
