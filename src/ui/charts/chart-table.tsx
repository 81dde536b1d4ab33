import { useEffect, useRef } from 'react';
import { reading } from '../plot/numbers.ts';
import type { ChartSpec } from './chart-spec.ts';
import { type DrawnLine, indexAt } from './lines.ts';

interface Props {
  readonly spec: ChartSpec;
  readonly lines: readonly DrawnLine[];
  readonly onClose: () => void;
}

/** Most rows shown; the file has all. */
const ROWS = 200;

/** A chart's numbers as a table, in a dialog. Measured values, not smoothed ones. */
export function ChartTable({ spec, lines, onClose }: Props) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => dialog.current?.showModal(), []);
  const all = [...new Set(lines.flatMap((line) => line.steps))].sort((a, b) => a - b);
  const stride = Math.ceil(all.length / ROWS);
  const steps = all.filter((_, i) => i % stride === 0 || i === all.length - 1);
  return (
    <dialog
      ref={dialog}
      className="dialog chart-table"
      onClose={onClose}
      onKeyDown={(event) => event.stopPropagation()}
      aria-label={spec.title}
    >
      <header className="line">
        <h2>{spec.title}</h2>
        <span className="faint">{spec.unit}</span>
        <span className="spacer" />
        <button className="btn" type="button" onClick={() => dialog.current?.close()}>
          Close
        </button>
      </header>
      <p className="small">
        Measured values, not smoothed.
        {stride > 1 ? ` Every ${stride}th of ${all.length} steps; the CSV file has all.` : ''}
      </p>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard */}
      <section className="rows" tabIndex={0} aria-label="Values by step">
        <table className="data">
          <thead>
            <tr>
              <th scope="col">step</th>
              {lines.map((line) => (
                <th key={line.key} className="n" scope="col">
                  {line.run.label}
                  {line.spec.name ? `, ${line.spec.name}` : ''}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {steps.map((step) => (
              <tr key={step}>
                <th scope="row">{step}</th>
                {lines.map((line) => (
                  <td key={line.key} className="n">
                    {cell(line, step)}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </section>
    </dialog>
  );
}

function cell(line: DrawnLine, step: number): string {
  const i = indexAt(line.steps, step);
  if (i < 0 || line.steps[i] !== step) return '';
  const value = line.raw[i];
  return Number.isNaN(value) && line.notFinite === 0 ? '' : reading(value);
}
