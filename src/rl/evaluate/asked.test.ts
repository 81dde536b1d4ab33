import { describe, expect, it } from 'vitest';
import { createTask } from '../tasks/index.ts';
import type { Task } from '../tasks/task.ts';
import { askedText, clustersOf, countAsked } from './asked.ts';
import { evaluate } from './evaluate.ts';
import { SAMPLING, writerOf } from './testing.ts';

const ask = (task: Task, count: number, seed = 1) =>
  Array.from({ length: count }, (_, i) => task.question('test', i, seed));
const countdown = createTask({ id: 'countdown', form: 'small' });
/** The same, as a task that says nothing of clusters. */
const silentCountdown = (): Task =>
  Object.assign(createTask({ id: 'countdown', form: 'small' }), {
    ...{ clusterOf: undefined, sameAs: undefined },
  });

describe('the questions of an evaluation', () => {
  it('of a small task are on few sets of numbers, and run out', () => {
    // Countdown small holds out 443 questions on 34 multisets of numbers. Asked further, it repeats them.
    expect(countAsked(countdown, ask(countdown, 443))).toEqual({
      ...{ prompts: 443, distinct: 443, clusters: 34 },
    });
    const more = ask(countdown, 1000);
    expect(countAsked(countdown, more)).toEqual({ prompts: 1000, distinct: 443, clusters: 34 });
    // Numbers in another order make another prompt, and no other question.
    expect(new Set(more.map(({ prompt }) => prompt)).size).toBeGreaterThan(443);
  });

  it('are in one cluster where they are about the same numbers, in whatever order, and in no other', () => {
    const chain = createTask({
      ...{ id: 'chain', min_terms: 2, max_terms: 4, largest_term: 99, answer_apart: false },
    });
    const keys = (task: Task, prompts: readonly string[]) =>
      clustersOf(
        task,
        prompts.map((prompt) => task.readQuestion(prompt)),
      );
    const sums = keys(chain, ['3+8+12:', '12+3+8:', '3+8:', '3+81+2:']);
    expect(sums[1]).toBe(sums[0]);
    expect(new Set(sums).size).toBe(3);
    const targets = keys(countdown, ['3 5 7=26:', '7 5 3=15:', '3 5 8=23:']);
    expect(targets[1]).toBe(targets[0]);
    expect(targets[2]).not.toBe(targets[0]);
    const word = createTask({
      ...{ id: 'word', min_steps: 1, max_steps: 2, largest: 20, distractors: false },
    });
    const stories = keys(word, [
      'ann has 12 pens. ann buys 5. how many has ann?',
      'bob has 5 cups. eve has 12 more. how many has eve?',
      'bob has 5 cups. eve has 11 more. how many has eve?',
    ]);
    expect(stories[1]).toBe(stories[0]);
    expect(stories[2]).not.toBe(stories[0]);
  });

  it('stand alone where a task says nothing of clusters', () => {
    const silent = silentCountdown();
    const questions = ask(countdown, 50);
    expect(clustersOf(silent, questions)).toEqual(questions.map(({ prompt }) => prompt));
    expect(countAsked(silent, questions)).toEqual({ prompts: 50, distinct: 50, clusters: 50 });
  });

  it('are told in words, each number once', () => {
    const told = (prompts: number, distinct: number, clusters: number) =>
      askedText({ prompts, distinct, clusters });
    expect(told(200, 200, 200)).toBe('200 questions');
    expect(told(500, 443, 34)).toBe('500 questions, 443 of them distinct, in 34 clusters');
    expect(told(200, 200, 34)).toBe('200 questions, in 34 clusters');
    expect(told(2, 1, 1)).toBe('2 questions, 1 of them distinct');
    expect(told(1, 1, 1)).toBe('1 question');
  });
});

describe('the interval of an evaluation', () => {
  // Right on every third multiset: questions about the same numbers are right or wrong together.
  const answer = (prompt: string) => {
    const question = countdown.readQuestion(prompt);
    const numbers = countdown.clusterOf?.(question) ?? '';
    return Number(numbers.replaceAll(',', '')) % 3 === 0 ? countdown.expertAnswer(question) : '?';
  };
  const request = {
    ...{ split: 'test' as const, samples: 1, seed: 1, sampling: SAMPLING },
  };
  const width = async (task: Task, prompts: number) => {
    const { accuracy_interval: interval } = await evaluate(writerOf(answer), {
      ...{ ...request, task, prompts },
    });
    return (interval?.high ?? 0) - (interval?.low ?? 0);
  };

  it('does not shrink by asking about the same numbers again', async () => {
    const careless = silentCountdown();
    const whole = await width(countdown, 443);
    // 34 clusters of about 13 questions each: some 3.6 times as wide as if every question were news.
    expect(whole / (await width(careless, 443))).toBeGreaterThan(2.5);
    expect(Math.abs((await width(countdown, 886)) / whole - 1)).toBeLessThan(1e-9);
  });

  it('says what was asked', async () => {
    const result = await evaluate(writerOf(answer), { ...request, task: countdown, prompts: 500 });
    expect(result).toMatchObject({ prompts: 500, distinct: 443, clusters: 34 });
    expect(result).not.toHaveProperty('familiar');
  });
});
