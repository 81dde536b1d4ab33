/** Receivers of the transfer reward that tell no answers apart, because they always or never succeed. Pure data. */
import type { MetricsRow } from '../../rl/records.ts';
import type { Alert, AlertKind } from './alert.ts';

export interface StuckReceiver {
  /** Its name in metrics; undefined where no single receiver is stuck and the term as a whole is. */
  readonly receiver?: string;
  readonly solves: 'everything' | 'nothing';
}

/** Steps in a row after which a receiver counts as stuck. */
export const STUCK_STEPS = 5;

const NONE: readonly StuckReceiver[] = [];
const TERM = 'rewards/transfer/mean';
const FINISHED = 'rewards/transfer/finished';
const RECEIVER = /^rewards\/transfer\/receiver\/([^/]+)\/mean$/;

/** The receivers that solved everything, or nothing, at each of the last five steps that were scored. */
export function stuckReceivers(rows: readonly MetricsRow[]): readonly StuckReceiver[] {
  // The row of step 0 is an evaluation: nothing is scored there.
  const last = rows.filter((row) => TERM in row).slice(-STUCK_STEPS);
  if (last.length < STUCK_STEPS) return NONE;
  const level = (name: string): StuckReceiver['solves'] | undefined => {
    if (last.every((row) => row[name] === 1)) return 'everything';
    return last.every((row) => row[name] === 0) ? 'nothing' : undefined;
  };
  const single = Object.keys(last[0]).flatMap((name) => {
    const receiver = RECEIVER.exec(name)?.[1];
    const solves = receiver === undefined ? undefined : level(name);
    return solves === undefined ? [] : [{ receiver, solves }];
  });
  if (single.length > 0) return single;
  // What was paid can be less than what was finished: to right answers only.
  const solves = level(FINISHED in last[0] ? FINISHED : TERM);
  return solves === undefined ? NONE : [{ solves }];
}

const ADVICE = {
  everything:
    'Take a weaker receiver, cut earlier (an interval of smaller τ), or switch on the leakage guard.',
  nothing:
    'Take a stronger receiver, cut later (an interval of larger τ), or ask easier questions.',
} as const;

/** What the page says of it; the title and the advice are those of the receiver that is stuck. */
export const STUCK: Readonly<Record<'stuck-receiver', AlertKind>> = {
  'stuck-receiver': {
    title: 'A receiver solves everything, or nothing: there is nothing to learn from it.',
    why: `For ${STUCK_STEPS} steps in a row it finished every answer alike, wherever it was cut, so all answers earn the same.`,
    chart: 'transfer-reward',
    setting: 'rewards.*.receivers',
    when: `a receiver finished all answers rightly, or none, at each of ${STUCK_STEPS} steps that were scored`,
    because: 'one such step may be chance; five are not, and each paid all answers the same.',
  },
};

/** @returns an alert for every receiver that is stuck */
export function stuckAlerts(rows: readonly MetricsRow[]): Alert[] {
  return stuckReceivers(rows).map(({ receiver, solves }) => {
    const who =
      receiver === undefined ? 'The receivers together solve' : `The receiver ${receiver} solves`;
    const how = solves === 'everything' ? 'rightly' : 'wrongly';
    return {
      ...STUCK['stuck-receiver'],
      id: `stuck-receiver/${receiver ?? 'all'}`,
      title: `${who} ${solves}: there is nothing to learn from it.`,
      why: `For ${STUCK_STEPS} steps in a row every answer was finished ${how}, wherever it was cut, so all answers earn the same. ${ADVICE[solves]}`,
    };
  });
}
