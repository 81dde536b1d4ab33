/** What the page says of something that goes wrong with a run. Plain data. */

/** A change that may help: a setting that is a number, and what to make of its value. */
export interface Offer {
  readonly path: string;
  readonly next: (value: number) => number;
}

export interface Alert {
  /** Unique among the alerts of a run. */
  readonly id: string;
  /** What was seen, as a sentence. */
  readonly title: string;
  /** What follows from it, and what to do. */
  readonly why: string;
  /** The chart in which it is seen, by id. */
  readonly chart: string;
  /** The setting to look at. */
  readonly setting?: string;
  readonly offers?: readonly Offer[];
  /** Wrong answers that are paid well stand below it. */
  readonly showsPaid?: true;
}

/** An alert with its rule in words: what docs/alerts.md is made of. */
export interface AlertKind extends Omit<Alert, 'id'> {
  /** When it fires, as a clause after "Fires when". */
  readonly when: string;
  /** Why the threshold is where it is. */
  readonly because: string;
}

/** The alerts of a table whose rules hold, in its order. */
export function alertsFrom<Id extends string>(
  kinds: Readonly<Record<Id, AlertKind>>,
  holds: Readonly<Record<Id, boolean>>,
): Alert[] {
  return (Object.keys(kinds) as Id[]).filter((id) => holds[id]).map((id) => ({ id, ...kinds[id] }));
}
