/** Writes a study's report with its figures. */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { buildReport, type PartData, type StudyData } from './build-report.ts';
import { partFolder, readRaw } from './raw.ts';
import { readmeWith } from './readme.ts';
import type { Study } from './study.ts';
import { StudyError } from './study-error.ts';

/** What a person wrote; undefined where there is no such file. */
function written(path: string): string | undefined {
  return existsSync(path) ? readFileSync(path, 'utf8').trim() : undefined;
}

/** The raw data and the remarks of all parts. @param folder the study's own, such as docs/results/rltr */
export function readStudy(study: Study, folder: string): StudyData {
  const parts = study.parts.map((part): [string, PartData] => {
    const notes = written(join(folder, `notes-${part.id}.md`));
    return [part.id, { raw: readRaw(partFolder(folder, part)), ...(notes && { notes }) }];
  });
  const tried = written(join(folder, 'tried.md'));
  return { parts: new Map(parts), ...(tried && { tried }) };
}

/**
 * Writes the report's files and the study's place in the README, and deletes figures that it no longer has.
 * @param results the folder of all reports
 * @throws StudyError where there are no raw data at all, or no place in the README
 */
export function writeReport(study: Study, results: string, readme: string): void {
  const folder = join(results, study.name);
  const data = readStudy(study, folder);
  if ([...data.parts.values()].every(({ raw }) => raw.runs.length === 0)) {
    throw new StudyError(`${study.name} has no raw data yet, and so no report`);
  }
  const files = buildReport(study, data);
  mkdirSync(folder, { recursive: true });
  for (const old of readdirSync(folder)) {
    if (old.endsWith('.svg') && !files.has(`${study.name}/${old}`)) rmSync(join(folder, old));
  }
  for (const [path, content] of files) {
    mkdirSync(dirname(join(results, path)), { recursive: true });
    writeFileSync(join(results, path), content);
  }
  if (study.headlines) {
    writeFileSync(readme, readmeWith(readFileSync(readme, 'utf8'), study, data));
  }
}
