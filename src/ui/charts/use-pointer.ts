import { type RefObject, useEffect, useRef, useState } from 'react';
import { atPixel } from '../plot/frame.ts';
import { useCursor } from './cursor-store.ts';
import { nearestIndex, positions } from './lines.ts';
import { leadingRun, type MetricFrame } from './metric-frame.ts';
import type { ChartRun } from './runs.ts';

/** Pixels a pointer must move while pressed before it selects a range. */
const DRAG_START = 6;

/**
 * The pointer over a plot: moving sets the cursor of all charts, a click pins it and a click on the pinned step lets it
 * go, dragging selects a range of steps, a double click shows all. Answers with the range being dragged, in pixels.
 */
export function usePointer(
  ref: RefObject<HTMLElement | null>,
  frame: MetricFrame | null,
  runs: readonly ChartRun[],
): readonly [number, number] | null {
  const [dragged, setDragged] = useState<readonly [number, number] | null>(null);
  // Listeners read the newest frame without being attached again at every redraw.
  const now = useRef({ frame, runs });
  now.current = { frame, runs };
  useEffect(() => {
    const element = ref.current;
    if (!element) return;
    const cursor = useCursor.getState;
    let from: number | null = null;
    let to: number | null = null;
    const pixelOf = (event: MouseEvent) => event.clientX - element.getBoundingClientRect().left;
    const stepAt = (pixel: number): number | null => {
      const { frame, runs } = now.current;
      const run = leadingRun(runs);
      if (!frame || !run) return null;
      const i = nearestIndex(positions(run, frame.xAxis), atPixel(frame, pixel));
      return run.series.steps()[i] ?? null;
    };
    const move = (event: PointerEvent) => {
      const pixel = pixelOf(event);
      const step = stepAt(pixel);
      if (step !== cursor().hoverStep) cursor().setHover(step);
      if (from === null || event.pointerType !== 'mouse') return;
      if (to === null && Math.abs(pixel - from) < DRAG_START) return;
      if (to === null) element.setPointerCapture(event.pointerId);
      to = Math.min(now.current.frame?.width ?? 0, Math.max(0, pixel));
      setDragged([from, to]);
    };
    const down = (event: PointerEvent) => {
      if (event.button === 0) from = pixelOf(event);
    };
    const up = (event: PointerEvent) => {
      const pixel = pixelOf(event);
      if (from !== null && to !== null)
        select(stepAt(Math.min(from, to)), stepAt(Math.max(from, to)));
      else if (from !== null && Math.abs(pixel - from) < DRAG_START) pinOrUnpin(stepAt(pixel));
      from = null;
      to = null;
      setDragged(null);
    };
    const select = (first: number | null, last: number | null) => {
      if (first !== null && last !== null && last > first) cursor().setRange([first, last]);
    };
    const pinOrUnpin = (step: number | null) => {
      if (step === null) return;
      if (cursor().pinnedStep === step) cursor().unpin();
      else cursor().pin(step);
    };
    const leave = () => cursor().setHover(null);
    const showAll = () => cursor().setRange(null);
    element.addEventListener('pointermove', move);
    element.addEventListener('pointerdown', down);
    element.addEventListener('pointerup', up);
    element.addEventListener('pointerleave', leave);
    element.addEventListener('dblclick', showAll);
    return () => {
      element.removeEventListener('pointermove', move);
      element.removeEventListener('pointerdown', down);
      element.removeEventListener('pointerup', up);
      element.removeEventListener('pointerleave', leave);
      element.removeEventListener('dblclick', showAll);
    };
  }, [ref]);
  return dragged;
}
