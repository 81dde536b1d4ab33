import { Menu } from '../components/menu.tsx';
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
  readonly onPng: () => void;
  readonly onCsv: () => void;
}

/** The chart's menu: its button is shown on hover and on focus. */
export function ChartMenu({ spec, log, asides, onTable, onSvg, onPng, onCsv }: Props) {
  const outliers = useCursor((state) => state.ignoreOutliers[spec.id] ?? false);
  const withAsides = useCursor((state) => state.withAsides[spec.id] ?? false);
  const { setLogScale, setIgnoreOutliers, setWithAsides } = useCursor.getState();
  return (
    <Menu className="chart-menu" label={`${spec.title}: options`}>
      {(act) => (
        <>
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
          <button className="btn bare" type="button" onClick={act(onPng)}>
            Save as PNG
          </button>
          <button className="btn bare" type="button" onClick={act(onCsv)}>
            Save as CSV
          </button>
        </>
      )}
    </Menu>
  );
}
