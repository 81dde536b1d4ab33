/** Two dialects, equally good for the answer: which does a reward prefer? */
import { percent } from '../lib/format.ts';
import type { StudyPart } from '../lib/study.ts';
import { publicShare } from './numbers.ts';
import { BILINGUAL, base, EVALUATION, FEW, METRICS, paid, SEEDS, transfer } from './setting.ts';
import {
  afterTraining,
  againstRlvr,
  bySeed,
  DIALECT_COLUMNS,
  dialectCurves,
  publicEffects,
} from './tables.ts';

export const dialects: StudyPart = {
  id: 'dialects',
  title: 'Two dialects',
  question:
    'Half of the traces that the warm start learned write their steps in digits, the public dialect, and half in letters, the private one, drawn independently of the question. Both are as often right. The receivers have only ever seen the public one. The private dialect was put there on purpose: what is asked is which dialect a reward prefers, not whether such dialects arise by themselves.',
  base: base('policies/chain-dialects', 80),
  arms: [
    // The term has weight 0, so that transferability is measured here too.
    { id: 'rlvr', label: 'RLVR (b = 0)', change: paid(transfer({ weight: 0 })) },
    { id: 'rltr', label: 'RLTR, b = 0.5', change: paid(transfer({ weight: 0.5 })) },
    {
      id: 'permuted',
      label: 'Transfer reward permuted',
      change: paid(transfer({ weight: 0.5, permuted: true })),
      seeds: FEW,
    },
    {
      id: 'bilingual',
      label: 'Receiver that reads both',
      change: paid(transfer({ weight: 0.5, receivers: BILINGUAL })),
      seeds: FEW,
    },
    {
      id: 'blank',
      label: 'Receiver that is shown nothing',
      change: paid(transfer({ weight: 0.5, blank_prefix: true })),
      seeds: FEW,
    },
    {
      id: 'random',
      label: 'Random reward, 0.5',
      change: paid({ term: 'random', weight: 0.5 }),
      seeds: FEW,
    },
  ],
  seeds: SEEDS,
  metrics: METRICS,
  evaluation: EVALUATION,
  report: (results) => [
    ...dialectCurves(results, 'training', 'RLVR and RLTR over training', ['rlvr', 'rltr']),
    ...afterTraining(results, DIALECT_COLUMNS),
    ...againstRlvr(results, 'rlvr', [['Public, points', publicShare]]),
    ...publicEffects(results, 'rlvr'),
    ...dialectCurves(results, 'controls', 'Controls without information, over training', [
      ...['rlvr', 'rltr', 'permuted', 'blank', 'random'],
    ]),
    ...dialectCurves(results, 'receiver', 'A receiver that reads both dialects, over training', [
      ...['rlvr', 'rltr', 'bilingual'],
    ]),
    ...bySeed(
      results,
      ['rlvr', 'rltr'],
      [{ head: 'public, %', measure: publicShare, show: percent }],
    ),
  ],
};
