/** The microscopes, in the order of their tabs. Another one is one entry here. */
import type { ComponentType, ReactNode } from 'react';
import { TransferBody } from './transfer/transfer-body.tsx';
import { TransferProvider } from './transfer/transfer-context.tsx';
import { TransferSetup } from './transfer/transfer-setup.tsx';
import { WithoutBody } from './without/without-body.tsx';
import { WithoutProvider } from './without/without-context.tsx';
import { WithoutSetup } from './without/without-setup.tsx';

export interface Scope {
  /** In the address of its tab, `#` left to experiments: `?page=microscope&scope=duel`. The first has none. */
  readonly id: string;
  readonly label: string;
  /** Holds what it has found while another microscope shows; writes the address while it is shown itself. */
  readonly Provider: ComponentType<{ shown: boolean; children: ReactNode }>;
  /** What is chosen once for the whole microscope, in the line of the tabs. */
  readonly Setup: ComponentType;
  readonly Body: ComponentType;
}

export const SCOPES: readonly Scope[] = [
  {
    id: 'transfer',
    label: 'Transfer',
    Provider: TransferProvider,
    Setup: TransferSetup,
    Body: TransferBody,
  },
  {
    id: 'without',
    label: 'Without the question',
    Provider: WithoutProvider,
    Setup: WithoutSetup,
    Body: WithoutBody,
  },
];

/** The microscope of an address's query; the first where it names none that exists. */
export function scopeOf(search: string): Scope {
  const id = new URLSearchParams(search).get('scope');
  return SCOPES.find((scope) => scope.id === id) ?? SCOPES[0];
}
