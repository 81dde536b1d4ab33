/** The size of a discriminator that is no copy of the policy: as deep and half as wide. */
import type { ModelConfig } from '../../model/config.ts';

/** Rows of kernels are read four numbers at a time. */
const LANES = 4;
const LEAST = 8;

/** @returns the shape of a model that reads the same tokens at as many positions, with half the heads and half the width of `policy` */
export function halfAsWide(policy: ModelConfig): ModelConfig {
  const heads = Math.max(1, Math.floor(policy.num_attention_heads / 2));
  return {
    ...policy,
    hidden_size: half(policy.hidden_size),
    intermediate_size: half(policy.intermediate_size),
    num_attention_heads: heads,
    num_key_value_heads: divisor(heads, policy.num_key_value_heads),
  };
}

const half = (size: number) => Math.max(LEAST, Math.ceil(size / (2 * LANES)) * LANES);

/** The greatest number up to `most` that divides `heads`, so that heads share keys and values evenly. */
function divisor(heads: number, most: number): number {
  let count = Math.min(heads, most);
  while (heads % count !== 0) count -= 1;
  return count;
}
