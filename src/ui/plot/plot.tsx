/**
 * A plot: its grid, gaps, bands and lines. Text, and what follows the pointer, lies in a layer above it, so that neither a hover nor a new
 * label draws the lines again. The library that draws is loaded with the first mark: a page that has none yet goes without it.
 */
import { lazy, memo, Suspense } from 'react';
import type { Frame } from './frame.ts';
import { Grid } from './grid.tsx';
import type { PlotBand, PlotGap, PlotLine } from './mark.ts';

const Marks = lazy(() =>
  import('./marks.tsx').then(
    ({ Marks }) => ({ default: Marks }),
    () => ({ default: NotLoaded }),
  ),
);

/** What a run has measured stands beside the plot as numbers, and is kept: only the picture is missing. */
function NotLoaded() {
  return <p className="lines small quiet">The lines could not be loaded. Reload the page.</p>;
}

interface Props {
  readonly frame: Frame;
  readonly lines: readonly PlotLine[];
  readonly bands?: readonly PlotBand[];
  readonly gaps?: readonly PlotGap[];
  /** Values with a line across; all ticks where left out. */
  readonly across?: readonly number[];
  /** Places with a line down. */
  readonly down?: readonly number[];
}

const NONE: readonly never[] = [];

export const Plot = memo(function Plot({
  frame,
  lines,
  bands = NONE,
  gaps = NONE,
  across = frame.y.ticks,
  down = NONE,
}: Props) {
  const marked = lines.length + bands.length + gaps.length > 0;
  return (
    <>
      <Grid {...{ frame, across, down }} />
      {marked ? (
        <Suspense>
          <Marks {...{ frame, lines, bands, gaps }} />
        </Suspense>
      ) : null}
    </>
  );
});
