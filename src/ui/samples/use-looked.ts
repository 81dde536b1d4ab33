/** Which question of which step the samples show: by the cursor's step, by what is looked for, or by what is followed. */
import { useMemo } from 'react';
import type { SampleGroup } from '../../rl/records.ts';
import { askedAt, findGroups, questionKey, standsFor } from './find.ts';
import type { SampleStore } from './sample-store.ts';
import { useSampleView } from './sample-view.ts';

export interface Looked {
  /** The kept step that answers the cursor. */
  readonly step: number | undefined;
  /** What is shown; of a followed question it may be of another step. */
  readonly group: SampleGroup | undefined;
  /** Its place among those of the step that fit, and how many these are. */
  readonly index: number;
  readonly count: number;
  /** The name of the question, and its groups at all kept steps, rising. */
  readonly key: string | undefined;
  readonly askings: readonly SampleGroup[];
}

const NONE: readonly never[] = [];

/** @param version changes with what is to be looked at again; @param pinned null while the newest step is followed */
export function useLooked(samples: SampleStore, version: unknown, pinned: number | null): Looked {
  const question = useSampleView((view) => view.question);
  const wish = useSampleView((view) => view.wish);
  const followed = useSampleView((view) => view.followed);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the version stands for the store's contents
  const step = useMemo(() => keptStep(samples, pinned), [samples, version, pinned]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the version stands for the store's contents
  const found = useMemo(
    () => (step === undefined ? NONE : findGroups(samples, step, wish)),
    [samples, step, wish, version],
  );
  const index = Math.min(question, Math.max(0, found.length - 1));
  const here = step === undefined ? undefined : samples.at(step)[found[index]];
  const key = followed ?? (here && questionKey(here));
  // biome-ignore lint/correctness/useExhaustiveDependencies: the version stands for the store's contents
  const askings = useMemo(
    () => (key === undefined ? NONE : askedAt(samples, key)),
    [samples, key, version],
  );
  const group = followed === null ? here : standsFor(askings, step ?? 0);
  return { step, group, index, count: found.length, key, askings };
}

/** The newest kept step, or the one that answers a wish: that step, or the last kept one before it, or the first. */
function keptStep(samples: SampleStore, wanted: number | null): number | undefined {
  const steps = samples.steps();
  if (wanted === null) return steps.at(-1);
  return steps.findLast((step) => step <= wanted) ?? steps[0];
}
