import { type RefObject, useEffect, useRef, useState } from 'react';
import { drawSoon } from './draw-queue.ts';

/** Anything that counts its changes and tells about them: series, samples. */
export interface Changing {
  readonly version: number;
  subscribe(listener: () => void): () => void;
}

/** Milliseconds between two redraws of a chart: about three a second. */
export const REDRAW_PERIOD = 320;

/**
 * A number that changes when one of the sources has changed, at most once a period and only while `active`; when it
 * becomes active again it catches up at once. Steps of a run thus never touch React by themselves.
 */
export function useRedraw(
  sources: readonly Changing[],
  active: boolean,
  period = REDRAW_PERIOD,
): number {
  const stable = useStableList(sources);
  const [version, setVersion] = useState(() => versionOf(stable));
  useEffect(() => {
    if (!active) return;
    let timer: ReturnType<typeof setTimeout> | undefined;
    let cancel: (() => void) | undefined;
    const draw = () => {
      cancel = undefined;
      setVersion(versionOf(stable));
    };
    const notice = () => {
      if (cancel) return;
      timer ??= setTimeout(() => {
        timer = undefined;
        cancel ??= drawSoon(draw);
      }, period);
    };
    cancel = drawSoon(draw);
    const leave = stable.map((source) => source.subscribe(notice));
    return () => {
      clearTimeout(timer);
      cancel?.();
      for (const stop of leave) stop();
    };
  }, [stable, active, period]);
  return version;
}

function versionOf(sources: readonly Changing[]): number {
  return sources.reduce((sum, source) => sum + source.version, 0);
}

/** The same array for as long as its members are the same. */
export function useStableList<T>(list: readonly T[]): readonly T[] {
  const kept = useRef(list);
  const same =
    kept.current.length === list.length && kept.current.every((item, i) => item === list[i]);
  if (!same) kept.current = list;
  return kept.current;
}

/** The last value seen while `live`; what is off screen is not drawn again. */
export function useWhile<T>(value: T, live: boolean): T {
  const kept = useRef(value);
  if (live) kept.current = value;
  return kept.current;
}

/** Whether an element is on screen, or within 100 px of it. */
export function useVisible(ref: RefObject<Element | null>): boolean {
  const [visible, setVisible] = useState(false);
  useEffect(() => {
    const element = ref.current;
    if (!element) return;
    const observer = new IntersectionObserver(
      (entries) => setVisible(entries.at(-1)?.isIntersecting ?? false),
      { rootMargin: '100px' },
    );
    observer.observe(element);
    return () => observer.disconnect();
  }, [ref]);
  return visible;
}

/** Width and height of an element's content box in CSS pixels; 0 before it is measured. */
export function useSize(ref: RefObject<Element | null>): { width: number; height: number } {
  const [size, setSize] = useState({ width: 0, height: 0 });
  useEffect(() => {
    const element = ref.current;
    if (!element) return;
    const observer = new ResizeObserver((entries) => {
      const box = entries.at(-1)?.contentRect;
      if (!box) return;
      const width = Math.round(box.width);
      const height = Math.round(box.height);
      setSize((old) => (old.width === width && old.height === height ? old : { width, height }));
    });
    observer.observe(element);
    return () => observer.disconnect();
  }, [ref]);
  return size;
}
