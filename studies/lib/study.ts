/** A study: what it compares, and how its report is made from what the runs left. */
import type { Part, StudyDesign } from './design.ts';
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
  /** The part's section from whatever has been run; what there is nothing of yet is left out by it. */
  readonly report: (results: Results) => readonly Block[];
}

/** The results of a part of a study, by its id. */
export type ResultsOf = (part: string) => Results;

export interface Study extends StudyDesign {
  readonly parts: readonly StudyPart[];
  /** What the report begins with: what the paper found, and here. */
  readonly verdicts: (of: ResultsOf) => readonly Block[];
}

/** @throws Error where a study has no such part, which is a mistake of its author */
export function partOf(study: Study, id: string): StudyPart {
  const found = study.parts.find((part) => part.id === id);
  if (!found) throw new Error(`${study.name} has no part ${id}`);
  return found;
}
