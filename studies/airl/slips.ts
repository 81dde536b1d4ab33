/** AIRL where the policy has no mistake that it makes as a rule: it searches badly, or slips, by chance. */
import type { Differences } from '../../src/rl/experiment/presets/preset.ts';
import type { Arm } from '../lib/design.ts';
import type { StudyPart } from '../lib/study.ts';
import { airlReport, chain } from './chain.ts';
import { airlMethod, byGranularity, FEW, instead, RANDOM, RLVR, rivals } from './setting.ts';

const ENDS = ['sparse', 'dense'];

/** How the experts write, as the policy learned it: anything else would give them away. */
type Writing = NonNullable<Differences['method']>;

/** Without experts there is nothing that says how they write. */
function withoutExperts(arm: Arm, writing: Writing): Arm {
  if (arm.id !== RLVR && arm.id !== RANDOM) return arm;
  const none = Object.fromEntries(Object.keys(writing).map((key) => [key, undefined]));
  return { ...arm, change: { ...arm.change, ...instead('grpo', none) } };
}

function part(
  about: Pick<StudyPart, 'id' | 'title' | 'question'>,
  base: { task: Differences['task']; policy: string; longest: number; writing: Writing },
): StudyPart {
  const { task, policy, longest, writing } = base;
  const method = { ...airlMethod, ...writing, max_completion_length: longest };
  const arms = [...byGranularity.filter(({ id }) => ENDS.includes(id)), ...rivals];
  return {
    ...about,
    base: { ...chain.base, task, policy, method },
    arms: arms.map((arm) => withoutExperts(arm, writing)),
    seeds: FEW,
    metrics: chain.metrics,
    evaluation: chain.evaluation,
    report: (results) => airlReport(results),
  };
}

export const countdown = part(
  {
    id: 'countdown',
    title: 'Countdown, answers found by trying',
    question:
      'A target is to be made from three numbers. The policy has learned to try, as its experts do, and to give up; it makes no mistake as a rule, only worse tries. Experts write as they did in its warm start, but never give up. All else is as on chains.',
  },
  {
    task: { id: 'countdown', form: 'small' },
    policy: 'policies/countdown-nano',
    longest: 64,
    writing: { failed_tries: '0.45 0.3 0.15 0.1' },
  },
);

export const word = part(
  {
    id: 'word',
    title: 'Word problems, slips by chance',
    question:
      'Short stories of who has how many in the end. The policy writes as its experts do, half in words and half not, and goes wrong in no way of its own: it reads amiss and reckons amiss by chance. All else is as on chains.',
  },
  {
    task: { id: 'word' },
    policy: 'policies/word-micro',
    longest: 120,
    writing: { style: 'mixed' },
  },
);
