/** "Check this adapter": what it does, how far it is, what it found, and the files to save and send. */
import { REPORT_SECONDS } from '../../lab/adapter-report/coverage.ts';
import { linesOf } from '../../lab/adapter-report/lines.ts';
import { reportPage } from '../../lab/adapter-report/page.ts';
import type { AdapterReport } from '../../lab/adapter-report/schema.ts';
import { endInWords, summarise } from '../../lab/adapter-report/summary.ts';
import { saveFile } from '../charts/save-file.ts';
import { Icon } from '../components/icon.tsx';
import { useKernels, useKernelsState } from './kernels-context.ts';

export function AdapterPanel() {
  const kernels = useKernels();
  const report = useKernelsState((state) => state.report);
  const reporting = useKernelsState((state) => state.reporting);
  const busy = useKernelsState((state) => state.busy !== null);
  return (
    <section className="adapter" aria-label="Check this adapter">
      <h2>Check this adapter</h2>
      <p>
        Does every kernel compute what it should on your GPU? This runs each of them against
        float64, compares bits across variants, times those of a GPU, and trains for a few steps.
        After {REPORT_SECONDS} seconds it begins no further size or step. Pause a run first, since
        both use the GPU.
      </p>
      <p className="quiet">
        Nothing is sent. Save the report and send it with an issue if you like: it names the
        adapter, its limits and the browser, and nothing else of your machine.
      </p>
      <p className="line">
        <button
          className="btn primary"
          type="button"
          disabled={busy}
          onClick={() => kernels.checkAdapter()}
        >
          {report ? 'Check again' : 'Start the check'}
        </button>
        {report && reporting === null && <Save report={report} />}
      </p>
      {report && <Found report={report} reporting={reporting} />}
    </section>
  );
}

function Save({ report }: { report: AdapterReport }) {
  const words = `${report.adapter?.name ?? 'no adapter'} ${report.date}`.toLowerCase();
  const name = `baton-${words.replace(/[^a-z0-9]+/g, '-')}`;
  return (
    <>
      <button
        className="btn"
        type="button"
        onClick={() =>
          saveFile(`${name}.json`, `${JSON.stringify(report, null, 1)}\n`, 'application/json')
        }
      >
        Save the report
      </button>
      <button
        className="btn"
        type="button"
        onClick={() => saveFile(`${name}.html`, reportPage(report), 'text/html')}
      >
        Save it as a page
      </button>
    </>
  );
}

function Found({ report, reporting }: { report: AdapterReport; reporting: string | null }) {
  const { verdict, failed, differ } = summarise(report);
  const end = endInWords(report);
  const wrong = failed + differ > 0;
  return (
    <>
      <p className={wrong ? 'wrong' : undefined} role="status">
        {reporting === null ? (
          <>
            <Icon name={wrong ? 'error' : 'done'} /> <b>{verdict}.</b> {end && `It ${end}. `}
          </>
        ) : (
          <b>{reporting || 'Opening the adapter'}</b>
        )}
        <span className="quiet"> {report.seconds.toFixed(0)} s</span>
      </p>
      <table className="data">
        <thead>
          <tr>
            <th>part</th>
            <th>found</th>
          </tr>
        </thead>
        <tbody>
          {linesOf(report).map(({ part, says, wrong: bad }) => (
            <tr key={`${part} ${says.slice(0, 40)}`}>
              <th scope="row">{part}</th>
              <td className={bad ? 'wrong' : undefined}>{says}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </>
  );
}
