/** Finding among the questions of a step: which are shown, in which order, and which of their answers are meant. Pure. */
import type { CompletionRecord, SampleGroup } from '../../rl/records.ts';
import { groupStats } from './group-stats.ts';
import type { SampleStore } from './sample-store.ts';

export type Which = 'all' | 'best' | 'worst' | 'changed' | 'no-signal' | 'truncated';

/** In the order of the menu. */
export const WHICH: readonly { readonly id: Which; readonly label: string }[] = [
  { id: 'all', label: 'All questions' },
  { id: 'best', label: 'Best first' },
  { id: 'worst', label: 'Worst first' },
  { id: 'changed', label: 'Changed since before' },
  { id: 'no-signal', label: 'No signal' },
  { id: 'truncated', label: 'Cut off' },
];

/** What somebody looks for. Text is looked for in questions, prompts and answers, whatever its case. */
export interface Wish {
  readonly which: Which;
  readonly text: string;
}

export const ANYTHING: Wish = { which: 'all', text: '' };

/** One name for a question wherever it is asked: who answers, and the prompt. */
export function questionKey({ prompt, completions }: SampleGroup): string {
  return `${completions[0]?.role ?? ''} ${prompt}`;
}

/** The kept steps at which a question was asked, rising. */
export function askedAt(samples: SampleStore, key: string): readonly SampleGroup[] {
  return samples
    .steps()
    .flatMap((step) => samples.at(step).find((group) => questionKey(group) === key) ?? []);
}

/** Of rising groups of one question, the one that stands for a step: its own, or the last before it, or the first. */
export function standsFor(asked: readonly SampleGroup[], step: number): SampleGroup | undefined {
  return asked.findLast((group) => group.step <= step) ?? asked[0];
}

/** The indices of the groups that fit, in the order in which they are shown. */
export function findGroups(samples: SampleStore, step: number, wish: Wish): readonly number[] {
  const groups = samples.at(step);
  const found = [...groups.keys()].filter((i) => groupFits(samples, groups[i], wish));
  const sign = SIGNS[wish.which];
  if (sign === undefined) return found;
  const merits = groups.map(merit);
  return found.sort((a, b) => {
    // What has no merit comes last either way.
    const [left, right] = [merits[a], merits[b]];
    if (left === null || right === null) return Number(left === null) - Number(right === null);
    return sign * (left - right) || a - b;
  });
}

/** The nearest kept step in a direction at which some question fits; undefined where there is none. */
export function nextFit(
  samples: SampleStore,
  from: number,
  direction: -1 | 1,
  wish: Wish,
): number | undefined {
  const there = (step: number) => samples.at(step).some((group) => groupFits(samples, group, wish));
  const steps = samples.steps();
  return direction > 0
    ? steps.find((step) => step > from && there(step))
    : steps.findLast((step) => step < from && there(step));
}

/** Whether an answer of a group that fits is one of those that are meant. */
export function answerFits(
  { completions }: SampleGroup,
  answer: CompletionRecord,
  { which, text }: Wish,
): boolean {
  if (which === 'truncated' && !answer.truncated) return false;
  if (which === 'best' || which === 'worst') {
    const paid = completions.flatMap((one) => worth(one) ?? []);
    const end = which === 'best' ? Math.max(...paid) : Math.min(...paid);
    if (paid.length > 0 && worth(answer) !== end) return false;
  }
  // A text that only the question has means all of its answers.
  const said = completions.some((one) => contains(one.text, text));
  return !said || contains(answer.text, text);
}

function groupFits(samples: SampleStore, group: SampleGroup, { which, text }: Wish): boolean {
  const { question, prompt, completions, step } = group;
  if (![question, prompt, ...completions.map((one) => one.text)].some((one) => contains(one, text)))
    return false;
  if (which === 'no-signal') return groupStats(group).noSignal;
  if (which === 'truncated') return completions.some(({ truncated }) => truncated);
  if (which !== 'changed') return true;
  const before = askedAt(samples, questionKey(group)).findLast((one) => one.step < step);
  return before !== undefined && completions.some((one, i) => one.text !== textAt(before, i));
}

/** How merits are ordered, where they are. */
const SIGNS: Readonly<Partial<Record<Which, number>>> = { best: -1, worst: 1 };

function textAt({ completions }: SampleGroup, i: number): string | undefined {
  return completions[i]?.text;
}

/** How good a group is: its mean reward or, where nothing is paid, how many are right; null where neither is known. */
function merit({ completions }: SampleGroup): number | null {
  const known = completions.flatMap((one) => worth(one) ?? []);
  return known.length === 0 ? null : known.reduce((sum, one) => sum + one, 0) / known.length;
}

function worth({ reward, correct }: CompletionRecord): number | undefined {
  return reward ?? (correct === undefined ? undefined : Number(correct));
}

function contains(text: string, wanted: string): boolean {
  return text.toLowerCase().includes(wanted.trim().toLowerCase());
}
