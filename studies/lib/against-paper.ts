/** What a report and the README begin with: the paper's findings beside ours, then what is claimed here besides. */
import { countSentence, type Finding, findingsTable, ownTable } from './findings.ts';
import { heading, text } from './report.ts';
import type { ResultsOf, Study } from './study.ts';

/**
 * @param paper what the paper found, from the results of the parts
 * @param own what is claimed here besides
 * @param note stands before what is claimed here
 */
export function againstPaper(
  paper: (of: ResultsOf) => readonly Finding[],
  own: (of: ResultsOf) => readonly Finding[],
  note?: string,
): Pick<Study, 'verdicts' | 'headlines'> {
  return {
    verdicts: (of) => {
      const findings = paper(of);
      return [
        heading('What the paper found, and here'),
        ...findingsTable(findings),
        text(countSentence(findings)),
        heading('What is claimed here besides'),
        ...(note === undefined ? [] : [text(note)]),
        ...ownTable(own(of)),
      ];
    },
    headlines: (of) => [...paper(of), ...own(of)],
  };
}
