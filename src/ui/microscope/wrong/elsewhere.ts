/** What the study measured of rewards on answers of policies that they never saw, and how the page reads it. `elsewhere.json` is made by the study. */
import { type Mode, signed } from '../../samples/token-colour.ts';
import measured from './elsewhere.json';

/** A mean over reward models of several seeds, with its 95 % interval by Student's t. */
export interface Measured {
  readonly mean: number;
  readonly low: number;
  readonly high: number;
}

/** What a reward model was learned against, or is used on: a policy with a mistake of its own. */
export interface World {
  readonly id: string;
  readonly label: string;
  readonly policy: string;
  /** In which its rewards learned. */
  readonly steps: number;
}

interface Cell {
  readonly from: string;
  readonly on: string;
  /** Share of questions that are answered rightly by the reward's choice among the answers, less that of one sample. */
  readonly gain: Measured | null;
  /** Of right answers from wrong ones, by the mean logit. */
  readonly auroc: Measured | null;
}

interface Elsewhere {
  /** Answers to each question, of which the reward chooses one. */
  readonly answers: number;
  readonly questions: number;
  readonly seeds: readonly number[];
  readonly worlds: readonly World[];
  readonly cells: readonly Cell[];
}

export const ELSEWHERE: Elsewhere = measured;

/** A number of the cells: its name, how it is written and coloured, and what the two sides of its centre mean. */
export interface Quantity extends Pick<Mode, 'label' | 'centre' | 'boundaries' | 'arms'> {
  readonly id: 'gain' | 'auroc';
  readonly text: (value: number) => string;
  /** What one number of the mode's scale is worth. */
  readonly times: number;
  readonly says: string;
  readonly verdicts: Readonly<Record<'above' | 'below' | 'undecided', string>>;
}

/** Boundaries are fixed, so that a colour means the same in every row. */
export const QUANTITIES: readonly Quantity[] = [
  {
    ...{ id: 'gain', label: 'Points gained by its pick', times: 100 },
    ...{ centre: 0, boundaries: [5, 15, 30, 45], arms: 'both' },
    text: (value) => signed(100 * value, 1),
    says: `Right answers among those that the mean reward picks of ${ELSEWHERE.answers}, less one sample, in points.`,
    verdicts: {
      above: 'its pick is better than one sample',
      below: 'its pick is worse than one sample',
      undecided: 'its pick is not told from one sample',
    },
  },
  {
    ...{ id: 'auroc', label: 'AUROC', times: 1 },
    ...{ centre: 0.5, boundaries: [0.05, 0.15, 0.25, 0.35], arms: 'both' },
    text: (value) => value.toFixed(2),
    says: 'How often a right answer has a higher mean logit than a wrong one. One half is chance.',
    verdicts: {
      above: 'right answers are told from wrong ones',
      below: 'wrong answers look better than right ones',
      undecided: 'right answers are not told from wrong ones',
    },
  },
];

export function cellOf(from: string, on: string): Cell | undefined {
  return ELSEWHERE.cells.find((cell) => cell.from === from && cell.on === on);
}

/** On which side of the centre the whole interval lies. */
export function sideOf(
  { low, high }: Measured,
  { centre, times }: Quantity,
): keyof Quantity['verdicts'] {
  if (times * low > centre) return 'above';
  return times * high < centre ? 'below' : 'undecided';
}

/** `46.2 (31.1 to 61.3)`, in the quantity's own way. */
export function spanText({ low, high }: Measured, { text }: Quantity): string {
  return `${text(low)} to ${text(high)}`;
}

const nameOf = (folder: string) => folder.slice(folder.indexOf('/') + 1);

/** The world in which a bundled reward model was learned: it has the name of the policy that it was trained against. */
export function homeOf(rewardModel: string): World | undefined {
  if (!rewardModel.startsWith('reward-models/')) return undefined;
  return ELSEWHERE.worlds.find(({ policy }) => nameOf(policy) === nameOf(rewardModel));
}

export function worldOf(policyKey: string): World | undefined {
  return ELSEWHERE.worlds.find(({ policy }) => policy === policyKey);
}
