/** Problems above the charts, each with what happened, what is safe and what to do; the curves stay below them. */
import type { ErrorReport } from '../../errors.ts';
import { useCursor } from '../charts/cursor-store.ts';
import { type Page, useLab, usePage, useView } from '../context.ts';
import { copyText, exportPart } from '../files.ts';
import { formatNumber } from '../format.ts';
import { QueueNotice } from '../queue/queue-notice.tsx';
import { RecordingNotices } from '../recording/recording-notices.tsx';
import { settingAt, valuesOf, withSetting } from '../settings.ts';
import { showSetting } from '../show-setting.ts';
import { type Failure, shownExperiment } from '../store/lab-data.ts';
import { groupStep } from '../store/runs.ts';
import type { Message } from '../store/view.ts';
import { NotKeptNotice, UnfinishedNotice } from '../stored/stored-notices.tsx';
import { AlertNotices } from './alert-notices.tsx';
import { Act, Notice } from './notice.tsx';

export function Notices() {
  const failure = useLab((data) => data.failure);
  const message = useView((view) => view.message);
  return (
    <div className="notices">
      <QueueNotice />
      <UnfinishedNotice />
      <NotKeptNotice />
      <RecordingNotices />
      {message && <MessageNotice message={message} />}
      {failure && <FailureNotice failure={failure} />}
      <AlertNotices />
    </div>
  );
}

/** What was wrong with a link or a file, field by field. */
/** What went wrong with something that a person asked for. */
export function MessageNotice({ message }: { message: Message }) {
  const { view, preferences } = usePage();
  const { tone, title, lines, field } = message;
  return (
    <Notice
      tone={tone}
      title={title}
      onClose={() => view.setState({ message: null })}
      acts={
        field && (
          <button className="btn" type="button" onClick={() => showSetting(preferences, field)}>
            Show settings
          </button>
        )
      }
    >
      {lines.map((line) => (
        <p key={`${line.field} ${line.text}`}>
          {line.field && <code>{line.field}</code>} {line.text}
        </p>
      ))}
    </Notice>
  );
}

function FailureNotice({ failure: { report, step, paused } }: { failure: Failure }) {
  const page = usePage();
  const kept = useLab((data) => data.keeping.step);
  return (
    <Notice
      tone={report.kind === 'Cancelled' ? 'info' : 'error'}
      title={report.message}
      onClose={() => page.lab.dismissFailure()}
      acts={<Remedies report={report} step={step} page={page} paused={paused === true} />}
    >
      <p>{report.remedy}</p>
      {paused && (
        <p>
          The run has paused after step {step}; nothing of the step that failed was kept. Going on
          does it again.
        </p>
      )}
      {report.kind === 'NonFinite' && kept !== null && (
        <p>
          It is kept up to step {kept}. After a reload it is not offered by itself, because the same
          settings would fail again; the Runs page can resume it.
        </p>
      )}
      {report.field && (
        <p>
          At fault: <code>{report.field}</code>
        </p>
      )}
    </Notice>
  );
}

interface RemedyProps {
  readonly report: ErrorReport;
  readonly step: number | null;
  readonly page: Page;
  readonly paused: boolean;
}

/** The buttons that do what the text of a failure advises. */
function Remedies({ report, step, page, paused }: RemedyProps) {
  const { lab, preferences } = page;
  const again = paused ? (
    <Act primary onClick={() => lab.run()}>
      Go on
    </Act>
  ) : (
    <Act primary={!lab.canRecover} onClick={() => (step === null ? lab.open() : lab.restart())}>
      {step === null ? 'Try again' : 'Start again'}
    </Act>
  );
  const keep = step !== null && lab.rows.length > 0 && (
    <Act onClick={() => void exportPart(page, 'metrics-csv')}>Export the metrics</Act>
  );
  switch (report.kind) {
    case 'NonFinite':
      return (
        <>
          {lab.canRecover && <Recover page={page} />}
          {lab.canGoOn && <GoOnSlower page={page} field={report.field} />}
          <HalveRates page={page} field={report.field} />
          <FullPrecision page={page} />
          {step !== null && (
            <Act onClick={() => useCursor.getState().pin(step)}>See step {step}</Act>
          )}
          {keep}
        </>
      );
    case 'BadConfig':
    case 'OutOfMemory':
      return (
        <>
          {paused && again}
          <Act
            primary={!paused}
            onClick={() => showSetting(preferences, report.field ?? 'method.num_generations')}
          >
            Show settings
          </Act>
          {keep}
        </>
      );
    case 'DeviceLost':
      return (
        <>
          {again}
          {keep}
          <Act onClick={() => location.reload()}>Reload the page</Act>
        </>
      );
    case 'Busy':
    case 'Cancelled':
    case 'NoWebGpu':
    case 'BadFile':
    case 'Storage':
      return (
        <>
          {again}
          {keep}
        </>
      );
    case 'GpuError':
    case 'ShaderError':
    case 'Internal':
      return (
        <>
          {lab.canRecover && <Recover page={page} />}
          {again}
          {keep}
          <Act onClick={() => void copyText(page, reportText(page, report), 'Details copied')}>
            Copy details
          </Act>
        </>
      );
  }
}

/** Where changed kernels are the likely cause: what was computed before them is not lost. */
function Recover({ page: { lab } }: { page: Page }) {
  return (
    <Act primary onClick={() => lab.recover()}>
      Restore the original and go on
    </Act>
  );
}

/** Half the rate of whoever's number it was, from the last good step on: no step before it is lost. */
function GoOnSlower({ page: { lab }, field }: { page: Page; field: string | undefined }) {
  const running = shownExperiment(lab.data);
  const rate = valuesOf(running).find(
    ({ setting: { path, live } }) => path === field && isRate(path) && live,
  );
  const half = halfOf(rate?.value);
  if (!rate || half === 0 || withSetting(running, rate.setting.path, half) === running) return null;
  return (
    <Act primary onClick={() => lab.goOnWith(rate.setting.path, half)}>
      Go on at {rate.setting.label.toLowerCase()} {formatNumber(half)}
    </Act>
  );
}

const halfOf = (value: unknown) =>
  typeof value === 'number' ? Number((value / 2).toPrecision(3)) : 0;

/** The usual cause of a number that is none: half the rate of whoever's it was, from the start. A learner may have a rate for its head too. */
function HalveRates({ page: { lab }, field }: { page: Page; field: string | undefined }) {
  const running = shownExperiment(lab.data);
  const rates = valuesOf(running).filter(({ setting }) => isRate(setting.path));
  const at = rates.findIndex(({ setting }) => setting.path === field);
  if (at < 0) return null;
  const [named] = rates.splice(at, 1);
  return [named, ...rates].map(({ setting: { path, label }, value }) => {
    const half = halfOf(value);
    if (half === 0 || withSetting(running, path, half) === running) return null;
    return (
      <Act
        key={path}
        primary={path === field && !lab.canRecover && !lab.canGoOn}
        onClick={() => {
          lab.reset();
          lab.setSetting(path, half);
          lab.run();
        }}
      >
        Restart at {label.toLowerCase()} {formatNumber(half)}
      </Act>
    );
  });
}

const isRate = (path: string) => /^method\..*learning_rate$/.test(path);

const HALVES = 'method.fp16';

/** The other cause in half precision: a number beyond it. */
function FullPrecision({ page: { lab } }: { page: Page }) {
  if (settingAt(shownExperiment(lab.data), HALVES)?.value !== true) return null;
  return (
    <Act
      onClick={() => {
        lab.reset();
        lab.setSetting(HALVES, false);
        lab.run();
      }}
    >
      Restart in full precision
    </Act>
  );
}

function reportText({ lab }: Page, report: ErrorReport): string {
  const { adapter, version } = lab.data;
  return [
    `${report.kind}: ${report.message}`,
    `Baton ${version}, ${adapter?.name ?? 'no adapter'}, step ${groupStep(lab.data)}`,
    navigator.userAgent,
    report.detail ?? '',
  ].join('\n');
}
