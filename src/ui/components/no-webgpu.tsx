/** What the page shows where nothing can be trained: what is missing, and how to turn it on in exactly this browser. */
import { Fragment } from 'react';
import type { ErrorReport } from '../../errors.ts';
import { type BrowserInfo, type Remedy, readUserAgent, remediesFor } from '../browser.ts';
import { type Page, usePage } from '../context.ts';
import { copyText } from '../files.ts';
import { Icon } from './icon.tsx';
import { PageLink } from './page-link.tsx';

/** One thing that must be there; undefined where it could not be asked. */
interface Check {
  readonly name: string;
  readonly ok: boolean | undefined;
  readonly found: string;
}

export function NoWebGpu({
  error,
  onBack,
}: {
  error: ErrorReport;
  /** Where there is a recording to go back to. */
  onBack?: () => void;
}) {
  const page = usePage();
  const info = readUserAgent(navigator.userAgent);
  const checks = runChecks(error);
  const missing = checks.find(({ name }) => name === 'WebGPU')?.ok === false;
  return (
    <main className="nogpu">
      <section className="why" aria-labelledby="why">
        <h1 id="why">
          This browser cannot train.
          <br />
          {missing ? 'It has no WebGPU.' : 'It gives no GPU.'}
        </h1>
        <p className="text">
          {error.remedy} Every step is computed on your own machine, by WebGPU; there is no server
          that could do it instead.
        </p>
        <table className="checks">
          <caption className="sr">What was checked</caption>
          <tbody>
            {checks.map(({ name, ok, found }) => (
              <tr key={name} className={ok === false ? 'bad' : undefined}>
                <td className={ok === undefined ? 'faint' : undefined}>
                  {ok === undefined ? '–' : <Icon name={ok ? 'done' : 'close'} />}
                  <span className="sr">
                    {ok === undefined ? 'not asked' : ok ? 'there' : 'missing'}
                  </span>
                </td>
                <th scope="row">{name}</th>
                <td className={ok === undefined ? 'faint' : undefined}>{found}</td>
              </tr>
            ))}
          </tbody>
        </table>
        <div className="acts">
          <button className="btn primary" type="button" onClick={() => page.lab.open()}>
            Check again
          </button>
          {onBack ? (
            <button className="btn" type="button" onClick={onBack}>
              Back to the recording
            </button>
          ) : null}
          <button
            className="btn"
            type="button"
            onClick={() =>
              void copyText(page, reportText(page, info, checks, error), 'Report copied')
            }
          >
            Copy this report
          </button>
        </div>
        <p className="meanwhile">
          Charts need a GPU; the <PageLink to="microscope">microscope</PageLink> does not. It looks
          into the answers of trained models, on this machine’s processor.
        </p>
        <p className="small quiet fine">
          <Icon name="lock" small />
          Nothing leaves this device.
        </p>
      </section>
      <section className="how" aria-labelledby="how">
        <h2 id="how">How to turn it on</h2>
        <div className="remedies">
          {remediesFor(info).map(({ remedy, here }) => (
            <RemedyFold key={remedy.title} remedy={remedy} here={here} />
          ))}
        </div>
      </section>
    </main>
  );
}

function RemedyFold({ remedy, here }: { remedy: Remedy; here: boolean }) {
  return (
    <details className="fold" open={here}>
      <summary>
        <Icon name="right" small />
        {here ? <b>{remedy.title}</b> : <span>{remedy.title}</span>}
        {here ? (
          <span className="badge accent">this browser</span>
        ) : (
          <span className="gist">{remedy.since}</span>
        )}
      </summary>
      <ol className="steps">
        {remedy.steps.map((step) => (
          <li key={step}>
            <Coded text={step} />
          </li>
        ))}
      </ol>
    </details>
  );
}

/** A text whose parts between backquotes are set as code, to be selected and typed. */
function Coded({ text }: { text: string }) {
  return text
    .split('`')
    .map((part, index) =>
      index % 2 === 1 ? <code key={part}>{part}</code> : <Fragment key={part}>{part}</Fragment>,
    );
}

function runChecks(error: ErrorReport): readonly Check[] {
  const secure = window.isSecureContext;
  const webGpu = 'gpu' in navigator;
  return [
    {
      name: 'Secure page',
      ok: secure,
      found: secure ? location.protocol.replace(':', '') : 'WebGPU needs https or localhost',
    },
    {
      name: 'WebGPU',
      ok: webGpu,
      found: webGpu ? 'navigator.gpu is there' : 'navigator.gpu is missing',
    },
    {
      name: 'GPU adapter',
      ok: webGpu ? false : undefined,
      found: webGpu ? error.message : 'not asked: needs WebGPU',
    },
  ];
}

function reportText(
  { lab }: Page,
  { browser, system, major }: BrowserInfo,
  checks: readonly Check[],
  error: ErrorReport,
): string {
  return [
    `Baton ${lab.data.version}`.trim(),
    `${browser} ${major ?? ''} on ${system}`,
    navigator.userAgent,
    ...checks.map(
      ({ name, ok, found }) => `${ok === undefined ? '-' : ok ? 'yes' : 'NO'}  ${name}: ${found}`,
    ),
    `${error.kind}: ${error.message}`,
    error.detail ?? '',
  ]
    .join('\n')
    .trim();
}
