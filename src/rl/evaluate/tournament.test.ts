/** Tournaments on known answers and a critic that is a script. */
import { describe, expect, it } from 'vitest';
import { createTask } from '../tasks/index.ts';
import { type EvaluateRequest, evaluate } from './evaluate.ts';
import { SAMPLING, writerOf } from './testing.ts';
import { sizesUpTo } from './tournament.ts';

const sums = { id: 'chain', min_terms: 2, max_terms: 4, largest_term: 9 } as const;
const task = createTask({ ...sums, answer_apart: true });
const sumOf = (terms: string) => terms.split('+').reduce((sum, term) => sum + Number(term), 0);

/** The first of four answers cannot be read, the second and third are wrong, and the fourth is right. */
const writer = writerOf((prompt, number) => {
  const sum = sumOf(prompt.slice(0, -1));
  return ['none', `;${sum + 1}`, `;${sum + 2}`, `;${sum}`][number % 4];
});

function criticOf(says: (sum: number, first: number, second: number) => string, room = 5) {
  const asked: string[] = [];
  const critic = writerOf(
    (prompt, number) => {
      expect(number).toBe(asked.length);
      asked.push(prompt);
      const [terms, first, second] = prompt.slice(0, -1).split('|');
      return says(sumOf(terms), Number(first), Number(second));
    },
    { room },
  );
  return { critic, asked };
}

const request: EvaluateRequest = {
  ...{ task, split: 'test', prompts: 6, samples: 4, seed: 1, sampling: SAMPLING },
};
const held = (critic: ReturnType<typeof criticOf>['critic'], most = 4) =>
  evaluate(writer, {
    ...{ ...request, tournament: { most, critic: { writer: critic, reasoning: true } } },
  });

describe('tournaments among the answers of an evaluation', () => {
  it('are won by the right answer under a critic that sees, in both orders, whatever fits at once', async () => {
    const sees = (sum: number, first: number, second: number) =>
      first === sum ? 'so>x' : second === sum ? '>y' : '>t';
    const { critic, asked } = criticOf(sees);
    const { tournament } = await held(critic);
    expect(
      tournament?.by_answers.map(({ n, tournament: won, best_of }) => [n, won, best_of]),
    ).toEqual([
      [1, 0, 0],
      [2, 0, 0],
      [4, 1, 1],
    ]);
    // Nobody is asked about what cannot be read: one match of two answers, two or three of four.
    expect(asked.length).toBeLessThanOrEqual(6 * 2 * 2);
    expect(tournament).toMatchObject({ verdicts: asked.length, unreadable: 0 });
    const turned = asked.map((prompt) => prompt.replace(/\|(\d+)\|(\d+):/, '|$2|$1:'));
    expect(new Set(turned)).toEqual(new Set(asked));
    expect((await held(criticOf(sees, 99).critic)).tournament).toEqual(tournament);
  });

  it('have intervals, and say how far they are', async () => {
    const sees = (sum: number, first: number) => (first === sum ? '>x' : '>y');
    const { critic } = criticOf(sees);
    const told: number[][] = [];
    const { tournament } = await evaluate(writer, {
      ...{ ...request, tournament: { most: 4, critic: { writer: critic, reasoning: true } } },
      onProgress: (done, total) => told.push([done, total]),
    });
    // Whoever is right in all questions is so in every resample.
    expect(tournament?.by_answers[2]).toMatchObject({
      tournament_interval: { mean: 1, low: 1, high: 1 },
      one_sample_interval: { mean: 0.25, low: 0.25, high: 0.25 },
    });
    // Tournaments of 2 and of 4 show 1 and 3 matches in both orders, of 6 questions.
    expect(told.at(-1)).toEqual([6 * 4 + 6 * 2 * 4, 6 * 4 + 6 * 2 * 4]);
  });

  it('ask a critic that gives its verdict at once for the verdict alone', async () => {
    const asked: string[] = [];
    const atOnce = writerOf((prompt) => {
      asked.push(prompt);
      return 't';
    });
    const { tournament } = await evaluate(writer, {
      ...{ ...request, tournament: { most: 4, critic: { writer: atOnce, reasoning: false } } },
    });
    expect(asked.length).toBeGreaterThan(0);
    expect(asked.every((prompt) => prompt.endsWith(':>'))).toBe(true);
    expect(tournament?.unreadable).toBe(0);
  });

  it('count verdicts that cannot be read, and let the seed decide', async () => {
    const { tournament } = await held(criticOf(() => 'x').critic);
    expect(tournament?.unreadable).toBe(1);
  });

  it('change nothing of the other numbers', async () => {
    const { tournament: _, ...numbers } = await held(criticOf(() => '>t').critic);
    expect(numbers).toEqual(await evaluate(writer, request));
  });

  it('need a critic and a verifier', async () => {
    const { critic } = criticOf(() => '>t');
    const plain = createTask({ ...sums, answer_apart: false });
    await expect(
      evaluate(writer, {
        ...request,
        task: plain,
        tournament: { most: 2, critic: { writer: critic, reasoning: true } },
      }),
    ).rejects.toMatchObject({ kind: 'BadConfig', field: 'tournament' });
  });
});

it('sizes double up to the last', () => {
  expect([1, 2, 6, 8].map(sizesUpTo)).toEqual([[1], [1, 2], [1, 2, 4, 6], [1, 2, 4, 8]]);
});
