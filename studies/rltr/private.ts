/** Two dialects, of which the private one is better for the answer. */
import { percent } from '../lib/format.ts';
import type { StudyPart } from '../lib/study.ts';
import { publicShare } from './numbers.ts';
import { base, EVALUATION, FEW, METRICS, paid, SEEDS, transfer } from './setting.ts';
import {
  afterTraining,
  againstRlvr,
  bySeed,
  DIALECT_COLUMNS,
  dialectCurves,
  publicEffects,
} from './tables.ts';

export const privateBetter: StudyPart = {
  id: 'private',
  title: 'The private dialect is better',
  question:
    'As before, but steps in the private dialect slip less often, so a private answer is more often right. A reward for right answers alone then has a reason to prefer what no receiver can read.',
  base: base('policies/chain-private-better', 80),
  arms: [
    { id: 'rlvr', label: 'RLVR (b = 0)', change: paid(transfer({ weight: 0 })) },
    { id: 'rltr', label: 'RLTR, b = 0.5', change: paid(transfer({ weight: 0.5 })) },
    { id: 'b100', label: 'RLTR, b = 1', change: paid(transfer({ weight: 1 })), seeds: FEW },
  ],
  seeds: SEEDS,
  metrics: METRICS,
  evaluation: EVALUATION,
  report: (results) => [
    ...dialectCurves(results, 'training', 'RLVR and RLTR over training', ['rlvr', 'rltr', 'b100']),
    ...afterTraining(results, DIALECT_COLUMNS),
    ...againstRlvr(results, 'rlvr', [['Public, points', publicShare]]),
    ...publicEffects(results, 'rlvr'),
    ...bySeed(
      results,
      ['rlvr', 'rltr', 'b100'],
      [{ head: 'public, %', measure: publicShare, show: percent }],
    ),
  ],
};
