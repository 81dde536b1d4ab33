/** What the README says of a study, between two marks: it follows the raw data as the report does. */
import { resultsOf, type StudyData } from './build-report.ts';
import { headlines } from './findings.ts';
import { toMarkdown } from './report.ts';
import type { Study } from './study.ts';
import { StudyError } from './study-error.ts';

/**
 * The README with the study's headlines as they are now.
 * @throws StudyError where it has no place for them
 */
export function readmeWith(readme: string, study: Study, data: StudyData): string {
  if (!study.headlines) return readme;
  const [from, to] = [`<!-- study ${study.name} -->\n`, `<!-- end ${study.name} -->`];
  const [start, end] = [readme.indexOf(from), readme.indexOf(to)];
  if (start < 0 || end < start) {
    throw new StudyError(`README.md has no place for ${study.name}: ${from.trim()} and ${to}`);
  }
  const found = headlines(study.headlines(resultsOf(study, data)));
  const text = toMarkdown([found], '');
  return `${readme.slice(0, start + from.length)}\n${text}\n${readme.slice(end)}`;
}
