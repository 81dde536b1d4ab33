import { create } from 'zustand';

/** What the horizontal axis of every chart counts. */
export type XAxisKind = 'step' | 'time' | 'tokens';

/** Where the reader looks, shared by all charts and by the samples. Steps are training steps. */
export interface CursorState {
  /** Step under the pointer, null where there is none. */
  readonly hoverStep: number | null;
  /** Step held by a click; the samples show it. */
  readonly pinnedStep: number | null;
  /** True while the samples show the newest step. Never true while a step is pinned. */
  readonly followLive: boolean;
  /** Smoothing factor of the moving average, 0 (none) to 0.99. */
  readonly smoothing: number;
  readonly xAxis: XAxisKind;
  /** Log scale by chart id, where the reader has chosen; otherwise the chart's own default. */
  readonly logScale: Readonly<Record<string, boolean>>;
  /** Charts, by id, whose vertical range ignores the outermost 2 % of the values. */
  readonly ignoreOutliers: Readonly<Record<string, boolean>>;
  /** Charts, by id, that draw what stands aside (`LineSpec.aside`) of several runs too. */
  readonly withAsides: Readonly<Record<string, boolean>>;
  /** First and last step shown, null for all. */
  readonly range: readonly [number, number] | null;
  setHover(step: number | null): void;
  pin(step: number): void;
  /** Lets the pinned step go; the samples follow the run again. */
  unpin(): void;
  setSmoothing(smoothing: number): void;
  setXAxis(axis: XAxisKind): void;
  setLogScale(chart: string, on: boolean): void;
  setIgnoreOutliers(chart: string, on: boolean): void;
  setWithAsides(chart: string, on: boolean): void;
  setRange(range: readonly [number, number] | null): void;
  /** Back to a fresh page's state for the next run; smoothing, axis and scales stay as chosen. */
  release(): void;
}

/** The one cursor store of the page. */
export const useCursor = create<CursorState>()((set) => ({
  hoverStep: null,
  pinnedStep: null,
  followLive: true,
  smoothing: 0.8,
  xAxis: 'step',
  logScale: {},
  ignoreOutliers: {},
  withAsides: {},
  range: null,
  setHover: (hoverStep) => set({ hoverStep }),
  pin: (pinnedStep) => set({ pinnedStep, followLive: false }),
  unpin: () => set({ pinnedStep: null, followLive: true }),
  setSmoothing: (smoothing) => set({ smoothing: Math.min(0.99, Math.max(0, smoothing)) }),
  setXAxis: (xAxis) => set({ xAxis, range: null }),
  setLogScale: (chart, on) => set(({ logScale }) => ({ logScale: { ...logScale, [chart]: on } })),
  setIgnoreOutliers: (chart, on) =>
    set(({ ignoreOutliers }) => ({ ignoreOutliers: { ...ignoreOutliers, [chart]: on } })),
  setWithAsides: (chart, on) =>
    set(({ withAsides }) => ({ withAsides: { ...withAsides, [chart]: on } })),
  setRange: (range) => set({ range }),
  release: () => set({ hoverStep: null, pinnedStep: null, followLive: true, range: null }),
}));

/** The step that the numbers of the charts belong to: the pointer's, else the pinned one, else null (the last). */
export function shownStep(state: Pick<CursorState, 'hoverStep' | 'pinnedStep'>): number | null {
  return state.hoverStep ?? state.pinnedStep;
}

/** The pinned step, null where there is none. */
export function heldStep(state: Pick<CursorState, 'pinnedStep'>): number | null {
  return state.pinnedStep;
}

/**
 * Moves the pinned step by `delta` places in an ascending list of logged steps and pins it; from no pin, it starts at the
 * last step. For the keys Left and Right (with Shift ten), and Home and End with an infinite delta.
 */
export function scrub(steps: readonly number[], delta: number): void {
  if (steps.length === 0) return;
  const { pinnedStep, pin } = useCursor.getState();
  let at = steps.length - 1;
  if (pinnedStep !== null) {
    at = steps.findLastIndex((step) => step <= pinnedStep);
    // Between two logged steps, one place back is the logged step just before.
    if (delta < 0 && at >= 0 && steps[at] < pinnedStep) at += 1;
  }
  pin(steps[Math.min(steps.length - 1, Math.max(0, at + delta))]);
}
