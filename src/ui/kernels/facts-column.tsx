/** Beside the source: the roofline, the variants, what is bound, and the check against float64. */
import type { CaseResult, KernelEntry } from '../../lab/kernel-lab/protocol.ts';
import { Icon } from '../components/icon.tsx';
import { useKernels, useKernelsState } from './kernels-context.ts';
import { checkKey, picksIn, variantIn } from './kernels-store.ts';
import { shortly } from './roofline.ts';
import { Roofline } from './roofline-plot.tsx';
import { formatMs } from './step-view.ts';

export function FactsColumn({ entry }: { entry: KernelEntry }) {
  return (
    <aside className="facts-col" aria-label={`Facts about ${entry.id}`}>
      <Roofline entry={entry} />
      <Variants entry={entry} />
      <Check entry={entry} />
    </aside>
  );
}

function Variants({ entry }: { entry: KernelEntry }) {
  const kernels = useKernels();
  const speeds = useKernelsState((state) => state.speeds[state.open]);
  const machine = useKernelsState((state) => state.machine);
  const variant = useKernelsState(variantIn);
  const busy = useKernelsState((state) => state.busy !== null);
  const running = machine?.running[entry.id];
  const bound = variant?.bindings.map((access, i) => `${i + 1} ${access}`).join(', ');
  return (
    <section>
      <div className="line">
        <h3>Variants</h3>
        <span className="spacer" />
        <button className="btn" type="button" disabled={busy} onClick={() => kernels.time()}>
          {speeds ? 'Time again' : 'Time them'}
        </button>
      </div>
      <table className="data">
        <thead>
          <tr>
            <th>variant</th>
            <th className="n">ms</th>
            <th className="n" title="With what the setting fp16 stores as 16-bit floats stored so">
              f16 ms
            </th>
            <th className="n">GFLOP/s</th>
            <th className="n">GB/s</th>
            <th className="n">here</th>
          </tr>
        </thead>
        <tbody>
          {entry.variants.map(({ name }) => {
            const speed = speeds?.find((known) => known.variant === name);
            const refused = speeds && !speed;
            return (
              <tr key={name} className={name === running ? 'runs' : undefined}>
                <td>{name}</td>
                <td className="n">{speed ? formatMs(speed.ms).replace(' ms', '') : ''}</td>
                <td className="n">
                  {speed?.halfMs != null ? formatMs(speed.halfMs).replace(' ms', '') : ''}
                </td>
                <td className="n">{speed ? shortly(speed.gflops) : ''}</td>
                <td className="n">{speed ? shortly(speed.gbs) : ''}</td>
                <td className="n">
                  {name === running ? 'runs here' : refused ? 'not on this device' : ''}
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
      <p className="small quiet">
        Bindings of {variant?.name}: 0 shape words, {bound}. Its first lines say what each holds.
      </p>
    </section>
  );
}

/** Two figures are enough of an error; a run that misbehaved has an infinite one. */
function formatError(error: number): string {
  return Number.isFinite(error) ? error.toExponential(1).replace('-', '−') : 'not finite';
}

/** The error that uses the largest part of its tolerance. */
function worst(result: CaseResult, gradient: boolean): string {
  const outputs = result.outputs.filter((output) => output.gradient === gradient);
  if (outputs.length === 0) return '';
  const used = (error: number, tolerance: number) =>
    error === 0 ? 0 : tolerance === 0 ? Number.POSITIVE_INFINITY : error / tolerance;
  const most = outputs.reduce((a, b) =>
    used(b.error, b.tolerance) > used(a.error, a.tolerance) ? b : a,
  );
  return most.error === 0 ? 'exact' : formatError(most.error);
}

function Check({ entry }: { entry: KernelEntry }) {
  const kernels = useKernels();
  const picks = useKernelsState((state) => state.picks[state.open]);
  const shown = picks ?? picksIn(kernels.store.getState());
  const variant = useKernelsState(variantIn);
  const results = useKernelsState((state) => state.checks[checkKey(entry.id, variant?.name ?? '')]);
  const busy = useKernelsState((state) => state.busy !== null);
  return (
    <section aria-label="Check against float64">
      <div className="line">
        <h3>Check</h3>
        <span className="small faint">against float64, error in units of its bound’s scale</span>
        <span className="spacer" />
        <button
          className="btn"
          type="button"
          disabled={busy || shown.length === 0}
          onClick={() => kernels.check()}
        >
          {results ? 'Check again' : 'Check'}
        </button>
      </div>
      <table className="data">
        <thead>
          <tr>
            <th>sizes</th>
            <th className="n">forward</th>
            <th className="n">gradient</th>
            <th className="n">result</th>
          </tr>
        </thead>
        <tbody>
          {entry.cases.map((label, place) => {
            const result = results?.find((known) => known.label === label);
            return (
              <tr key={label}>
                <td>
                  <label className="check">
                    <input
                      type="checkbox"
                      checked={shown.includes(place)}
                      onChange={(event) => kernels.pick(place, event.target.checked)}
                    />
                    {label}
                  </label>
                </td>
                <td className="n">{result && worst(result, false)}</td>
                <td className="n">{result && worst(result, true)}</td>
                <td className="n">{result && <Passed result={result} />}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </section>
  );
}

function Passed({ result }: { result: CaseResult }) {
  const failed = result.outputs.find(({ passed }) => !passed);
  return failed ? (
    <span className="wrong" title={failed.worst}>
      <Icon name="error" small /> fails
    </span>
  ) : (
    <span className="okc">
      <Icon name="done" small /> passes
    </span>
  );
}
