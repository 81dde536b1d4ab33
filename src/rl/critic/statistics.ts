/** What a chart says of a critic: shares and means over judged pairs. What was not measured is absent. */
import type { Judged } from './payoffs.ts';

/** One pair and what was said of it. Every verdict carries the order that it was given in. */
export interface JudgedPair {
  readonly judged: readonly Judged[];
  /** Whether both answers are the same, so that only a tie is fair. */
  readonly identical: boolean;
  /** Whether the expert's answer is wrong; null where no verifier watches. */
  readonly expertWrong: boolean | null;
  /** Steps since the pair was new; null for one of this step. */
  readonly age: number | null;
}

export interface CriticMetrics {
  /** Of the verdicts that name one of two different answers: the share that names the expert's. */
  readonly 'critic/accuracy'?: number;
  /** Of all verdicts on different answers, ties and unreadable ones too: the share that names the expert's. */
  readonly 'critic/right_rate'?: number;
  /** Ties among readable verdicts: of all pairs, of different answers, of identical ones. */
  readonly 'critic/tie_rate'?: number;
  readonly 'critic/tie_rate_differing'?: number;
  readonly 'critic/tie_rate_identical'?: number;
  /**
   * How much more often than half the first answer is named, over verdicts that name one, the expert first and the expert second weighed alike: 0 without a
   * bias, however good the critic is, and 0.5 where it always says 1.
   */
  readonly 'critic/order_bias'?: number;
  readonly 'critic/unreadable'?: number;
  /** Shares of pairs. */
  readonly 'critic/identical'?: number;
  /** Of the pairs that a verifier watches; nobody is paid by it. */
  readonly 'critic/expert_wrong'?: number;
  /** Mean age of replayed pairs, in steps. */
  readonly 'critic/replay_age'?: number;
}

export function criticMetrics(pairs: readonly JudgedPair[]): CriticMetrics {
  const all = pairs.flatMap(({ judged }) => judged);
  const differing = pairs.flatMap(({ judged, identical }) => (identical ? [] : judged));
  const identical = pairs.flatMap(({ judged, identical: same }) => (same ? judged : []));
  const watched = pairs.flatMap(({ expertWrong }) => (expertWrong === null ? [] : [expertWrong]));
  const ages = pairs.flatMap(({ age }) => (age === null ? [] : [age]));
  const metrics: CriticMetrics = {
    'critic/accuracy': shareOf(differing.filter(names), namesExpert),
    'critic/right_rate': shareOf(differing, namesExpert),
    'critic/tie_rate': shareOf(all.filter(isRead), isTie),
    'critic/tie_rate_differing': shareOf(differing.filter(isRead), isTie),
    'critic/tie_rate_identical': shareOf(identical.filter(isRead), isTie),
    'critic/order_bias': orderBias(all),
    'critic/unreadable': shareOf(all, (one) => !isRead(one)),
    'critic/identical': shareOf(pairs, (pair) => pair.identical),
    'critic/expert_wrong': shareOf(watched, (wrong) => wrong),
    'critic/replay_age': meanOf(ages),
  };
  return Object.fromEntries(Object.entries(metrics).filter(([, value]) => value !== undefined));
}

const isRead = ({ verdict }: Judged): boolean => verdict !== null;
const isTie = ({ verdict }: Judged): boolean => verdict === 'tie';
const names = (one: Judged): boolean => isRead(one) && !isTie(one);
const namesExpert = ({ verdict, expert }: Judged): boolean => verdict === expert;

function orderBias(all: readonly Judged[]): number | undefined {
  const firstNamed = (place: Judged['expert']) =>
    shareOf(
      all.filter((one) => names(one) && one.expert === place),
      ({ verdict }) => verdict === '1',
    );
  const [first, second] = [firstNamed('1'), firstNamed('2')];
  return first === undefined || second === undefined ? undefined : (first + second) / 2 - 0.5;
}

function shareOf<T>(items: readonly T[], holds: (item: T) => boolean): number | undefined {
  return meanOf(items.map((item) => Number(holds(item))));
}

function meanOf(values: readonly number[]): number | undefined {
  if (values.length === 0) return undefined;
  return values.reduce((sum, x) => sum + x, 0) / values.length;
}
