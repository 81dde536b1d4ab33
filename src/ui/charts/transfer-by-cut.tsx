import { useMemo, useRef } from 'react';
import { chartFile } from './chart-file.ts';
import { CurveChart } from './curve-chart.tsx';
import './evaluation.css';
import { shownStep, useCursor } from './cursor-store.ts';
import type { ChartRun } from './runs.ts';
import { BY_CUT, CUT_STEPS, cutCurves } from './transfer-charts.ts';
import { useRedraw, useVisible } from './use-redraw.ts';

/** Milliseconds between two redraws: it is a mean over steps and moves slowly. */
const PERIOD = 1000;

const SPEC = { ...BY_CUT, unit: `last ${CUT_STEPS} steps` };

/** How well receivers finish answers that were cut early or late, in training, up to the step that is looked at. */
export function TransferByCut({ runs }: { readonly runs: readonly ChartRun[] }) {
  const box = useRef<HTMLDivElement>(null);
  const visible = useVisible(box);
  const sources = useMemo(() => runs.map((run) => run.series), [runs]);
  const version = useRedraw(sources, visible, PERIOD);
  const step = useCursor(shownStep);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the version stands for the contents of the series
  const curves = useMemo(() => cutCurves(runs, step), [runs, step, version]);
  return (
    <div ref={box}>
      <CurveChart spec={SPEC} curves={curves} file={chartFile(runs, SPEC.id)} />
    </div>
  );
}
