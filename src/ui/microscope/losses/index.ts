import { RunViewProvider } from '../run-address.tsx';
import type { Scope } from '../scope.ts';
import { LossesBody } from './losses-body.tsx';

/** One group of the lab's run under every loss. It asks no question of its own: the run has asked. */
export const LOSSES: Scope = {
  id: 'losses',
  label: 'Losses',
  about: 'The same answers with the same rewards, under every loss.',
  hint: 'The same answers, the same rewards, seven losses.',
  Provider: RunViewProvider,
  Setup: () => null,
  Body: LossesBody,
  ofRun: true,
};
