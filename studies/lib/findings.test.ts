import { expect, test } from 'vitest';
import { countSentence, type Finding, findingsTable, headlines, inPoints } from './findings.ts';
import { toMarkdown } from './report.ts';

const interval = (low: number, high: number) => ({ mean: (low + high) / 2, low, high, n: 5 });

function finding(change: Partial<Finding>): Finding {
  return { text: 'A', paper: '', where: 'here', yes: 'It does.', no: 'It does not.', ...change };
}

const row = (one: Finding) =>
  toMarkdown(findingsTable([one]), '')
    .trim()
    .split('\n')
    .at(-1);

test('a row has both tasks, each with its interval and verdict, and says in words what the new one says', () => {
  const old = inPoints(interval(-0.01, 0.03), 1);
  const now = inPoints(interval(0.1, 0.2), 1);
  expect(row(finding({ old, now }))).toBe(
    '| A |  | +1.0 points (−1.0 to +3.0), 5 seeds: **not decided at this size** | +15.0 points (+10.0 to +20.0), 5 seeds: **holds** | here | It does. |',
  );
  expect(row(finding({ old: now, now: old }))).toMatch(/These runs do not tell\. \|$/);
  expect(row(finding({ now: inPoints(interval(-0.2, -0.1), 1) }))).toMatch(/It does not\. \|$/);
});

test('what was not asked is told from what was not measured, and neither is put in words', () => {
  expect(row(finding({ old: inPoints(undefined, 1) }))).toBe(
    '| A |  | **not measured** | not asked | here |  |',
  );
});

test('without an old task there is no column for it', () => {
  const blocks = findingsTable([finding({ now: inPoints(interval(0.1, 0.2), 1) })]);
  expect(toMarkdown(blocks, '')).not.toMatch(/[Oo]ld task/);
  expect(row(finding({ now: inPoints(undefined, 1) }))).toBe(
    '| A |  | **not measured** | here |  |',
  );
});

test('of a finding that only the old task was asked about, the words are the old task’s', () => {
  const cells = row(finding({ old: inPoints(interval(0.1, 0.2), 1) }));
  expect(cells).toMatch(/\*\*holds\*\* \| not asked \| here \| It does\. \|$/);
});

test('a border that is not nought, and what the interval is over, stand in the cell', () => {
  const now = { ...inPoints(interval(-0.01, 0.03), 1, -0.02), over: 'questions' as const };
  expect(row(finding({ now }))).toContain('5 questions, border −2.0 points: **holds**');
});

test('findings are counted by task', () => {
  const holds = inPoints(interval(0.1, 0.2), 1);
  const not = inPoints(interval(-0.2, -0.1), 1);
  const all = [finding({ old: not, now: holds }), finding({ now: holds }), finding({ old: not })];
  expect(countSentence(all)).toContain(
    'Old task: holds 0, does not hold 2, not decided 0. New tasks: holds 2, does not hold 0, not decided 0.',
  );
});

test('the README has headlines that were measured', () => {
  const now = inPoints(interval(0.1, 0.2), 1);
  const text = toMarkdown(
    [
      headlines([
        finding({ text: 'Shown', now, headline: true }),
        finding({ text: 'No headline', now }),
        finding({ text: 'Not measured', now: inPoints(undefined, 1), headline: true }),
      ]),
    ],
    '',
  );
  expect(text).toContain('| Shown | ours | +15.0 points');
  expect(text.trim().split('\n')).toHaveLength(3);
  expect(toMarkdown([headlines([finding({ now })])], '')).toBe('Not run yet on the new tasks.\n');
});
