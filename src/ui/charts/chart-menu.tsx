import { useEffect, useId, useRef, useState } from 'react';
import { listText } from '../format.ts';
import type { ChartSpec } from './chart-spec.ts';
import { useCursor } from './cursor-store.ts';

interface Props {
  readonly spec: ChartSpec;
  readonly log: boolean;
  /** What stands aside as long as several runs are compared; empty where nothing does. */
  readonly asides: readonly string[];
  readonly onTable: () => void;
  readonly onSvg: () => void;
  readonly onCsv: () => void;
}

/** The chart's menu: shown on hover and on focus, closed by Esc, by leaving it and by choosing an action. */
export function ChartMenu({ spec, log, asides, onTable, onSvg, onCsv }: Props) {
  const [open, setOpen] = useState(false);
  const box = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  const id = useId();
  const outliers = useCursor((state) => state.ignoreOutliers[spec.id] ?? false);
  const withAsides = useCursor((state) => state.withAsides[spec.id] ?? false);
  const { setLogScale, setIgnoreOutliers, setWithAsides } = useCursor.getState();
  useEffect(() => {
    if (!open) return;
    const outside = (event: PointerEvent) => {
      if (!(event.target instanceof Node && box.current?.contains(event.target))) setOpen(false);
    };
    const onEscape = (event: KeyboardEvent) => {
      if (event.key !== 'Escape') return;
      // Esc closes what floats before it lets the cursor go.
      event.stopPropagation();
      setOpen(false);
      button.current?.focus();
    };
    document.addEventListener('pointerdown', outside);
    document.addEventListener('keydown', onEscape, true);
    return () => {
      document.removeEventListener('pointerdown', outside);
      document.removeEventListener('keydown', onEscape, true);
    };
  }, [open]);
  const act = (action: () => void) => () => {
    setOpen(false);
    button.current?.focus();
    action();
  };
  return (
    <div className="chart-menu" ref={box}>
      <button
        ref={button}
        className="btn bare icon-only"
        type="button"
        aria-label={`${spec.title}: options`}
        aria-expanded={open}
        aria-controls={id}
        onClick={() => setOpen(!open)}
      >
        <svg className="icon" viewBox="0 0 16 16" aria-hidden="true">
          <path d="M3.5 8v.05M8 8v.05M12.5 8v.05" strokeWidth="2.2" />
        </svg>
      </button>
      <div className="tip menu" id={id} hidden={!open}>
        <label className="check">
          <input
            type="checkbox"
            checked={log}
            onChange={(event) => setLogScale(spec.id, event.currentTarget.checked)}
          />
          Log scale
        </label>
        <label className="check">
          <input
            type="checkbox"
            checked={outliers}
            onChange={(event) => setIgnoreOutliers(spec.id, event.currentTarget.checked)}
          />
          Ignore outliers
        </label>
        {asides.length > 0 ? (
          <label className="check">
            <input
              type="checkbox"
              checked={withAsides}
              onChange={(event) => setWithAsides(spec.id, event.currentTarget.checked)}
            />
            {listText(asides)} too
          </label>
        ) : null}
        <button className="btn bare" type="button" onClick={act(onTable)}>
          Data table
        </button>
        <button className="btn bare" type="button" onClick={act(onSvg)}>
          Save as SVG
        </button>
        <button className="btn bare" type="button" onClick={act(onCsv)}>
          Save as CSV
        </button>
      </div>
    </div>
  );
}
