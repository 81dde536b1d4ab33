import { existsSync, mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { STUDIES } from '../index.ts';
import { buildReport, type StudyData } from './build-report.ts';
import { partFolder, type RawData, writeRun, writeStart } from './raw.ts';
import { readmeWith } from './readme.ts';
import { madeUpStudy } from './testing/made-up.ts';
import { readStudy } from './write-report.ts';

const results = fileURLToPath(new URL('../../docs/results/', import.meta.url));
const text = (files: ReadonlyMap<string, string>) => [...files].map((file) => file.join('\n'));

/** What a number that is none, or a part that is not there, would leave behind. */
function expectWhole(files: ReadonlyMap<string, string>) {
  for (const content of files.values())
    expect(content).not.toMatch(/NaN|undefined|Infinity|\[object/);
}

/** The same change to the raw data of every part. */
function each({ parts }: StudyData, change: (raw: RawData) => RawData): StudyData {
  return { parts: new Map([...parts].map(([id, { raw }]) => [id, { raw: change(raw) }])) };
}

describe.each(STUDIES)('the report of $name', (study) => {
  const all = madeUpStudy(study);

  test('is whole from made-up runs of all arms', () => {
    const files = buildReport(study, all);
    expectWhole(files);
    const page = files.get(`${study.name}.md`) ?? '';
    const shown = [...page.matchAll(/\]\((.+\.svg)\)/g)].map((match) => match[1]);
    expect(shown.length).toBeGreaterThan(1);
    expect([...files.keys()].sort()).toEqual([`${study.name}.md`, ...shown].sort());
  });

  test('is whole from any one arm, from one seed, and without evaluations', () => {
    const arms = study.parts.flatMap((part) => part.arms.map(({ id }) => id));
    const parts = [
      ...arms.map((id) =>
        each(all, (raw) => ({ ...raw, runs: raw.runs.filter(({ arm }) => arm === id) })),
      ),
      each(all, (raw) => ({ ...raw, runs: raw.runs.filter(({ seed }) => seed === 1) })),
      each(all, ({ runs }) => ({
        starts: [],
        runs: runs.map((run) => ({ ...run, evaluations: [] })),
      })),
      each(all, ({ runs }) => ({ starts: [], runs: runs.map((run) => ({ ...run, series: {} })) })),
    ];
    for (const part of parts) expectWhole(buildReport(study, part));
  });

  test('is whole from any one part, and says that the others were not run', () => {
    for (const { id } of study.parts) {
      const files = buildReport(study, {
        parts: new Map([...all.parts].filter(([own]) => own === id)),
      });
      expectWhole(files);
      const unrun = (files.get(`${study.name}.md`) ?? '').match(/^Not run yet\.$/gm) ?? [];
      // A part without arms has no runs that could be made up.
      const others = study.parts.filter((part) => part.id !== id || part.arms.length === 0);
      expect(unrun).toHaveLength(others.length);
    }
  });

  test('does not depend on the order of the runs, and survives being written and read', () => {
    const folder = mkdtempSync(join(tmpdir(), 'baton-study-'));
    for (const part of study.parts) {
      const raw = all.parts.get(part.id)?.raw ?? { runs: [], starts: [] };
      const own = partFolder(folder, part);
      for (const run of [...raw.runs].reverse()) writeRun(own, `${run.arm}-s${run.seed}`, run);
      for (const start of raw.starts) writeStart(own, start);
    }
    expect(text(buildReport(study, readStudy(study, folder)))).toEqual(
      text(buildReport(study, all)),
    );
  });
});

const committed = STUDIES.filter(({ name }) => existsSync(join(results, name, 'raw')));

test.each(committed)(
  'the committed report of $name is, byte for byte, what its committed raw data give',
  (study) => {
    const files = buildReport(study, readStudy(study, join(results, study.name)));
    for (const [path, content] of files) {
      expect(readFileSync(join(results, path), 'utf8'), path).toBe(content);
    }
    const figures = readdirSync(join(results, study.name)).filter((f) => f.endsWith('.svg'));
    expect(figures.length).toBe(files.size - 1);
  },
);

test.each(committed.filter(({ headlines }) => headlines))(
  'the README says of $name what its committed raw data give',
  (study) => {
    const readme = readFileSync(join(results, '../../README.md'), 'utf8');
    expect(readmeWith(readme, study, readStudy(study, join(results, study.name)))).toBe(readme);
    expect(() => readmeWith('nothing', study, { parts: new Map() })).toThrow(/has no place for/);
  },
);

test('verdicts follow the runs: what was made better is said to hold, what was made worse is not', () => {
  const study = STUDIES.find(({ name }) => name === 'rltr')!;
  const page = (gain: number) =>
    buildReport(
      study,
      madeUpStudy(study, {
        accuracy: (arm, seed) => 0.4 + 0.01 * seed + (arm === 'rltr' ? gain : 0),
      }),
    ).get('rltr.md')!;
  const row = (text: string) => text.split('\n').find((line) => line.startsWith('| Maj@64 is'))!;
  expect(row(page(0.04))).toMatch(/\+4\.0 points .*\*\*holds\*\*/);
  expect(row(page(-0.04))).toMatch(/−4\.0 points .*\*\*does not hold\*\*/);
});
