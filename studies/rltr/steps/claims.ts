/** What the paper found, and here. */
import type { Claim } from '../../lib/claims.ts';
import { percent, pointsOf, ratio } from '../../lib/format.ts';
import { overhead } from '../../lib/overhead.ts';
import {
  evaluated,
  type Measure,
  majAt,
  passAt,
  type Results,
  transferTo,
} from '../../lib/results.ts';
import { BARE, BASE, MAIN, maj64, startOf } from './measures.ts';
import { speedUp } from './race.ts';

/** Losing less than this is keeping, for pass@k. */
const KEPT = -0.02;
/** A step may take this much longer before it is called dearer. */
const DEARER = 0.1;

const pass64 = evaluated('test', passAt(64));
const oodAccuracy = evaluated('ood', (e) => e.accuracy);
const oodMaj64 = evaluated('ood', majAt(64));

export function claims(results: Results): Claim[] {
  const handed = transferTo(startOf(results));
  const between = (measure: Measure, arm = MAIN, base = BASE) =>
    results.difference(arm, base, measure);
  return [
    {
      text: 'Maj@64 is higher than under RLVR',
      paper: '+3.6 points (MATH-500)',
      ours: between(maj64),
      show: pointsOf,
      unit: 'points',
      direction: 1,
      border: 0,
    },
    {
      text: 'RLVR’s accuracy is reached in fewer steps',
      paper: 'about 2.5 x fewer',
      ours: speedUp(results, MAIN),
      show: ratio,
      unit: 'x',
      direction: 1,
      border: 1,
    },
    {
      text: 'Transferability falls under RLVR (after training less before, to a receiver as strong as the start)',
      paper: 'falls, late',
      ours: results.mean(BASE, results.sinceStart('test', handed)),
      show: pointsOf,
      unit: 'points',
      direction: -1,
      border: 0,
    },
    {
      text: 'Transferability rises under RLTR',
      paper: 'rises',
      ours: results.mean(MAIN, results.sinceStart('test', handed)),
      show: pointsOf,
      unit: 'points',
      direction: 1,
      border: 0,
    },
    {
      text: 'Transferability is higher than under RLVR',
      paper: 'higher',
      ours: between(evaluated('test', handed)),
      show: pointsOf,
      unit: 'points',
      direction: 1,
      border: 0,
    },
    {
      text: 'Maj@16 falls under RLVR (after training less before)',
      paper: '81.2 to 80.2',
      ours: results.mean(BASE, results.sinceStart('test', majAt(16))),
      show: pointsOf,
      unit: 'points',
      direction: -1,
      border: 0,
    },
    {
      text: 'Maj@16 rises under RLTR',
      paper: 'rises',
      ours: results.mean(MAIN, results.sinceStart('test', majAt(16))),
      show: pointsOf,
      unit: 'points',
      direction: 1,
      border: 0,
    },
    {
      text: 'A larger b gains more Maj@64 (b = 1 less b = 0.25)',
      paper: 'more',
      ours: between(maj64, 'b100', 'b025'),
      show: pointsOf,
      unit: 'points',
      direction: 1,
      border: 0,
    },
    {
      text: 'A more capable receiver gains more Maj@64 (stronger less weaker)',
      paper: 'more',
      ours: between(maj64, 'strong', 'weak'),
      show: pointsOf,
      unit: 'points',
      direction: 1,
      border: 0,
    },
    {
      text: 'The gain in accuracy stays out of distribution',
      paper: '89.1 to 92.0 (GSM8K)',
      ours: between(oodAccuracy),
      show: pointsOf,
      unit: 'points',
      direction: 1,
      border: 0,
    },
    {
      text: 'The gain in Maj@64 stays out of distribution',
      paper: '92.7 to 94.2 (GSM8K)',
      ours: between(oodMaj64),
      show: pointsOf,
      unit: 'points',
      direction: 1,
      border: 0,
    },
    {
      text: 'Pass@64 is kept',
      paper: 'kept',
      ours: between(pass64),
      show: pointsOf,
      unit: 'points',
      direction: 1,
      border: KEPT,
    },
    {
      text: 'A step takes hardly longer (one try at each answer and nothing else, against the rest of the step)',
      paper: '+7 %',
      ours: results.mean(BARE, overhead),
      show: percent,
      unit: '%',
      direction: -1,
      border: DEARER,
    },
  ];
}
