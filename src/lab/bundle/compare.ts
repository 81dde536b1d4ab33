/** A run done again, compared row by row with the one that was recorded. */
import type { MetricsRow } from '../../rl/records.ts';

/** One number that differs. Absent on the side whose row lacks it. */
export interface Difference {
  readonly step: number;
  readonly column: string;
  readonly recorded?: number | null;
  readonly here?: number | null;
}

export interface Comparison {
  /** Rows compared. */
  readonly rows: number;
  /** Of these, how many are equal in every column. */
  readonly equal_rows: number;
  /** The first column of the first row that differs; null where all are equal. */
  readonly first_difference: Difference | null;
  /** The number that differs most, as a share of the larger of the two; null where no two numbers differ. */
  readonly largest_difference: (Difference & { readonly share: number }) | null;
}

/** Takes rows as they come. Numbers are equal where they are the same number: no tolerance. */
export class RowComparer {
  #rows = 0;
  #equal = 0;
  #first: Difference | null = null;
  #largest: (Difference & { share: number }) | null = null;

  /** @returns whether the two rows are equal */
  add(recorded: MetricsRow, here: MetricsRow): boolean {
    this.#rows += 1;
    const columns = [...new Set([...Object.keys(recorded), ...Object.keys(here)])];
    const differing = columns.filter((column) => recorded[column] !== here[column]);
    if (differing.length === 0) {
      this.#equal += 1;
      return true;
    }
    const differences = differing.map((column): Difference => {
      const [a, b] = [recorded[column], here[column]];
      const sides = {
        ...(a !== undefined && { recorded: a }),
        ...(b !== undefined && { here: b }),
      };
      return { step: recorded.step, column, ...sides };
    });
    this.#first ??= differences[0];
    for (const difference of differences) {
      const share = shareOf(difference);
      if (share > (this.#largest?.share ?? 0)) this.#largest = { ...difference, share };
    }
    return false;
  }

  get result(): Comparison {
    return {
      rows: this.#rows,
      equal_rows: this.#equal,
      first_difference: this.#first,
      largest_difference: this.#largest,
    };
  }
}

/** How far two numbers are apart; 0 where one of them is missing. */
function shareOf({ recorded, here }: Difference): number {
  if (typeof recorded !== 'number' || typeof here !== 'number') return 0;
  const largest = Math.max(Math.abs(recorded), Math.abs(here));
  return largest === 0 ? 0 : Math.abs(recorded - here) / largest;
}
