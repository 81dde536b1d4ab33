import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { randomStream } from '../random.ts';
import { expressionOf, reaches, workOut } from './countdown-expression.ts';
import { write } from './ratio.ts';
import { verifiedTask } from './testing.ts';

describe('the expression of a completion', () => {
  it.each([
    ['3*7=21,21+5=26', '3*7+5'],
    ['3+5=8,8*7=56', '(3+5)*7'],
    ['7-3=4,5-4=1', '5-(7-3)'],
    ['1+1=2;8/3=8|3,3-8|3=1|3,8/1|3=24', '8/(3-8/3)'],
    ['8-5=3,3-2=1', '8-5-2'],
    // A false result is not claimed; the number that it stands for is bound to what made it.
    ['3*7=26', '3*7'],
    ['3*7=22,22+5=26', '3*7+5'],
    ['3*7=21,5+1=6', '3*7,5+1'],
  ])('%s is %s', (completion, expression) => expect(expressionOf(completion)).toBe(expression));

  it.each(['', '26', '3*7', '3*7=21,', 'so 3*7=21', '3*7=21;5'])('of %j is none', (completion) =>
    expect(expressionOf(completion)).toBeNull(),
  );
});

describe('working an expression out', () => {
  it.each([
    ['3*7+5', false, '3*7=21,21+5=26', '26'],
    ['8/(3-8/3)', true, '8/3=8|3,3-8|3=1|3,8/1|3=24', '24'],
    ['8/(3-8/3)', false, '', null],
    ['3-5', true, '', null],
    ['5/(3-3)', true, '3-3=0', null],
    ['7', false, '', '7'],
    ['1|2*4', true, '1|2*4=2', '2'],
  ])('%s, fractions %s: %j makes %s', (text, fractions, steps, value) => {
    const done = workOut(text, fractions);
    expect(done?.steps).toBe(steps);
    expect(done?.value ? write(done.value) : null).toBe(value);
  });

  it.each(['', '3+', '+3', '(3', '3)', '()', '3 5', '3**5', '03', '3*7,5+1', '3=3', '2|4'])(
    'refuses %j',
    (text) => expect(workOut(text, true)).toBeNull(),
  );

  it('ends on long and deep text without an answer', () => {
    for (const text of ['('.repeat(100_000), '1+'.repeat(100_000), '1'.repeat(100_000)])
      expect(workOut(text, true)).toBeNull();
  });
});

describe.each(['small', 'classic'] as const)('the %s form', (form) => {
  const task = verifiedTask({ id: 'countdown', form });

  it('agrees with the verifier on every expert answer, and on answers with other numbers', () => {
    fc.assert(
      fc.property(fc.nat({ max: 3000 }), fc.nat({ max: 50 }), (index, seed) => {
        const question = task.question('train', index, seed);
        const data = question.data as { numbers: number[]; target: number };
        const trace = task.expertTrace(question, randomStream(seed, 'trace', index));
        const done = workOut(expressionOf(trace) ?? '', form === 'classic');
        // Steps that do not depend on each other may change places.
        const sorted = (steps: string | undefined) => steps?.split(',').sort();
        const last = trace.slice(trace.lastIndexOf(';') + 1);
        expect(sorted(done?.steps)).toEqual(sorted(last));
        expect(done && reaches(done, data)).toBe(true);
        expect(done && reaches(done, { ...data, target: data.target + 1 })).toBe(false);
        const numbers = data.numbers.map((n, i) => (i === 0 ? n + 1 : n));
        expect(done && reaches(done, { ...data, numbers })).toBe(false);
      }),
    );
  });
});
