/** What a paper found, what the old task said of it and what the new ones say: rows of the table that a report begins with. */

import type { Estimate } from '../../src/rl/over-seeds.ts';
import { RULE, type Test, type Verdict, verdict } from './claims.ts';
import { percent, pointsOf, ratio, withInterval } from './format.ts';
import { type Block, table, text } from './report.ts';

export interface Finding {
  /** What the paper says, or we do, in a few words. */
  readonly text: string;
  /** Its number, as it is printed there; empty where the claim is ours. */
  readonly paper: string;
  /** Absent where it was not asked there. */
  readonly old?: Test;
  readonly now?: Test;
  /** Where `now` is measured: part and number. */
  readonly where: string;
  /** What it comes to in plain words, where it holds and where it does not. */
  readonly yes: string;
  readonly no: string;
  /** Stands in the README. */
  readonly headline?: true;
}

/** A difference of shares. @param border in shares */
export function inPoints(ours: Estimate | undefined, direction: 1 | -1, border = 0): Test {
  return { ours, show: pointsOf, unit: 'points', direction, border };
}

/** A ratio. */
export function inTimes(ours: Estimate | undefined, direction: 1 | -1, border = 1): Test {
  return { ours, show: ratio, unit: 'x', direction, border };
}

/** A share. */
export function inPercent(ours: Estimate | undefined, direction: 1 | -1, border: number): Test {
  return { ours, show: percent, unit: '%', direction, border };
}

const isTrivial = (border: number) => border === 0 || border === 1;

/** `+15.0 points (+12.1 to +17.9), 5 seeds: **holds**`. */
function cell(test: Test | undefined): string {
  if (!test) return 'not asked';
  const { ours, show, unit, border, over } = test;
  if (!ours) return '**not measured**';
  const edge = isTrivial(border) ? '' : `, border ${show(border)} ${unit}`;
  const seeds = `${ours.n} ${over ?? (ours.n === 1 ? 'seed' : 'seeds')}`;
  return `${withInterval(ours, show, unit)}, ${seeds}${edge}: **${verdict(test)}**`;
}

/** What the newest numbers say, in words; of findings that only the old task was asked about, what it says. */
function inWords({ old, now = old, yes, no }: Finding): string {
  switch (now && verdict(now)) {
    case 'holds':
      return yes;
    case 'does not hold':
      return no;
    case 'not decided at this size':
      return 'These runs do not tell.';
    default:
      return '';
  }
}

const OLD_TASK =
  'The old task is the one that was used first, in which nothing was to be found; it stands at the end of this page.';

const hasOld = (findings: readonly Finding[]) => findings.some(({ old }) => old !== undefined);

/** The paper's findings, old task beside new where there is an old one. */
export function findingsTable(findings: readonly Finding[]): Block[] {
  const beside = hasOld(findings);
  return [
    text(beside ? `${RULE} ${OLD_TASK}` : RULE),
    table(
      [
        ...['Finding', 'Paper'],
        ...(beside ? ['Old task', 'New task'] : ['Here (95 % interval)']),
        ...['Where', 'In words'],
      ],
      findings.map((one) => [
        ...[one.text, one.paper],
        ...(beside ? [cell(one.old)] : []),
        ...[cell(one.now), one.where, inWords(one)],
      ]),
    ),
  ];
}

/** What we claim ourselves, by the same rule. */
export function ownTable(findings: readonly Finding[]): Block[] {
  return [
    table(
      ['We say', 'Here (95 % interval)', 'Where', 'In words'],
      findings.map((one) => [one.text, cell(one.now ?? one.old), one.where, inWords(one)]),
    ),
  ];
}

/** How many findings hold, do not, and are not decided: old task and new. */
export function countSentence(findings: readonly Finding[]): string {
  const count = (tests: readonly (Test | undefined)[]) => {
    const of = (which: Verdict) =>
      tests.filter((test) => test !== undefined && verdict(test) === which).length;
    return `holds ${of('holds')}, does not hold ${of('does not hold')}, not decided ${of('not decided at this size')}`;
  };
  const now = count(findings.map((one) => one.now));
  const said = hasOld(findings)
    ? `Old task: ${count(findings.map(({ old }) => old))}. New tasks: ${now}`
    : now;
  return `The paper’s ${findings.length} findings, counted. ${said}. What is missing was not asked or not measured there.`;
}

/** What the README has: headlines that were measured. */
export function headlines(findings: readonly Finding[]): Block {
  const rows = findings
    .filter(({ headline, now }) => headline && now?.ours)
    .map((one) => [one.text, one.paper || 'ours', cell(one.now)]);
  return rows.length === 0
    ? text('Not run yet on the new tasks.')
    : table(['Finding', 'Paper', 'Here (95 % interval)'], rows);
}
