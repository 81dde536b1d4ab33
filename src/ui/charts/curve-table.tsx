import { useEffect, useRef } from 'react';
import { type Curve, type CurveSpec, placesOf, pointAt, pointText } from './curves.ts';

interface Props {
  readonly spec: CurveSpec;
  readonly curves: readonly Curve[];
  readonly onClose: () => void;
}

/** A chart's curves as a table, in a dialog: every place with its interval. */
export function CurveTable({ spec, curves, onClose }: Props) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => dialog.current?.showModal(), []);
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
      <p className="small">With 95 % intervals over clusters of questions.</p>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard */}
      <section className="rows" tabIndex={0} aria-label={`Values by ${spec.axis}`}>
        <table className="data">
          <thead>
            <tr>
              <th scope="col">{spec.axis}</th>
              {curves.map((curve) => (
                <th key={curve.key} className="n" scope="col">
                  {curve.name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {placesOf(curves).map((x) => (
              <tr key={x}>
                <th scope="row">{spec.place(x)}</th>
                {curves.map((curve) => (
                  <td key={curve.key} className="n">
                    {pointText(pointAt(curve, x))}
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
