import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { badFile } from '../../errors.ts';
import { createTask, type TaskConfig } from '../tasks/index.ts';
import { SPLITS, type Split } from '../tasks/task.ts';
import { warmStartTasks } from '../warm-start.ts';
import { evaluate } from './evaluate.ts';
import { familiarOf, familiarText } from './familiar.ts';
import { SAMPLING, writerOf } from './testing.ts';

const bundled = (policy: string) =>
  warmStartTasks((file) =>
    readFile(new URL(`../../../public/models/policies/${policy}/${file}`, import.meta.url)),
  );
const chain = (min_terms: number, max_terms: number, largest_term = 99) =>
  createTask({ id: 'chain', min_terms, max_terms, largest_term, answer_apart: false });
const ask = (task: ReturnType<typeof createTask>, split: Split, count = 500) =>
  Array.from({ length: count }, (_, i) => task.question(split, i, 1));

describe('what is new to a policy', () => {
  it('is not the longer sums of chain 2 to 4, where its warm start had 4 to 6 terms', async () => {
    const tasks = await bundled('chain-steps');
    const found = familiarOf(ask(chain(2, 4), 'ood'), tasks ?? []);
    expect(found.within).toBe(500);
    // A fifth of the multisets is held out, from this policy's training too.
    expect(found.trained).toBe(404);
    expect(found.tasks[0]).toMatch(/^Chain: Add 4 to 6 numbers of 0 to 99/);
    expect(familiarText('ood', 500, found)).toBe(
      'Not out of distribution for this policy: all 500 questions are of the kind that its warm start was trained on, and 404 could have been among its training questions',
    );
  });

  it('is what its own task holds out: every split keeps its promise there', async () => {
    const tasks = (await bundled('chain-nano')) ?? [];
    const own = chain(2, 4);
    const held = familiarOf(ask(own, 'test'), tasks);
    expect(held).toMatchObject({ within: 500, trained: 0 });
    expect(familiarOf(ask(own, 'ood'), tasks)).toMatchObject({ within: 0, trained: 0 });
    expect(familiarOf(ask(own, 'train'), tasks)).toMatchObject({ within: 500, trained: 500 });
    expect(familiarText('test', 500, held)).toBeNull();
    expect(familiarText('ood', 500, { within: 0, trained: 0, tasks: [] })).toBeNull();
    expect(familiarText('train', 500, { within: 500, trained: 500, tasks: [] })).toBeNull();
  });

  it('is what has larger numbers than any that it learned', () => {
    const small = [chain(2, 4, 9)];
    const found = familiarOf(ask(chain(2, 4), 'test'), small);
    const fits = ask(chain(2, 4), 'test').filter((q) =>
      (q.data as { terms: number[] }).terms.every((term) => term <= 9),
    );
    expect(found.within).toBe(fits.length);
    expect(found.within).toBeLessThan(50);
    expect(familiarOf(ask(chain(2, 4, 9), 'test'), [chain(2, 4)]).within).toBe(500);
  });

  it('is every question of another task, whatever was practised', async () => {
    const others: TaskConfig[] = [
      { id: 'countdown', form: 'small' },
      { id: 'word', min_steps: 1, max_steps: 2, largest: 20, distractors: false },
    ];
    const tasks = (await bundled('chain-steps')) ?? [];
    for (const config of others)
      for (const split of SPLITS)
        expect(familiarOf(ask(createTask(config), split, 40), tasks)).toMatchObject({
          ...{ within: 0, trained: 0 },
        });
    const both = familiarOf(ask(chain(2, 4), 'train', 40), [createTask(others[0]), chain(2, 4)]);
    expect(both).toMatchObject({ within: 40, trained: 40 });
  });

  it('is said to be less than the split promises where training drew from held-out questions', () => {
    // No bundled task does, because every setting holds out the same sums; this one learned them all.
    const greedy = Object.assign(chain(2, 4), { splitOf: () => 'train' as const });
    const found = familiarOf(ask(chain(2, 4), 'test', 4), [greedy]);
    expect(familiarText('test', 4, found)).toBe(
      'Not held out from this policy: all 4 questions could have been among the training questions of its warm start',
    );
    expect(familiarText('test', 4, { ...found, trained: 3 })).toMatch(/: 3 of 4 questions could/);
  });
});

describe('a policy whose warm start', () => {
  it('is known has it in the result of an evaluation', async () => {
    const trainedOn = (await bundled('chain-steps')) ?? [];
    const result = await evaluate(
      writerOf(() => '?'),
      {
        ...{ task: chain(2, 4), split: 'ood', prompts: 8, samples: 1, seed: 1 },
        ...{ sampling: SAMPLING, trainedOn },
      },
    );
    expect(result.familiar?.within).toBe(8);
  });

  it('is not known, or cannot be read, is evaluated without', async () => {
    const text = (json: string) => async () => new TextEncoder().encode(json);
    expect(await warmStartTasks(async () => null)).toBeNull();
    expect(await warmStartTasks(text('<!doctype html>'))).toBeNull();
    expect(await warmStartTasks(text('{"learning_rate": 1e-4, "dataset": "gsm8k"}'))).toBeNull();
    expect(await warmStartTasks(text(' '.repeat(2 ** 21)))).toBeNull();
    const offline = async () => {
      throw badFile('recipe.json', 'could not be fetched');
    };
    expect(await warmStartTasks(offline)).toBeNull();
  });

  it.each(['chain-nano', 'chain-steps', 'countdown-nano', 'countdown-micro', 'word-micro'])(
    'is that of %s has the tasks of its recipe',
    async (policy) => {
      const tasks = await bundled(policy);
      expect(tasks?.[0].id).toBe(policy.split('-')[0]);
    },
  );
});
