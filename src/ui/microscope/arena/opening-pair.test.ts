import { describe, expect, test } from 'vitest';
import { randomStream } from '../../../rl/random.ts';
import { expertForm, hasCritic } from '../judged-task.ts';
import { openTask } from '../scope-tasks.ts';
import { openingPair, openingStep } from './opening-pair.ts';
import type { RunPair } from './run-pairs.ts';

const chain = openTask('chain-critic');

function pair(first: string, second: string, prompt = '3+8+5+1:'): RunPair {
  return { step: 2, prompt, title: '', first, second, expert: '1', age: null, verdicts: [] };
}

describe('the pair that a step opens on', () => {
  test('is the first with one right answer, whichever stands first', () => {
    expect(openingPair([pair('17', '17'), pair('17', '14'), pair('17', '15')], chain)).toBe(1);
    expect(openingPair([pair('17', '17'), pair('17', '17'), pair('15', '17')], chain)).toBe(2);
  });

  test('is the first of all where no pair has exactly one, or a question cannot be read', () => {
    expect(openingPair([pair('17', '17'), pair('14', '15')], chain)).toBe(0);
    expect(openingPair([pair('17', '17'), pair('17', '14', 'no question')], chain)).toBe(0);
    expect(openingPair([], chain)).toBe(0);
  });

  test('passes over two different answers that are both right', () => {
    const countdown = openTask('countdown');
    if (!hasCritic(countdown)) throw new Error('Countdown has no critic');
    const question = countdown.readQuestion('2 3 4=9:');
    const right = expertForm(countdown, question);
    const wrong = countdown.critic.wrong(question, randomStream(1, 'wrong'));
    const asked = (first: string, second: string) => pair(first, second, question.prompt);
    const twice = asked('2+3+4', '4+3+2');
    expect(openingPair([twice, asked(right, wrong)], countdown)).toBe(1);
    expect(openingPair([twice, twice, asked(wrong, '4+3+2')], countdown)).toBe(2);
  });

  test('stands in the newest step that has one, or in the newest of all', () => {
    const differs = [pair('17', '14')];
    const equal = [pair('17', '17')];
    const at = (step: number) => (step === 2 ? differs : equal);
    expect(openingStep([1, 2, 3, 4], at, chain)).toBe(2);
    expect(openingStep([3, 4], at, chain)).toBe(4);
    expect(openingStep([], at, chain)).toBeUndefined();
  });
});
