import { existsSync, mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { STUDIES } from '../index.ts';
import { buildReport } from './build-report.ts';
import { type RawData, readRaw, writeRun, writeStart } from './raw.ts';
import { madeUp } from './testing/made-up.ts';

const results = fileURLToPath(new URL('../../docs/results/', import.meta.url));
const text = (files: ReadonlyMap<string, string>) => [...files].map((file) => file.join('\n'));

/** What a number that is none, or a part that is not there, would leave behind. */
function expectWhole(files: ReadonlyMap<string, string>) {
  for (const content of files.values())
    expect(content).not.toMatch(/NaN|undefined|Infinity|\[object/);
}

describe.each(STUDIES)('the report of $name', (study) => {
  test('is whole from made-up runs of all arms', () => {
    const files = buildReport(study, madeUp(study));
    expectWhole(files);
    const page = files.get(`${study.name}.md`) ?? '';
    const shown = [...page.matchAll(/\]\((.+\.svg)\)/g)].map((match) => match[1]);
    expect(shown.length).toBeGreaterThan(1);
    expect([...files.keys()].sort()).toEqual([`${study.name}.md`, ...shown].sort());
  });

  test('is whole from any one arm, from one seed, and without evaluations', () => {
    const raw = madeUp(study);
    const parts: RawData[] = [
      ...study.arms.map(({ id }) => ({ ...raw, runs: raw.runs.filter(({ arm }) => arm === id) })),
      { ...raw, runs: raw.runs.filter(({ seed }) => seed === 1) },
      { starts: [], runs: raw.runs.map((run) => ({ ...run, evaluations: [] })) },
      { starts: [], runs: raw.runs.map((run) => ({ ...run, series: {} })) },
    ];
    for (const part of parts) expectWhole(buildReport(study, part));
  });

  test('does not depend on the order of the runs, and survives being written and read', () => {
    const raw = madeUp(study);
    const folder = mkdtempSync(join(tmpdir(), 'baton-study-'));
    for (const run of [...raw.runs].reverse()) writeRun(folder, `${run.arm}-s${run.seed}`, run);
    for (const start of raw.starts) writeStart(folder, start);
    expect(text(buildReport(study, readRaw(folder)))).toEqual(text(buildReport(study, raw)));
  });
});

const committed = STUDIES.filter(({ name }) => existsSync(join(results, name, 'raw')));

test.each(committed)(
  'the committed report of $name is, byte for byte, what its committed raw data give',
  (study) => {
    const files = buildReport(study, readRaw(join(results, study.name, 'raw')));
    for (const [path, content] of files) {
      expect(readFileSync(join(results, path), 'utf8'), path).toBe(content);
    }
    const figures = readdirSync(join(results, study.name)).filter((f) => f.endsWith('.svg'));
    expect(figures.length).toBe(files.size - 1);
  },
);

test('verdicts follow the runs: what was made better is said to hold, what was made worse is not', () => {
  const study = STUDIES.find(({ name }) => name === 'rltr')!;
  const page = (gain: number) =>
    buildReport(
      study,
      madeUp(study, { accuracy: (arm, seed) => 0.4 + 0.01 * seed + (arm === 'rltr' ? gain : 0) }),
    ).get('rltr.md')!;
  const row = (text: string) => text.split('\n').find((line) => line.startsWith('| Maj@64 is'))!;
  expect(row(page(0.04))).toMatch(/\+4\.0 points .*\*\*holds\*\*/);
  expect(row(page(-0.04))).toMatch(/−4\.0 points .*\*\*does not hold\*\*/);
});
