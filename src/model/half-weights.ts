/** The weights of a frozen model as halves, for receivers: they are only sampled from. */
import { packHalves } from '../gpu/half.ts';
import { HALF_GROUP_ALIGNMENT, type ParameterLayout, parameterLayout } from './parameters.ts';

export interface HalfWeights {
  /** Where each tensor lies, counted in halves. Bindings start at multiples of 256 bytes, so groups start at multiples of 128 halves, not 64. */
  readonly layout: ParameterLayout;
  /** `layout.count` halves, two to a word, each rounded to nearest; padding is zero. */
  readonly words: Uint32Array<ArrayBuffer>;
}

/** Where each tensor of a model lies among its halves. */
export function halfLayout({ config, tokenHead }: ParameterLayout): ParameterLayout {
  return parameterLayout(config, HALF_GROUP_ALIGNMENT, tokenHead);
}

/** @param flat floats in the order of `layout` */
export function halfWeights(layout: ParameterLayout, flat: Float32Array): HalfWeights {
  const halves = halfLayout(layout);
  const moved = new Float32Array(halves.count);
  for (const [i, { offset, size }] of layout.tensors.entries()) {
    moved.set(flat.subarray(offset, offset + size), halves.tensors[i].offset);
  }
  return { layout: halves, words: packHalves(moved) };
}
