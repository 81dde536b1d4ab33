/** What a plot can hold over its grid. */
import type { BandPoint, Point } from './frame.ts';

export interface PlotLine {
  readonly key: string;
  readonly points: readonly Point[];
  readonly className: string;
  /** A colour. */
  readonly stroke: string;
  readonly width: number;
  readonly dash?: string;
  /** A dot at every point. */
  readonly dots?: boolean;
}

export interface PlotBand {
  readonly key: string;
  readonly points: readonly BandPoint[];
  readonly className: string;
}

/** A stretch of the horizontal axis without values. */
export interface PlotGap {
  readonly key: string;
  readonly from: number;
  readonly to: number;
}
