import { memo, type RefObject, useMemo, useRef, useState } from 'react';
import { useShallow } from 'zustand/react/shallow';
import { About } from '../glossary/about.tsx';
import { nameRoom } from '../plot/names.ts';
import { Plot } from '../plot/plot.tsx';
import { type Caption, CaptionList, CaptionMarks } from './captions.tsx';
import { chartCsv, chartSvg } from './chart-export.ts';
import { chartFile } from './chart-file.ts';
import { ChartMenu } from './chart-menu.tsx';
import { xScale, yScale } from './chart-scales.ts';
import { type ChartSpec, namesAside, withoutAsides } from './chart-spec.ts';
import { ChartTable } from './chart-table.tsx';
import { exportColours } from './colours.ts';
import { CursorLayer } from './cursor-layer.tsx';
import { useCursor } from './cursor-store.ts';
import { levelLines, levelSentence } from './levels.ts';
import { type DrawnLine, drawnLines } from './lines.ts';
import type { MetricFrame } from './metric-frame.ts';
import { absentText, aloneText, droppedText, marksOf, silenceOf } from './metric-marks.ts';
import { nameLetters, PlotText } from './plot-text.tsx';
import { Readout } from './readout.tsx';
import type { ChartRun } from './runs.ts';
import { saveFile } from './save-file.ts';
import { savePng } from './save-png.ts';
import { sentence, summarise } from './summary.ts';
import { usePointer } from './use-pointer.ts';
import { useRedraw, useSize, useVisible, useWhile } from './use-redraw.ts';

interface Props {
  readonly spec: ChartSpec;
  /** The visible runs. */
  readonly runs: readonly ChartRun[];
  /** Steps that are planned, for the empty axis before a run. */
  readonly planned: number;
  /** Said in the middle of an empty plot. */
  readonly empty?: string;
  /** Notes at places on its first line. Give the same list as long as it is the same. */
  readonly captions?: readonly Caption[];
}

/** Milliseconds between redraws: three a second, two for the small charts. */
const PERIODS = { hero: 320, half: 400, small: 480, mini: 480 } as const;

const NONE: readonly string[] = [];
const NO_CAPTIONS: readonly Caption[] = [];

const TICKS = { hero: 6, half: 5, small: 4, mini: 4 } as const;

/** One chart: title, unit and values as text, then lines, numbers and cursor in three layers. */
export const MetricChart = memo(function MetricChart(props: Props) {
  const { spec: all, runs, planned, empty, captions = NO_CAPTIONS } = props;
  const withAsides = useCursor((state) => state.withAsides[all.id] ?? false);
  const asides = runs.length > 1 ? namesAside(all) : NONE;
  const compared = asides.length > 0 && !withAsides;
  const spec = useMemo(() => (compared ? withoutAsides(all) : all), [all, compared]);
  const figure = useRef<HTMLElement>(null);
  const plot = useRef<HTMLDivElement>(null);
  const onScreen = useVisible(figure);
  // Off screen a chart rests while steps come in, and catches up at the end, for who reads the page without looking at it.
  const visible = onScreen || !runs.some(({ live }) => live);
  const size = useSize(plot);
  const sources = useMemo(() => runs.map((run) => run.series), [runs]);
  const version = useRedraw(sources, visible && spec.off === undefined, PERIODS[spec.size]);
  const chosen = useCursor(
    useShallow(({ smoothing, xAxis, range, logScale, ignoreOutliers }) => ({
      smoothing,
      xAxis,
      range,
      log: logScale[spec.id] ?? spec.log ?? false,
      outliers: ignoreOutliers[spec.id] ?? false,
    })),
  );
  const inputs = useWhile({ spec, runs, ...chosen }, visible);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the version stands for the contents of the series
  const lines = useMemo(
    () => (inputs.spec.off ? [] : drawnLines(inputs.spec, inputs.runs, inputs)),
    [version, inputs.spec, inputs.runs, inputs.smoothing, inputs.xAxis, inputs.range, inputs.log],
  );
  // biome-ignore lint/correctness/useExhaustiveDependencies: the version stands for the contents of the series
  const frame = useMemo((): MetricFrame | null => {
    if (size.width < 20 || size.height < 10) return null;
    const { spec, runs, log, outliers, xAxis } = inputs;
    const beside = nameRoom(nameLetters(spec, lines, runs.length), size.width);
    const width = size.width - beside;
    const most = TICKS[spec.size];
    return {
      ...{ width, height: size.height, beside, xAxis },
      x: xScale(runs, inputs, planned, width < 100 ? 1 : width < 200 ? 2 : 4),
      y: yScale(spec, lines, { log, ignoreOutliers: outliers, most }),
    };
  }, [
    version,
    lines,
    size,
    inputs.log,
    inputs.outliers,
    inputs.runs,
    inputs.range,
    inputs.xAxis,
    planned,
  ]);
  const dragged = usePointer(plot, frame, runs);
  const [table, setTable] = useState(false);
  const [undrawn, setUndrawn] = useState(false);
  const notes = [
    lines.length > 0 ? spec.note : undefined,
    absentText(spec, runs, lines),
    aloneText(spec, runs, lines),
    droppedText(lines),
    undrawn ? 'This browser cannot draw the picture: save it as SVG.' : undefined,
  ].filter(Boolean);
  const summary = [...lines.map((line) => lineSentence(spec, line)), levelSentence(spec)]
    .filter((text) => lines.length > 0 && text !== '')
    .join(' ');
  const scaleName = spec.size === 'small' ? 'log' : 'log scale';
  // A narrow chart that is always on a log scale says so by its ticks.
  const said = chosen.log && !spec.off && !(spec.size === 'small' && spec.log);
  const unit = [spec.unit, said ? scaleName : undefined]
    .filter((part) => part !== undefined)
    .join(', ');
  const save = (kind: 'svg' | 'png' | 'csv') => {
    const name = `${chartFile(runs, spec.id)}.${kind}`;
    if (kind === 'csv') saveFile(name, chartCsv(spec, lines), 'text/csv');
    else if (frame && figure.current) {
      const svg = chartSvg(spec, frame, lines, exportColours(figure.current), inputs.smoothing);
      if (kind === 'svg') saveFile(name, svg, 'image/svg+xml');
      else savePng(name, svg).catch(() => setUndrawn(true));
    }
  };
  return (
    <figure className={`chart ${spec.size}`} ref={figure} data-chart={spec.id}>
      <figcaption className="chart-head">
        <h3>{spec.title}</h3>
        <About title={spec.title} asked={{ chart: spec.entry ?? spec.id, help: spec.help }} />
        {unit ? <span className="unit">{unit}</span> : null}
        {spec.off ? null : (
          <ChartMenu
            spec={spec}
            log={chosen.log}
            asides={asides}
            onTable={() => setTable(true)}
            onSvg={() => save('svg')}
            onPng={() => save('png')}
            onCsv={() => save('csv')}
          />
        )}
        <Readout spec={spec} runs={runs} lines={lines} live={visible} />
      </figcaption>
      {spec.off ? (
        <p className="off small quiet">{spec.off}</p>
      ) : (
        <Layers {...{ spec, runs, lines, frame, dragged, plot, empty, captions }} live={visible} />
      )}
      {spec.off ? null : <p className="sr">{summary || `${spec.title}: no values yet.`}</p>}
      <CaptionList captions={captions} />
      {notes.length > 0 ? <p className="axisnote small quiet">{notes.join(' ')}</p> : null}
      {table ? <ChartTable spec={spec} lines={lines} onClose={() => setTable(false)} /> : null}
    </figure>
  );
});

interface LayersProps {
  readonly spec: ChartSpec;
  readonly runs: readonly ChartRun[];
  readonly lines: readonly DrawnLine[];
  readonly frame: MetricFrame | null;
  readonly dragged: readonly [number, number] | null;
  readonly plot: RefObject<HTMLDivElement | null>;
  readonly empty?: string;
  readonly captions: readonly Caption[];
  readonly live: boolean;
}

/** The layers are hidden from assistive technology: the sentence and the table say the same. */
function Layers(props: LayersProps) {
  const { spec, runs, lines, frame, dragged, plot, empty, captions, live } = props;
  const silence = frame && silenceOf(lines, frame, empty);
  const marks = useMemo(() => marksOf(spec, lines), [spec, lines]);
  const drawn = useMemo(
    () => (frame && lines.length > 0 ? [...levelLines(spec, frame), ...marks.lines] : marks.lines),
    [spec, frame, lines, marks],
  );
  const across = useMemo(() => {
    const { ticks = [] } = frame?.y ?? {};
    return spec.size === 'mini' ? ticks.filter((_, i) => i % (ticks.length - 1) === 0) : ticks;
  }, [spec.size, frame]);
  return (
    <div className="plotbox" ref={plot} aria-hidden="true">
      {frame ? (
        <>
          <Plot frame={frame} across={across} {...marks} lines={drawn} />
          <svg className="plot over" aria-hidden="true">
            <PlotText spec={spec} frame={frame} lines={lines} runs={runs.length} />
            <CursorLayer {...{ spec, frame, lines, runs, dragged, live }} />
            <CaptionMarks {...{ captions, frame, lines }} />
            {silence ? (
              <text className="name" x="50%" y="50%" textAnchor="middle">
                {silence}
              </text>
            ) : null}
          </svg>
        </>
      ) : null}
    </div>
  );
}

function lineSentence(spec: ChartSpec, line: DrawnLine): string {
  const label = line.spec.name ? `${line.run.label}, ${line.spec.name}` : line.run.label;
  const summary = summarise(line.steps, line.raw, spec.better);
  return sentence(`${spec.title}, ${label}`, summary, line.notFinite);
}
