import type { Scope } from '../scope.ts';
import { WithoutBody } from './without-body.tsx';
import { WithoutProvider } from './without-context.tsx';
import { WithoutSetup } from './without-setup.tsx';

/** Edit an answer, and see what the question tells each of its tokens. */
export const WITHOUT: Scope = {
  id: 'without',
  label: 'Without the question',
  about:
    'Then write any answer to it. A policy reads the answer twice: once after the question, and once with the question left empty. How much likelier each token is the first time says what the question tells it. The self-aligned reward is made of that.',
  hint: 'How much likelier is each token when the model knows the question?',
  Provider: WithoutProvider,
  Setup: WithoutSetup,
  Body: WithoutBody,
};
