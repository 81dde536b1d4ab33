/** The counter-proof of a test that something is learned: the same with the gradient turned round. */
import { vi } from 'vitest';
import { Learner } from '../learner.ts';

/** Does the work while every token’s coefficient has the other sign. */
export async function withTurnedGradient<T>(work: () => Promise<T>): Promise<T> {
  const original = Learner.prototype.accumulate;
  const turned = vi.spyOn(Learner.prototype, 'accumulate').mockImplementation(function (
    this: Learner,
    batch,
    coefficientsOf,
  ) {
    return original.call(this, batch, (scores) => {
      // What learns without log-probs, as a discriminator does, learns as ever.
      const { logprob, ...more } = coefficientsOf(scores);
      return { ...more, ...(logprob && { logprob: Array.from(logprob, (c) => -c) }) };
    });
  });
  try {
    return await work();
  } finally {
    turned.mockRestore();
  }
}
