/** The microscopes, in the order of their tabs. Another one is one entry here. */
import type { ComponentType } from 'react';
import { TransferBody } from './transfer/transfer-body.tsx';
import { TransferSetup } from './transfer/transfer-setup.tsx';

export interface Scope {
  /** In the address of its tab, `#` left to experiments: `?page=microscope&scope=duel`. */
  readonly id: string;
  readonly label: string;
  /** What is chosen once for the whole microscope, in the line of the tabs. */
  readonly Setup: ComponentType;
  readonly Body: ComponentType;
}

export const SCOPES: readonly Scope[] = [
  { id: 'transfer', label: 'Transfer', Setup: TransferSetup, Body: TransferBody },
];
