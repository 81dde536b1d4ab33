import { RunViewProvider } from '../run-address.tsx';
import type { Scope } from '../scope.ts';
import { PhasesBody } from './phases-body.tsx';

/** One step of the lab's run, phase by phase. */
export const PHASES_SCOPE: Scope = {
  id: 'phases',
  label: 'One step',
  about: 'One step of the run, phase by phase.',
  hint: 'Answers become rewards, rewards become advantages, advantages become pushes.',
  Provider: RunViewProvider,
  Setup: () => null,
  Body: PhasesBody,
  ofRun: true,
};
