/** The first step at fault, as data, of every task that is judged. `hops.test.ts` has the table of hops. */
import { describe, expect, it, test } from 'vitest';
import { randomStream } from '../random.ts';
import type { TaskConfig } from './index.ts';
import { verifiedTask } from './testing.ts';

const sums = { id: 'chain', min_terms: 2, max_terms: 8, largest_term: 99 } as const;
const stories = { id: 'word', min_steps: 1, max_steps: 4, largest: 20 } as const;
const STORY = 'ann has 12 pens. ann buys 5. bob has 3 fewer. how many has bob?';

/** The text of the first wrong step, without its separator; null where no step is at fault. */
function firstWrong(config: TaskConfig, prompt: string, text: string): string | null {
  const task = verifiedTask(config);
  const { firstWrong: step } = task.verify(task.readQuestion(prompt), text);
  if (step === undefined) return null;
  const ends = [0, ...task.stepBoundaries(text)];
  return text.slice(ends[step], ends[step + 1]).replace(/[,;]$/, '');
}

describe('of chains', () => {
  it.each([
    ['3+8=11,11+5=16', null],
    ['3+8=12,12+5=17', '3+8=12'],
    ['3+8=11,11+5=17', '11+5=17'],
    ['3+8=11,9+5=14', '9+5=14'],
    ['3+8=11,3+8=11,11+5=16', '3+8=11'],
    ['3+8=12,11+5=16', '3+8=12'],
    ['3+8=11', null],
    ['17', '17'],
    ['16', null],
    ['3+8=12,12+5=', null],
  ])('%j is %j', (text, step) => {
    expect(firstWrong({ ...sums, answer_apart: false }, '3+8+5:', text)).toBe(step);
  });

  it.each([
    ['3+8=11,11+5=16;16', null],
    ['d+i=bb,bb+f=bh;17', 'bb+f=bh'],
    ['3+8+5=17;17', '3+8+5=17'],
    ['3+8=11,11+5=16;17', '17'],
    ['3+8=11;11', '11'],
    [';17', '17'],
    ['so 3+8=11,again 3+8=11,ok 11+5=17;17', 'ok 11+5=17'],
    ['3+8=12,12+5=17,check 3+8=11,11+5=16;16', '3+8=12'],
    ['3+8=12,12+5=17', null],
  ])('with an answer apart, %j is %j', (text, step) => {
    expect(firstWrong({ ...sums, answer_apart: true }, '3+8+5:', text)).toBe(step);
  });
});

describe('of stories', () => {
  it.each([
    ['12+5=17,17-3=14', null],
    ['12+5=18,18-3=15', '12+5=18'],
    ['12+5=17,17-3=15', '17-3=15'],
    ['12-3=9,9+5=14', '12-3=9'],
    ['ann has 12, then 12+5=17, check 17-5=12, then 17-3=13, so bob has 13', ' then 17-3=13'],
    ['12+5=17, 17-3=14, so bob has 15', ' so bob has 15'],
    ['12+5=17, so bob has 17', ' so bob has 17'],
    ['12+5=17, 17-3=14, check 14+3=17', ' check 14+3=17'],
    ['12+5=17', null],
    ['14', null],
    ['15', '15'],
    ['12+5=18, so who knows', null],
  ])('%j is %j', (text, step) => {
    expect(firstWrong({ ...stories, distractors: false }, STORY, text)).toBe(step);
  });
});

describe('of Countdown', () => {
  it.each([
    ['3*7=21,5+21=26', null],
    ['3*7=22,22+5=27', '3*7=22'],
    ['3*7=21,21+5=27', '21+5=27'],
    ['3*7=21,21+3=24', '21+3=24'],
    // All true, and 26 cannot be made of 10 and 5.
    ['3+7=10,10*5=50', '3+7=10'],
    ['3+7=10,10+5=16', '3+7=10'],
    ['3*7=21,21-5=16', '21-5=16'],
    ['3*7=21', null],
    ['3+7=10', '3+7=10'],
    ['3+7=10,10*5=50;3*7=21,21-5=16', '21-5=16'],
    ['what;3*7=22,22+5=27', '3*7=22'],
    ['3*7=22,what', null],
  ])('%j is %j', (text, step) => {
    expect(firstWrong({ id: 'countdown', form: 'small' }, '3 5 7=26:', text)).toBe(step);
  });

  it('knows that a fraction may be on the way', () => {
    const classic = { id: 'countdown', form: 'classic' } as const;
    expect(firstWrong(classic, '3 3 8 8=24:', '8/3=8|3,3-8|3=1|3,8/1|3=24')).toBeNull();
    expect(firstWrong(classic, '3 3 8 8=24:', '8/3=8|3,3+8|3=17|3,8+17|3=41|3')).toBe('3+8|3=17|3');
  });
});

const careless: readonly TaskConfig[] = [
  { ...sums, answer_apart: false },
  { ...sums, answer_apart: true },
  { ...stories, distractors: true },
  { id: 'hops', min_hops: 2, max_hops: 6, distractor_facts: 6, letters: 16 },
];

test.each(careless)(
  '%j: what a careless expert wrote before its first slip is not at fault',
  (config) => {
    const task = verifiedTask(config);
    let slipped = 0;
    for (let i = 0; i < 300; i++) {
      const question = task.question('train', i, 1);
      // Bare steps have one way to be written, so the first that differs is the first that slipped.
      const right = task.expertTrace(question, randomStream(i, 'right'));
      const text = task.expertTrace(question, randomStream(i, 'slips'), { slips: 0.3 });
      const { correct, firstWrong: step } = task.verify(question, text);
      const pieces = (of: string) => of.split(/[,;]/);
      const at = pieces(text).findIndex((piece, k) => piece !== pieces(right)[k]);
      expect(step ?? -1).toBe(at);
      if (!correct) expect(at).toBeGreaterThanOrEqual(0);
      slipped += Number(at >= 0);
    }
    expect(slipped).toBeGreaterThan(100);
  },
);
