import type { Scope } from '../scope.ts';
import { ArenaBody } from './arena-body.tsx';
import { ArenaProvider } from './arena-context.tsx';
import { ArenaSetup } from './arena-setup.tsx';
import { RunStart } from './run-picker.tsx';

/** Two answers and a critic that says which is the expert's. */
export const ARENA: Scope = {
  id: 'arena',
  label: 'Arena',
  about:
    'Then two answers to it stand side by side, one of them the expert’s. Say which, and ask a critic: as it was before training, and as the lab has trained it. The critic sees the answers alone, never what led to them.',
  hint: 'One answer is the expert’s. Which? The critic sees the answers alone and may say that it cannot tell.',
  Provider: ArenaProvider,
  Setup: ArenaSetup,
  Start: RunStart,
  Body: ArenaBody,
};
