/** What goes wrong with the runs that are shown: each alert once, with the way to its chart and to the setting that matters. */
import { useShallow } from 'zustand/react/shallow';
import type { Alert, Offer } from '../alerts/alert.ts';
import { useLab, usePage } from '../context.ts';
import { listText } from '../format.ts';
import { settingAt, valuesOf, valueText, withSetting } from '../settings.ts';
import { showChart } from '../show-chart.ts';
import { showSetting } from '../show-setting.ts';
import { type LabData, shownExperiment } from '../store/lab-data.ts';
import { presentRuns } from '../store/runs.ts';
import { Act, Notice } from './notice.tsx';
import { WronglyPaidList } from './wrongly-paid.tsx';

export function AlertNotices() {
  const alerts = useLab(useShallow(alertsOf));
  return alerts.map((alert) => <AlertNotice key={alert.id} alert={alert} />);
}

/** The first of each kind among the runs that are shown. */
function alertsOf(data: LabData): readonly Alert[] {
  if (data.state === 'idle') return [];
  const all = presentRuns(data).flatMap(({ alerts }) => alerts);
  return all.filter(({ id }, i) => all.findIndex((one) => one.id === id) === i);
}

function AlertNotice({ alert }: { readonly alert: Alert }) {
  const { view, preferences } = usePage();
  const { id, title, why, chart, setting, offers = [], showsPaid } = alert;
  const runs = useLab((data) => runsWith(data, id));
  // A reward that was learned elsewhere has no setting of how it learns.
  const path = useLab((data) => (setting === undefined ? undefined : pathIn(data, setting)));
  return (
    <Notice
      tone="warn"
      title={title}
      acts={
        <>
          <Act onClick={() => showChart(view, chart)}>Show the chart</Act>
          {offers.map((offer) => (
            <OfferAct key={offer.path} offer={offer} />
          ))}
          {path === undefined ? null : (
            <Act onClick={() => showSetting(preferences, path)}>Show settings</Act>
          )}
        </>
      }
    >
      <p>
        {why}
        {runs}
      </p>
      {showsPaid ? <WronglyPaidList alert={id} /> : null}
    </Notice>
  );
}

/** A change of the draft, where the schema allows it. */
function OfferAct({ offer: { path, next } }: { readonly offer: Offer }) {
  const { lab, preferences } = usePage();
  const draft = useLab((data) => data.draft);
  const entry = settingAt(draft, path);
  if (typeof entry?.value !== 'number') return null;
  const value = next(entry.value);
  if (withSetting(draft, path, value) === draft) return null;
  return (
    <Act
      onClick={() => {
        lab.setSetting(path, value);
        showSetting(preferences, path);
      }}
    >
      {entry.setting.label} {valueText(entry.setting, value)}
    </Act>
  );
}

/** The setting's own path in what is shown; `*` is the first place of a list that has it. Undefined where there is none. */
function pathIn(data: LabData, setting: string): string | undefined {
  const [before, after] = setting.split('.*.');
  return valuesOf(shownExperiment(data))
    .map((entry) => entry.setting.path)
    .find((path) =>
      after === undefined
        ? path === setting
        : path.startsWith(`${before}.`) && path.endsWith(`.${after}`),
    );
}

/** Which of several runs it is; empty where there is one. */
function runsWith(data: LabData, id: string): string {
  const runs = presentRuns(data);
  if (runs.length < 2) return '';
  const names = runs.filter(({ alerts }) => alerts.some((alert) => alert.id === id));
  return ` Seen in ${listText(names.map(({ label }) => label))}.`;
}
