/** Which arm the preset "RLTR against RLVR" is made from: a rule over the intervals, and what it says of the arms there are. */

import type { Estimate } from '../../../src/rl/over-seeds.ts';
import type { Arm } from '../../lib/design.ts';
import { percent, plain, pointsOf, withInterval } from '../../lib/format.ts';
import { overhead } from '../../lib/overhead.ts';
import { type Block, subheading, table, text } from '../../lib/report.ts';
import { average, evaluated, type Measure, type Results, transferTo } from '../../lib/results.ts';
import { BARE, BASE, testAccuracy, UNSEEN } from './measures.ts';

/** Tries of a receiver at each cut. */
function triesOf({ change }: Arm): number {
  const term = change.rewards?.find((reward) => reward.term === 'transfer');
  return (term?.term === 'transfer' && term.continuations) || 1;
}

/**
 * How much of the value that is paid is the answer's doing: the reliability of a mean of k tries, from that of one try
 * (Spearman 1910, Brown 1910). What is measured is that of one try.
 */
export function valueReliability(arm: Arm): Measure {
  const k = triesOf(arm);
  return (run) => {
    const single = average('rewards/transfer/icc')(run);
    return single === undefined ? undefined : (k * single) / (1 + (k - 1) * single);
  };
}

/** Standard deviation within a question that is the answer's doing and not the receiver's luck. */
function signalStd(arm: Arm): Measure {
  return (run) => {
    const share = valueReliability(arm)(run);
    const all = average('rewards/transfer/group_std')(run);
    return share === undefined || all === undefined
      ? undefined
      : all * Math.sqrt(Math.max(0, share));
  };
}

interface Candidate {
  readonly arm: Arm;
  readonly seeds: number;
  readonly reliability: Estimate | undefined;
  readonly signal: Estimate | undefined;
  readonly handed: Estimate | undefined;
  readonly accuracy: Estimate | undefined;
  readonly cost: Estimate | undefined;
  /** Why the rule leaves it out; empty where it does not. */
  readonly against: string;
}

function candidates(results: Results): Candidate[] {
  return results.arms
    .filter(({ id }) => id !== BASE && id !== BARE)
    .map((arm) => {
      const { id } = arm;
      const reliability = results.mean(id, valueReliability(arm));
      const accuracy = results.difference(id, BASE, testAccuracy);
      const handed = results.difference(id, BASE, evaluated('test', transferTo(UNSEEN)));
      const seeds = results.runs.filter((run) => run.arm === id).length;
      return {
        ...{ arm, seeds, reliability, accuracy, handed },
        signal: results.mean(id, signalStd(arm)),
        cost: results.mean(id, overhead),
        against: objection(reliability, accuracy, handed),
      };
    });
}

function objection(
  reliability: Estimate | undefined,
  accuracy: Estimate | undefined,
  handed: Estimate | undefined,
): string {
  const unknown = [reliability, accuracy, handed].some(
    (one) => one === undefined || one.low === null,
  );
  if (unknown) return 'too few seeds';
  if ((reliability?.low ?? 0) <= 0) return 'may be luck alone';
  if ((accuracy?.high ?? 0) < 0) return 'costs accuracy';
  return '';
}

const best = (all: readonly Candidate[], low: (one: Candidate) => number) =>
  all.reduce<Candidate | undefined>((a, b) => (a && low(a) >= low(b) ? a : b), undefined);

const handedLow = ({ handed }: Candidate) => handed?.low ?? Number.NEGATIVE_INFINITY;
const reliableLow = ({ reliability }: Candidate) => reliability?.low ?? Number.NEGATIVE_INFINITY;

/** The arm that the rule chooses, and whether by transferability; undefined where it chooses none. */
export function chosen(
  results: Results,
): { arm: Arm; by: 'transferability' | 'reliability' } | undefined {
  const left = candidates(results).filter(({ against }) => against === '');
  const first = best(left, handedLow);
  if (first && handedLow(first) > 0) return { arm: first.arm, by: 'transferability' };
  const second = best(left, reliableLow);
  return second && { arm: second.arm, by: 'reliability' };
}

const RULE = `Whether an arm’s reward says anything is its reliability, of the value that is paid: with k tries at an answer k r / (1 + (k − 1) r), r being that of one try. Whether it does anything is how many more answers than under RLVR a model finishes that no arm trained with (${UNSEEN.slice(UNSEEN.indexOf('/') + 1)}). The rule: left out is an arm with fewer than two seeds, one whose reliability may be 0 (the interval reaches it), and one whose accuracy lies below that of RLVR with its whole interval. Of the others the one with the highest lower end of its gain in transferability is chosen, if that is above 0; if none is, the one with the highest lower end of its reliability.`;

const BY = {
  transferability:
    'it gains transferability for sure, and the most at the lower end of its interval',
  reliability:
    'none gains transferability for sure, and its reward has the highest lower end of reliability',
} as const;

export function choice(results: Results): Block[] {
  const all = candidates(results);
  if (all.length === 0) return [];
  const found = chosen(results);
  const rows = all.map(({ arm, seeds, reliability, signal, handed, accuracy, cost, against }) => [
    arm.label,
    `${seeds}`,
    withInterval(reliability, plain),
    withInterval(signal, plain),
    withInterval(handed, pointsOf),
    withInterval(accuracy, pointsOf),
    withInterval(cost, percent),
    arm.id === found?.arm.id ? '**chosen**' : against,
  ]);
  return [
    subheading('Which arm becomes the preset'),
    text(RULE),
    table(
      [
        'Arm',
        'Seeds',
        'Reliability of the value',
        'Std that is the answer’s',
        'Transferability less RLVR’s, points',
        'Accuracy less RLVR’s, points',
        'Time of the rewards, % of the rest',
        'By the rule',
      ],
      rows,
    ),
    text(
      found
        ? `By the rule the preset “RLTR against RLVR” is made from **${found.arm.label}** (\`${found.arm.id}\`): ${BY[found.by]}.`
        : 'The rule chooses no arm; the preset stays with b = 0.5.',
    ),
  ];
}
