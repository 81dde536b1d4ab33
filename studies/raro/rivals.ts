/** What learns from the same questions without a critic: RLVR, which has a verifier, and what has an expert's answers alone. */
import type { Arm } from '../lib/design.ts';
import { RLVR, SFT } from './numbers.ts';
import { GRPO, instead } from './setting.ts';

export const verified: Arm = { id: RLVR, label: 'RLVR', change: instead('grpo', GRPO) };

/** A reward that is the likelihood of the expert's answer, after reasoning of the policy's own. */
const logit = (form: 'log_probability' | 'probability') => ({
  ...instead('grpo', GRPO),
  rewards: [{ term: 'rl_logit', weight: 1, form } as const],
});

/** @param answerLength most tokens of an expert's answer, for the rationales that lead to it */
export function fromAnswers(answerLength: number): Arm[] {
  return [
    {
      id: SFT,
      label: 'SFT on answers',
      change: instead('sft', { target: 'answer', beta: undefined, num_generations: undefined }),
    },
    {
      id: 'rationalization',
      label: 'Rationalization',
      change: instead('rationalization', {
        max_answer_length: answerLength,
        num_generations: undefined,
      }),
    },
    { id: 'dpo', label: 'Iterative DPO', change: instead('dpo') },
    {
      id: 'dpo-answers',
      label: 'Iterative DPO on answers',
      change: instead('dpo', { compare: 'answers' }),
    },
    { id: 'logit', label: 'RL-Logit, log-probability', change: logit('log_probability') },
    { id: 'probability', label: 'RL-Logit, probability', change: logit('probability') },
  ];
}

/** What the search on chains chose for each. */
const RATES: Readonly<Record<string, number>> = {
  [RLVR]: 4e-4,
  [SFT]: 1e-4,
  rationalization: 1e-4,
  dpo: 1e-4,
  'dpo-answers': 1e-4,
  logit: 4e-4,
  probability: 2e-4,
};

/** The arms at the learning rates that were found best on chains, for parts that search none of their own. */
export function asOnChains(arms: readonly Arm[]): Arm[] {
  return arms.map((arm) => ({
    ...arm,
    change: { ...arm.change, method: { ...arm.change.method, learning_rate: RATES[arm.id] } },
  }));
}

export const withSeeds = (arms: readonly Arm[], seeds: readonly number[]) =>
  arms.map((arm): Arm => ({ ...arm, seeds }));
