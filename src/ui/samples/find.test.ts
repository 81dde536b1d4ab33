import { describe, expect, it } from 'vitest';
import type { CompletionRecord, SampleGroup } from '../../rl/records.ts';
import { answerFits, askedAt, findGroups, nextFit, questionKey, standsFor } from './find.ts';
import { SampleStore } from './sample-store.ts';

const answer = (text: string, more: Partial<CompletionRecord> = {}): CompletionRecord => ({
  ...{ role: 'solver', text, pieces: [...text], tokens: { logprob: [...text].map(() => -1) } },
  ...{ rewards: {}, truncated: false, ...more },
});

const group = (
  step: number,
  prompt: string,
  completions: readonly CompletionRecord[],
): SampleGroup => ({ step, prompt, question: `What is ${prompt}?`, completions });

/** Two steps: the first question is asked at both, the others once. */
const store = new SampleStore();
const first = [
  group(1, '1+1', [answer('2', { reward: 1 }), answer('3', { reward: 0 })]),
  group(1, '5+5', [
    answer('9', { reward: 0, advantage: 0 }),
    answer('8', { reward: 0, advantage: 0 }),
  ]),
];
const second = [
  group(4, '2+2', [answer('5', { reward: 0.2 }), answer('44444', { reward: 0, truncated: true })]),
  group(4, '1+1', [answer('2', { reward: 1 }), answer('2', { reward: 1 })]),
  group(4, 'held', [answer('7', { correct: false })]),
  group(4, 'unjudged', [answer('la la')]),
];
store.push(first);
store.push(second);

const which = (step: number, one: Parameters<typeof findGroups>[2]['which'], text = '') =>
  findGroups(store, step, { which: one, text }).map((i) => store.at(step)[i].prompt);

describe('finding among samples', () => {
  it('leaves the order of the step where nothing is asked for', () => {
    expect(which(4, 'all')).toEqual(['2+2', '1+1', 'held', 'unjudged']);
  });

  it('orders by mean reward or, where none is paid, by what is right; the unjudged come last', () => {
    expect(which(4, 'best')).toEqual(['1+1', '2+2', 'held', 'unjudged']);
    expect(which(4, 'worst')).toEqual(['held', '2+2', '1+1', 'unjudged']);
  });

  it('finds what changed since the question was asked before, and nothing at its first time', () => {
    expect(which(4, 'changed')).toEqual(['1+1']);
    expect(which(1, 'changed')).toEqual([]);
  });

  it('finds groups without signal, answers that were cut off, and text in questions and answers', () => {
    expect(which(1, 'no-signal')).toEqual(['5+5']);
    expect(which(4, 'truncated')).toEqual(['2+2']);
    expect(which(4, 'all', ' LA ')).toEqual(['unjudged']);
    expect(which(4, 'all', '2+2')).toEqual(['2+2']);
    expect(which(4, 'truncated', 'la')).toEqual([]);
  });

  it('leads to the nearest step where something fits', () => {
    const wish = { which: 'no-signal', text: '' } as const;
    expect(nextFit(store, 4, -1, wish)).toBe(1);
    expect(nextFit(store, 1, 1, wish)).toBeUndefined();
  });

  it('means the answers that have what was looked for', () => {
    const fits = (one: Parameters<typeof findGroups>[2]['which'], text = '') =>
      second[0].completions.map((each) => answerFits(second[0], each, { which: one, text }));
    expect(fits('all')).toEqual([true, true]);
    expect(fits('truncated')).toEqual([false, true]);
    expect(fits('best')).toEqual([true, false]);
    expect(fits('worst')).toEqual([false, true]);
    expect(fits('all', '44')).toEqual([false, true]);
    expect(fits('all', 'what is')).toEqual([true, true]);
  });

  it('follows a question over the steps that asked it', () => {
    const asked = askedAt(store, questionKey(second[1]));
    expect(asked.map(({ step }) => step)).toEqual([1, 4]);
    expect(standsFor(asked, 3)?.step).toBe(1);
    expect(standsFor(asked, 9)?.step).toBe(4);
    expect(standsFor(asked, 0)?.step).toBe(1);
    expect(standsFor([], 3)).toBeUndefined();
  });
});
