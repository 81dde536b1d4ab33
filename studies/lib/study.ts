/** A study: what it compares, and how its report is made from what the runs left. */
import type { StudyDesign } from './design.ts';
import type { Block } from './report.ts';
import type { Results } from './results.ts';
import type { Workshop } from './workshop.ts';

/** What is asked of the starting policy besides answers, once. */
export interface Probe {
  /** Its raw file is `probe-NAME.json`. */
  readonly name: string;
  /** @returns what the raw file holds */
  readonly measure: (shop: Workshop) => Promise<object>;
}

export interface Study extends StudyDesign {
  readonly probe?: Probe;
  /** The report from whatever has been run; parts of which there is nothing yet are left out by it. */
  readonly report: (results: Results) => readonly Block[];
}
