import type { Scope } from '../scope.ts';
import { TransferActs, TransferBody } from './transfer-body.tsx';
import { TransferProvider } from './transfer-context.tsx';
import { TransferSetup } from './transfer-setup.tsx';

/** Cut an answer anywhere, and see how often others finish it rightly. */
export const TRANSFER: Scope = {
  id: 'transfer',
  label: 'Transfer',
  about:
    'A policy answers it. Then cut its answer anywhere: other models see the question and what stands left of the cut, and finish the answer. How often they get it right says what the reasoning so far is worth to somebody else.',
  hint: 'Drag the cut. Receivers see the question and what stands left of the cut, and finish the answer.',
  Provider: TransferProvider,
  Setup: TransferSetup,
  Acts: TransferActs,
  Body: TransferBody,
};
