import { expect, it, test } from 'vitest';
import { lengthO1 } from './length-o1.ts';
import { completion, contextWith, textOnly } from './testing.ts';

const term = lengthO1.create({ weight: 0.2 });

it('is mean length / length - 1 over the question’s completions, right or wrong, the end token counted', async () => {
  // Lengths 2, 4 and 6 of one question; 8 alone of another.
  const batch = [
    completion('7'),
    completion('777'),
    completion('77777'),
    completion('7777777', { group: 1 }),
  ];
  const { values, used } = await term.score(batch, contextWith());
  expect(values).toEqual([1, 0, 4 / 6 - 1, 0]);
  expect(used[2]).toEqual({ length: 6, mean_length: 4 });
  expect(used[3]).toEqual({ length: 8, mean_length: 8 });
});

it('stays between -1 and 1', async () => {
  const batch = [completion(''), completion('7'.repeat(99))];
  const { values } = await term.score(batch, contextWith());
  expect(values[0]).toBe(1);
  expect(values[1]).toBeGreaterThan(-1);
});

it('is 1 for no tokens among others, and 0 where no completion has any', async () => {
  const none = completion('', { ends: 0 });
  expect((await term.score([none, completion('7')], contextWith())).values).toEqual([1, -0.5]);
  expect((await term.score([none, none], contextWith())).values).toEqual([0, 0]);
});

test('text without tokens is refused rather than counted as empty', async () => {
  await expect(term.score([textOnly('7')], contextWith())).rejects.toMatchObject({
    kind: 'BadConfig',
    field: 'model',
    message: expect.stringContaining('length_o1'),
  });
});
