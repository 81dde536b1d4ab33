/** AIRL where the mistake is the rule, so that growing surer makes a policy worse. */
import type { StudyPart } from '../lib/study.ts';
import { airlReport, chain } from './chain.ts';
import { byGranularity, FEW, rivals } from './setting.ts';

export const rule: StudyPart = {
  id: 'rule',
  title: 'Chains, a carry forgotten in 6 of 10',
  question:
    'The same questions and settings with a policy whose warm start forgot a carry in 6 of 10 additions that have one. Where the mistake is the rarer way, a policy that only grows surer gets better by itself. Here it gets worse, so what rises was taught.',
  base: { ...chain.base, policy: 'policies/chain-carry-rule' },
  arms: [...byGranularity, ...rivals],
  seeds: FEW,
  metrics: chain.metrics,
  evaluation: chain.evaluation,
  report: (results) => airlReport(results),
};
