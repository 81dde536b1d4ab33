/** Initial values of a model's parameters, from a seed: the same on every machine and in whatever order they are drawn. */
import { philox4x32Into } from '../kernels/sample/philox.ts';
import type { ParameterLayout } from './parameters.ts';

/** The second word of the Philox key, "init" in ASCII: keeps these numbers apart from all other streams of a run. */
const STREAM = 0x696e6974;
/** Standard deviation of the weights; `initializer_range` in Hugging Face's configs. */
const DEVIATION = 0.02;

/**
 * Fills part of a buffer with normally distributed numbers. Each Philox block gives two uniform numbers of 53 bits and from
 * these, by Box and Muller (1958), two normal ones, computed in float64 and rounded once.
 */
function fillNormal(out: Float32Array, deviation: number, seed: number, tensor: number): void {
  const words = new Uint32Array(4);
  const low = seed >>> 0;
  const high = Math.floor(seed / 2 ** 32);
  for (let i = 0; i < out.length; i += 2) {
    philox4x32Into(words, 0, i / 2, tensor, high, 0, low, STREAM);
    // Half a unit is added so that the logarithm is never taken of 0.
    const u = ((words[0] >>> 5) * 2 ** 26 + (words[1] >>> 6) + 0.5) / 2 ** 53;
    const v = ((words[2] >>> 5) * 2 ** 26 + (words[3] >>> 6)) / 2 ** 53;
    const radius = deviation * Math.sqrt(-2 * Math.log(u));
    out[i] = radius * Math.cos(2 * Math.PI * v);
    if (i + 1 < out.length) out[i + 1] = radius * Math.sin(2 * Math.PI * v);
  }
}

/**
 * Initial parameters: matrices are normal with the given standard deviation (0.02 by default, Hugging Face's initializer_range).
 * Those that write to the residual stream (o, down) have deviation / sqrt(2 L), so that its variance does not grow with depth L
 * (GPT-2, Radford et al. 2019, section 2.3). Norm gains are 1, biases and padding 0. A tensor's values depend on the seed and on
 * its index in the layout.
 * @param seed a whole number from 0 to 2^53 - 1.
 */
export function initialiseParameters(
  layout: ParameterLayout,
  seed: number,
  deviation = DEVIATION,
): Float32Array<ArrayBuffer> {
  if (!Number.isSafeInteger(seed) || seed < 0) throw new RangeError(`Not a seed: ${seed}`);
  const flat = new Float32Array(layout.count);
  const residual = deviation / Math.sqrt(2 * layout.config.num_hidden_layers);
  layout.tensors.forEach(({ name, offset, size, decay }, tensor) => {
    const part = flat.subarray(offset, offset + size);
    if (decay) {
      const writesResidual = /\.(o_proj|down_proj)\.weight$/.test(name);
      fillNormal(part, writesResidual ? residual : deviation, seed, tensor);
    } else if (name.endsWith('norm.weight')) part.fill(1);
  });
  return flat;
}
