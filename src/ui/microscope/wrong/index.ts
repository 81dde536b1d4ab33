import type { Scope } from '../scope.ts';
import { WrongActs, WrongBody } from './wrong-body.tsx';
import { WrongProvider } from './wrong-context.tsx';
import { WrongSetup } from './wrong-setup.tsx';

/** A learned reward reads a trace, and points at where it went wrong. */
export const WRONG: Scope = {
  id: 'wrong',
  label: 'Where did it go wrong',
  about:
    'Then a policy answers it wrongly, and a reward that was learned from expert traces reads the answer token by token. Change the trace, and watch the reward move.',
  hint: 'A reward that was learned from expert traces reads this one. It has never seen the verifier.',
  Provider: WrongProvider,
  Setup: WrongSetup,
  Acts: WrongActs,
  Body: WrongBody,
};
