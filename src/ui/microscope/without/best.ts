/** What each reward likes best among kinds of answers. */
import { type AnswerScore, SCORED_TERMS, type TermValues } from './score-answers.ts';

export interface TableRow {
  readonly id: string;
  readonly label: string;
  readonly note: string;
  readonly text: string | null;
  readonly score: AnswerScore | null;
}

/** The highest value of each column; null where nothing is known, or all are equal and nothing is liked best. */
export function bestIn(rows: readonly TableRow[]): TermValues {
  const columns = SCORED_TERMS.map((term) => {
    const values = rows.flatMap(({ score }) => score?.rewards[term] ?? []);
    const most = Math.max(...values);
    return [term, values.length > 0 && values.some((value) => value < most) ? most : null] as const;
  });
  return Object.fromEntries(columns);
}
