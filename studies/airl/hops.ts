/** AIRL where the policy reads facts backwards. */
import type { StudyPart } from '../lib/study.ts';
import { airlReport, chain } from './chain.ts';
import { byGranularity, FEW, hopsTask, rivals } from './setting.ts';

export const hops: StudyPart = {
  id: 'hops',
  title: 'Hops, facts read backwards',
  question:
    'Questions over a small knowledge base that the seed makes up: follow two or three facts from a letter. The policy’s warm start read a fact backwards where it could, in 4 of 10; experts never do. All else is as on chains.',
  base: { ...chain.base, task: hopsTask, policy: 'policies/hops-backwards' },
  arms: [...byGranularity, ...rivals],
  seeds: FEW,
  metrics: chain.metrics,
  evaluation: chain.evaluation,
  report: (results) => airlReport(results),
};
