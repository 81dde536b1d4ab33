/** The microscopes, in the order of their tabs. Another one is one entry here. */
import { ARENA } from './arena/index.ts';
import { LOSSES } from './losses/index.ts';
import { PHASES_SCOPE } from './phases/index.ts';
import type { Scope } from './scope.ts';
import { TRANSFER } from './transfer/index.ts';
import { WITHOUT } from './without/index.ts';
import { WRONG } from './wrong/index.ts';

export const SCOPES: readonly Scope[] = [TRANSFER, WITHOUT, ARENA, WRONG, PHASES_SCOPE, LOSSES];

/** The microscope of an address's query; the first where it names none that exists. */
export function scopeOf(search: string): Scope {
  const id = new URLSearchParams(search).get('scope');
  return SCOPES.find((scope) => scope.id === id) ?? SCOPES[0];
}

/** The query of a microscope's tab, to which its address adds what is shown. */
export function tabOf(scope: Scope): string {
  return scope === SCOPES[0] ? '?page=microscope' : `?page=microscope&scope=${scope.id}`;
}
