/** Mistakes that an expert makes again and again, of every task that has some. */
import { describe, expect, it, test } from 'vitest';
import { randomStream } from '../random.ts';
import { sumWithoutCarry } from './carry.ts';
import { createTask, type TaskConfig, tasks } from './index.ts';
import { refusedTraces } from './plain-traces.ts';
import type { TraceOptions } from './task.ts';
import { verifiedTask } from './testing.ts';

const sums = { id: 'chain', min_terms: 2, max_terms: 8, largest_term: 99 } as const;
const apart = { ...sums, answer_apart: true };
const stories = {
  id: 'word',
  min_steps: 1,
  max_steps: 4,
  largest: 99,
  distractors: false,
} as const;
const small = { id: 'countdown', form: 'small' } as const;

const written = (config: TaskConfig, prompt: string, options: TraceOptions, seed = 1) => {
  const task = verifiedTask(config);
  return task.expertTrace(task.readQuestion(prompt), randomStream(seed, 'trace'), options);
};
const always = (id: string): TraceOptions => ({ misconceptions: { [id]: 1 } });

test.each([
  [[7, 5], 2],
  [[58, 17], 65],
  [[95, 17], 2],
  [[12, 34], 46],
  [[100, 7], 107],
  [[28, 17, 9], 34],
  [[0, 0], 0],
])('%j without carries is %i', (numbers, sum) => {
  expect(sumWithoutCarry(numbers)).toBe(sum);
});

describe('a forgotten carry', () => {
  it('of a chain is lost in every dialect, and the next steps go on from there', () => {
    expect(written({ ...sums, answer_apart: false }, '7+5+18:', always('carry'))).toBe(
      '7+5=2,2+18=10',
    );
    expect(written(apart, '7+5+18:', always('carry'))).toBe('7+5=2,2+18=10;10');
    const dialect = (id: string) => ({ ...always('carry'), dialects: { [id]: 1 } });
    expect(written(apart, '7+5+18:', dialect('private'))).toBe('h+f=c,c+bi=ba;10');
    expect(written(apart, '7+5+18:', dialect('reversed'))).toBe('18+5=13,13+7=10;10');
    expect(written(apart, '7+5+18:', dialect('leaps'))).toBe('7+5+18=10;10');
    expect(written(apart, '12+34+51:', always('carry'))).toBe('12+34=46,46+51=97;97');
  });

  it('is found by a check that repairs', () => {
    const options = { ...always('carry'), chatter: 3, checkRepairs: true };
    const checked = Array.from({ length: 50 }, (_, i) => written(apart, '7+5+18:', options, i))
      .filter((text) => text.includes('check '))
      .map((text) => text.slice(text.indexOf('check ')).replace('ok ', ''));
    expect(new Set(checked)).toEqual(
      new Set(['check 7+5=12,12+18=30;30', 'check 7+5=12,12+18=30,;30']),
    );
  });

  it('is as frequent as asked, and each step is the sum or the sum without carries', () => {
    const task = verifiedTask(apart);
    let places = 0;
    let lost = 0;
    for (let i = 0; i < 500; i++) {
      const question = task.question('train', i, 1);
      const text = task.expertTrace(question, randomStream(i, 'carry'), {
        misconceptions: { carry: 0.4 },
      });
      let end = question.prompt.split('+')[0];
      let first: number | undefined;
      for (const [k, step] of text.split(';')[0].split(',').entries()) {
        const [left, right, result] = step.split(/[+=]/);
        expect(left).toBe(end);
        end = result;
        const sum = (Number(left) + Number(right)) % 100;
        const without = sumWithoutCarry([Number(left), Number(right)]) % 100;
        expect([sum, without]).toContain(Number(result));
        places += Number(sum !== without);
        lost += Number(Number(result) !== sum);
        if (Number(result) !== sum) first ??= k;
      }
      expect(text.endsWith(`;${end}`)).toBe(true);
      expect(task.verify(question, text).firstWrong).toBe(first);
    }
    expect(places).toBeGreaterThan(500);
    // Binomial with a chance of 0.4.
    expect(Math.abs(lost / places - 0.4)).toBeLessThan(4 * Math.sqrt(0.24 / places));
  });

  it('of a story is left out where the story could not go on', () => {
    const told = (rest: string) => `ann has 17 pens. ann buys 8. ${rest}`;
    expect(written(stories, told('bob has 3 fewer. how many has bob?'), always('carry'))).toBe(
      '17+8=15,15-3=12',
    );
    expect(written(stories, told('5 kids share them. how many has each?'), always('carry'))).toBe(
      '17+8=15,15/5=3',
    );
    expect(written(stories, told('bob has 20 fewer. how many has bob?'), always('carry'))).toBe(
      '17+8=25,25-20=5',
    );
  });

  it('of Countdown makes sums false, and whatever follows is reckoned from them', () => {
    const task = verifiedTask(small);
    let lost = 0;
    for (let i = 0; i < 443; i++) {
      const question = task.question('test', i, 1);
      const options = { failedTries: [1], ...always('carry') };
      const text = task.expertTrace(question, randomStream(i, 'carry'), options);
      const { correct, note, firstWrong } = task.verify(question, text);
      if (correct) continue;
      lost++;
      const steps = text.split(',');
      const falseOnes = steps.filter((step) => !isTrue(step));
      expect(note).toBe(`${falseOnes[0]} is false`);
      expect(firstWrong).toBe(steps.indexOf(falseOnes[0]));
      for (const step of falseOnes) {
        const [left, right, result] = step.split(/[+=]/).map(Number);
        expect(result).toBe(sumWithoutCarry([left, right]));
      }
    }
    expect(lost).toBeGreaterThan(50);
  });
});

/** Whether a step of whole numbers is true, by other means than the verifier’s. */
function isTrue(step: string): boolean {
  const [, a, op, b, c] = /^(\d+)([-+*/])(\d+)=(\d+)$/.exec(step) ?? [];
  const [left, right, result] = [a, b, c].map(Number);
  return (
    { '+': left + right, '-': left - right, '*': left * right, '/': left / right }[op] === result
  );
}

describe('stories', () => {
  it.each([
    ['ann has 12 pens. ann buys 5. bob has 3 times as many. how many has bob?', '5*3=15,12+15=27'],
    ['ann has 12 pens. ann buys 6. 3 kids share them. how many has each?', '6/3=2,12+2=14'],
    ['ann has 30 pens. ann sells 5. bob has 3 times as many. how many has bob?', '5*3=15,30-15=15'],
    // 5 cannot be shared by 17, 12 - 5*3 is below 1, and sums alone have no such order.
    ['ann has 12 pens. ann buys 5. 17 kids share them. how many has each?', '12+5=17,17/17=1'],
    ['ann has 12 pens. ann sells 5. bob has 3 times as many. how many has bob?', '12-5=7,7*3=21'],
    ['ann has 12 pens. ann sells 5. bob has 3 more. how many has bob?', '12-5=7,7+3=10'],
    ['ann has 12 pens. bob has 3 times as many. bob buys 5. how many has bob?', '12*3=36,36+5=41'],
  ])('%j out of order is %j', (story, trace) => {
    expect(written(stories, story, always('order'))).toBe(trace);
  });

  it.each([
    ['eve has 3 bags of 4 figs. eve buys 5. how many has eve?', '4+3=7,7+5=12'],
    ['eve has 12 figs. 3 kids share them. how many has each?', '12-3=9'],
    ['eve has 12 figs. tom has 3 times as many. how many has tom?', '12*3=36'],
    ['eve has 3 bags of 4 figs. 6 kids share them. how many has each?', '4*3=12,12-6=6'],
  ])('%j with units mixed up is %j', (story, trace) => {
    expect(written(stories, story, always('unit'))).toBe(trace);
  });

  it('with misconceptions are never checked where they are wrong, end where they say, and are found out', () => {
    const task = verifiedTask(stories);
    const misconceptions = { carry: 0.5, order: 0.5, unit: 0.5 };
    let wrong = 0;
    for (let i = 0; i < 600; i++) {
      const question = task.question('train', i, 1);
      const options = { style: 'mixed' as const, misconceptions };
      const text = task.expertTrace(question, randomStream(i, 'story'), options);
      const { correct, answer, firstWrong } = task.verify(question, text);
      expect(text.endsWith(`${answer}`)).toBe(true);
      for (const [, step] of text.matchAll(/check ([^,]*)/g)) expect(isTrue(step)).toBe(true);
      if (correct) continue;
      wrong++;
      expect(firstWrong).toBeLessThan(task.stepBoundaries(text).length);
    }
    expect(wrong).toBeGreaterThan(200);
  });
});

test.each(Object.keys(tasks))('%s refuses by name what is no misconception of its own', (id) => {
  const task = createTask({ id, ...DEFAULTS[id] } as TaskConfig);
  for (const { id: known } of task.misconceptions ?? []) {
    expect(refusedTraces(task, { misconceptions: { [known]: 1 } })).toBeUndefined();
  }
  const refused: Record<string, number>[] = [{ astrology: 0.1 }, { carry: 2, backwards: 2 }];
  for (const misconceptions of refused) {
    expect(refusedTraces(task, { misconceptions })).toMatchObject({
      kind: 'BadConfig',
      field: 'misconceptions',
    });
  }
});

const DEFAULTS: Readonly<Record<string, object>> = {
  countdown: small,
  chain: apart,
  word: stories,
  hops: { min_hops: 2, max_hops: 3, distractor_facts: 4, letters: 12 },
};
