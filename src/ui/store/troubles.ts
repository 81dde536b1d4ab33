/** What goes wrong with the learned judge of a run, by method: which there are, and what the page says of each. */
import type { MethodSettings } from '../../rl/experiment/schema.ts';
import type { MetricsRow } from '../../rl/records.ts';
import { CRITIC_TROUBLES, type CriticTrouble, criticTroubles } from './critic-troubles.ts';
import {
  DISCRIMINATOR_TROUBLES,
  type DiscriminatorTrouble,
  discriminatorTroubles,
} from './discriminator-troubles.ts';
import type { Words } from './trouble-words.ts';

export type Trouble = CriticTrouble | DiscriminatorTrouble;

export const TROUBLES: Readonly<Record<Trouble, Words>> = {
  ...CRITIC_TROUBLES,
  ...DISCRIMINATOR_TROUBLES,
};

const NONE: readonly Trouble[] = [];

/** The same list as long as there is none. */
export function troublesOf(
  rows: readonly MetricsRow[],
  method: MethodSettings,
): readonly Trouble[] {
  const found = [...criticTroubles(rows, method), ...discriminatorTroubles(rows, method)];
  return found.length === 0 ? NONE : found;
}
