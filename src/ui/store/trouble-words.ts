/** What the page says of something that goes wrong. */
export interface Words {
  readonly title: string;
  /** What follows from it, and what to do. */
  readonly why: string;
  /** The setting to look at. */
  readonly setting: string;
}
