/** Cuts a list of prompts into waves that a generator has room for. */
import type { GeneratorOptions } from '../../model/generator-buffers.ts';

/** Neighbouring items that are sampled at once; `first` is the index of the first one. */
export interface FittingWave<T> {
  readonly first: number;
  readonly items: readonly T[];
}

/** @throws RangeError where a single item with its copies does not fit */
export function fittingWaves<T extends { readonly prompt: readonly number[] }>(
  items: readonly T[],
  copies: number,
  { sequences, promptTokens }: Pick<GeneratorOptions, 'sequences' | 'promptTokens'>,
): FittingWave<T>[] {
  const waves: { first: number; items: T[]; tokens: number }[] = [];
  items.forEach((item, place) => {
    const tokens = item.prompt.length;
    if (copies > sequences || tokens > promptTokens)
      throw new RangeError(`${copies} copies of ${tokens} tokens do not fit the generator`);
    const last = waves.at(-1);
    const fits =
      last && (last.items.length + 1) * copies <= sequences && last.tokens + tokens <= promptTokens;
    if (fits) {
      last.items.push(item);
      last.tokens += tokens;
    } else waves.push({ first: place, items: [item], tokens });
  });
  return waves;
}
