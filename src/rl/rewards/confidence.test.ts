import { expect, it, test } from 'vitest';
import { confidence } from './confidence.ts';
import { completion, contextWith, textOnly } from './testing.ts';

const term = confidence.create({ weight: 0.2 });

it('is the mean log-probability of the completion’s tokens: minus the logarithm of its perplexity', async () => {
  const batch = [completion('7', { logprobs: [-1, -2] }), completion('8', { logprobs: 0 })];
  const { values, used } = await term.score(batch, contextWith());
  expect(values).toEqual([-1.5, 0]);
  expect(used[0].perplexity).toBeCloseTo(Math.exp(1.5), 12);
});

it('is finite without tokens and where the perplexity overflows', async () => {
  const batch = [completion('', { ends: 0 }), completion('7', { logprobs: -1e4 })];
  const { values, used } = await term.score(batch, contextWith());
  expect(values).toEqual([0, -1e4]);
  expect(used[1].perplexity).toBeNull();
});

it('stops the step where a log-probability of the policy is not finite', async () => {
  const broken = completion('7', { logprobs: Number.NaN });
  await expect(term.score([broken], contextWith())).rejects.toMatchObject({ kind: 'NonFinite' });
});

test('text without probabilities is refused', async () => {
  await expect(term.score([textOnly('7')], contextWith())).rejects.toMatchObject({
    kind: 'BadConfig',
    field: 'model',
    message: expect.stringContaining('confidence'),
  });
});
