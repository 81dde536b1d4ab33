/** A study: what it compares, and how its report is made from what the runs left. */
import type { Part, StudyDesign } from './design.ts';
import type { Finding } from './findings.ts';
import type { Block } from './report.ts';
import type { Results } from './results.ts';
import type { Workshop } from './workshop.ts';

/** What is asked of a part's starting policy besides answers, once. */
export interface Probe {
  /** Its raw file is `probe-NAME.json`. */
  readonly name: string;
  /** @returns what the raw file holds */
  readonly measure: (shop: Workshop) => Promise<object>;
}

export interface StudyPart extends Part {
  readonly probe?: Probe;
  /**
   * The part's section from whatever has been run; what there is nothing of yet is left out by it.
   * @param of the other parts, where one is set beside another
   */
  readonly report: (results: Results, of: ResultsOf) => readonly Block[];
}

/** The results of a part of a study, by its id. */
export type ResultsOf = (part: string) => Results;

export interface Study extends StudyDesign {
  readonly parts: readonly StudyPart[];
  /** What the report begins with: what the paper found, and here. */
  readonly verdicts: (of: ResultsOf) => readonly Block[];
  /** What the README says of it: the findings among these that are headlines. */
  readonly headlines?: (of: ResultsOf) => readonly Finding[];
}
