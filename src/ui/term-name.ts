/** What a reward is called, everywhere alike: in settings, charts, tables, samples, formulas and the glossary. */
import { TERMS } from '../rl/experiment/catalog.ts';

/** A term by its label; what a method pays itself (`policy`, `learned`) by its own name. */
export function termName(term: string): string {
  const known = Object.entries(TERMS).find(([id]) => id === term)?.[1];
  if (known) return known.label;
  const words = term.replaceAll('_', ' ').replaceAll('-', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}
