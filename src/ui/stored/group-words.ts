/** Groups of stored runs in words: what each is called, what differs from the one before, and how it stands. */
import type { SeedGroup } from '../../lab/run-groups/groups.ts';
import { isEvaluated } from '../../lab/run-groups/over-steps.ts';
import type { SeedRun } from '../../lab/run-groups/seed-run.ts';
import { MOST_NAME } from '../../lab/run-store/marks.ts';
import { type Change, diffExperiments } from '../../rl/experiment/change.ts';
import type { Experiment } from '../../rl/experiment/schema.ts';
import { listText, plural } from '../format.ts';
import { movedLabel, movedValue } from '../live-changes.ts';
import { changeText } from '../settings.ts';

/** Most differences that are written out. */
const MOST_DIFFERENCES = 2;

export interface Difference {
  readonly label: string;
  readonly to: string;
  readonly from: string;
}

/** What tells a group from the one before it. */
export interface Apart {
  /** The two that are written out. */
  readonly shown: readonly Difference[];
  /** How many more there are. */
  readonly more: number;
  /** The group that it is told from, where that is not the one right before; empty where it is. */
  readonly than: string;
  /** Said in place of differences. */
  readonly instead: string;
}

/** All settings but the seed in which two experiments differ. */
export function settingsApart(from: Experiment, to: Experiment): readonly Change[] {
  return diffExperiments(from, to).filter(({ path }) => path !== 'seed');
}

/**
 * What differs from the nearest group that began earlier with the same task: of equally near ones the latest.
 * @param before groups that began earlier, the latest last, with their names
 */
export function apartFrom(
  group: SeedGroup,
  before: readonly { readonly group: SeedGroup; readonly name: string }[],
): Apart {
  const [{ experiment, adapter, changes }] = group.runs;
  const near = before
    .filter(({ group: { runs } }) => runs[0].experiment.task.id === experiment.task.id)
    .map((one) => {
      const [from] = one.group.runs;
      const apart = settingsApart(from.experiment, experiment);
      return { ...one, apart, away: apart.length + Number(from.adapter !== adapter) };
    });
  const least = Math.min(...near.map(({ away }) => away));
  const nearest = near.findLast(({ away }) => away === least);
  const none = { shown: [], more: 0, than: '' };
  if (!nearest) return { ...none, instead: 'the first of its task' };
  const from = nearest.group.runs[0];
  const others: Difference[] = [];
  if (adapter !== from.adapter) others.push({ label: 'Adapter', to: adapter, from: from.adapter });
  for (const change of changes)
    others.push({
      label: `From step ${change.step} ${lower(movedLabel(experiment, change.path))}`,
      to: movedValue(experiment, change),
      from: '',
    });
  const all = [
    ...nearest.apart.map((change) => asDifference(from.experiment, experiment, change)),
    ...others,
  ];
  if (all.length === 0) return { ...none, instead: `settings as ${nearest.name}` };
  return {
    shown: all.slice(0, MOST_DIFFERENCES),
    more: Math.max(0, all.length - MOST_DIFFERENCES),
    than: nearest.group === before.at(-1)?.group ? '' : nearest.name,
    instead: '',
  };
}

export function asDifference(from: Experiment, to: Experiment, change: Change): Difference {
  return {
    label: change.label,
    to: changeText(to, change, change.to),
    from: changeText(from, change, change.from),
  };
}

/** `Learning rate 1.0e−3, was 1.0e−4, and 3 more`. */
export function apartText({ shown, more, than, instead }: Apart): string {
  if (instead) return instead;
  const parts = shown.map(
    ({ label, to, from }) => `${lower(label)} ${to}${from && `, was ${from}`}`,
  );
  return `${parts.join('; ')}${more > 0 ? `; and ${more} more` : ''}${than && ` (against ${than})`}`;
}

/** A label within a sentence; one that begins with a symbol or two capitals stays. */
export function lower(label: string): string {
  return /^[A-Z][a-z]/.test(label) ? `${label.charAt(0).toLowerCase()}${label.slice(1)}` : label;
}

const SMALL = ['no', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten'];

/** five seeds, 12 seeds, one seed. */
export function countWord(count: number, noun: string): string {
  return plural(count, noun).replace(/^\d+/, numberWord(count));
}

export const numberWord = (count: number): string => SMALL[count] ?? String(count);

/** 1 to 5; 1, 3 and 5. */
export function seedsText(seeds: readonly number[]): string {
  const sorted = [...seeds].sort((a, b) => a - b);
  const run = sorted.every((seed, i) => seed === sorted[0] + i);
  if (sorted.length > 2 && run) return `${sorted[0]} to ${sorted.at(-1)}`;
  return listText(sorted.map(String));
}

export interface GroupState {
  readonly kind: 'done' | 'live' | 'bad' | 'open';
  readonly text: string;
}

/** How a group stands. @param waiting seeds of it in the queue */
export function groupState({ runs }: SeedGroup, waiting = 0): GroupState {
  const count = (state: SeedRun['state']) => runs.filter((run) => run.state === state).length;
  const open = runs.filter(({ state }) => state === 'open');
  const more = waiting > 0 ? `, ${waiting} waiting` : '';
  if (open.length > 0)
    return { kind: 'live', text: `seed ${seedsText(open.map(({ seed }) => seed))} open${more}` };
  const [stopped, unfinished] = [count('stopped'), count('unfinished')];
  if (stopped > 0) return { kind: 'bad', text: `${stopped} stopped${more}` };
  if (unfinished > 0) return { kind: 'open', text: `${unfinished} unfinished${more}` };
  return waiting > 0
    ? { kind: 'open', text: `${waiting} waiting` }
    : { kind: 'done', text: 'done' };
}

/** What a run is judged by, as a column or chart is headed. */
export const METRICS = [
  { id: 'eval/accuracy', label: 'Accuracy', unit: 'held out', share: true, better: 'high' },
  { id: 'eval/win_rate', label: 'Win rate', unit: 'held out', share: true, better: 'high' },
  {
    id: 'eval_ood/accuracy',
    label: 'Accuracy elsewhere',
    unit: 'other questions',
    share: true,
    better: 'high',
  },
  { id: 'reward', label: 'Reward', unit: 'mean of 10 steps', share: false, better: 'high' },
  {
    id: 'completions/mean_length',
    label: 'Length',
    unit: 'tokens, mean of 10 steps',
    share: false,
    better: null,
  },
  { id: 'kl', label: 'KL', unit: 'mean of 10 steps', share: false, better: null },
  { id: 'entropy', label: 'Entropy', unit: 'mean of 10 steps', share: false, better: null },
] as const satisfies readonly Metric[];

export interface Metric {
  readonly id: string;
  readonly label: string;
  readonly unit: string;
  /** Between 0 and 1: differences are in points. */
  readonly share: boolean;
  /** Null where neither is better by itself. */
  readonly better: 'high' | null;
}

export function metricOf(id: string): Metric {
  const known = METRICS.find((metric) => metric.id === id);
  const unit = isEvaluated(id) ? 'held out' : 'mean of 10 steps';
  return known ?? { id, label: id, unit, share: false, better: null };
}

/** A name that a person gave, made fit to be kept. */
export function cleanName(text: string): string {
  return text.replace(/\s+/g, ' ').trim().slice(0, MOST_NAME);
}
