import { reading } from '../plot/numbers.ts';

/** Whether more or less of a quantity is better; `none` where neither is. */
export type Better = 'high' | 'low' | 'none';

/** One line in a few numbers. */
export interface Summary {
  readonly first: { readonly step: number; readonly value: number };
  readonly last: { readonly step: number; readonly value: number };
  /** The greatest or the least, by what is better; absent where neither is. */
  readonly best?: { readonly step: number; readonly value: number };
}

/** First, last and best finite value of a series; undefined where there is none. */
export function summarise(
  steps: readonly number[],
  values: readonly number[],
  better: Better,
): Summary | undefined {
  const first = values.findIndex(Number.isFinite);
  if (first < 0) return undefined;
  const last = values.findLastIndex(Number.isFinite);
  let best = first;
  for (let i = first; i <= last; i += 1) {
    const ahead = better === 'low' ? values[i] < values[best] : values[i] > values[best];
    if (ahead) best = i;
  }
  const at = (index: number) => ({ step: steps[index], value: values[index] });
  return { first: at(first), last: at(last), ...(better !== 'none' && { best: at(best) }) };
}

/** What a line says in one sentence, for those who do not see it. */
export function sentence(
  label: string,
  summary: Summary | undefined,
  notFinite = 0,
  write: (value: number) => string = reading,
): string {
  if (!summary) return `${label}: no values yet.`;
  const { first, last, best } = summary;
  const parts = [
    `first ${write(first.value)} at step ${first.step}`,
    `last ${write(last.value)} at step ${last.step}`,
  ];
  if (best) parts.push(`best ${write(best.value)} at step ${best.step}`);
  if (notFinite > 0) parts.push(`${notFinite} not finite`);
  return `${label}: ${parts.join(', ')}.`;
}
