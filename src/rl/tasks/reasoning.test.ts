/** What leads to an answer, for every task that tells: an expert's answer can stand after it. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { randomStream } from '../random.ts';
import { couplet } from './couplet.ts';
import { judgeCouplet } from './couplet-judge.ts';
import { createTask } from './index.ts';
import { type Question, SPLITS, type Task } from './task.ts';

const sums = { id: 'chain', min_terms: 2, max_terms: 4, largest_term: 99 } as const;
const all: Task[] = [
  createTask({ ...sums, answer_apart: true }),
  createTask({ ...sums, answer_apart: false }),
  createTask({ id: 'countdown', form: 'small' }),
  createTask({ id: 'countdown', form: 'classic' }),
  couplet.create({}),
  createTask({ id: 'hops', min_hops: 2, max_hops: 3, distractor_facts: 4, letters: 12 }),
];

const isRight = (task: Task, question: Question, text: string) =>
  task.verify
    ? task.verify(question, text).correct
    : judgeCouplet(question.prompt.slice(0, -1), text).score === 4;

describe.each(all)('the reasoning of $id, settings $#', (task) => {
  const reasoning = (text: string) => task.reasoning?.(text) ?? null;

  it('is where a trace begins, and the expert’s answer after it is right', () => {
    const at = [fc.constantFrom(...SPLITS), fc.nat({ max: 2000 }), fc.nat({ max: 99 })] as const;
    fc.assert(
      fc.property(...at, (split, index, seed) => {
        const question = task.question(split, index, seed);
        const options = task.id === 'countdown' ? { failedTries: [0, 1] } : {};
        const trace = task.expertTrace(question, randomStream(seed, 'trace', index), options);
        const own = reasoning(trace) ?? 'none';
        expect(trace.startsWith(own)).toBe(true);
        expect([own.length > 0, own.length < trace.length]).toEqual([true, true]);
        expect(isRight(task, question, own + task.expertAnswer(question))).toBe(true);
      }),
      { numRuns: 60 },
    );
  });

  it('never throws', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(text.startsWith(reasoning(text) ?? '')).toBe(true);
      }),
    );
  });
});

it('is missing where a chain’s answer should stand apart and does not', () => {
  expect(all[0].reasoning?.('1+2=3')).toBeNull();
  expect(all[1].reasoning?.('3')).toBe('');
});
