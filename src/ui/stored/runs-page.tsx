/** The Runs page: what is stored in this browser, runs that differ in the seed alone as one row, and some of them side by side. */
import { useCallback, useEffect, useMemo, useState } from 'react';
import { useStore } from 'zustand';
import './runs-page.css';
import { Act, Notice } from '../components/notice.tsx';
import { MessageNotice } from '../components/notices.tsx';
import { PageLink } from '../components/page-link.tsx';
import { useLab, usePage, useView } from '../context.ts';
import { OwnPoliciesList } from '../own-policies/own-policies-list.tsx';
import { FIRST_PAGE } from '../pages.ts';
import { QueuePane } from '../queue/queue-pane.tsx';
import { SweepEditor } from '../sweep/sweep-editor.tsx';
import { SweepPane } from '../sweep/sweep-pane.tsx';
import { VerifyPane } from '../verify/verify-pane.tsx';
import { Broken } from './broken-runs.tsx';
import { type Chosen, slotIn } from './chosen.ts';
import { ChosenPanel } from './chosen-panel.tsx';
import { foundRows, groupRows, type Order, sortedRows } from './group-rows.ts';
import { RunsHead } from './runs-head.tsx';
import { RunsTable } from './runs-table.tsx';

type Pane = 'runs' | 'compare';

export function RunsPage() {
  const { stored, verify } = usePage();
  const { runs, seeds, marks, going } = useStore(stored.store);
  const kept = useLab((data) => data.keeping.step);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the list has changed when a checkpoint was written.
  useEffect(() => void stored.refresh(), [stored, kept]);
  // Who goes to another page has had time to think again.
  useEffect(() => () => void stored.removeNow(), [stored]);
  const [looked, setLooked] = useState('');
  const [order, setOrder] = useState<Order>({ by: 'when', down: true });
  const [chosen, setChosen] = useState<Chosen>([]);
  const [sweeping, setSweeping] = useState(false);
  const [pane, setPane] = useState<Pane>('runs');
  const verifying = useStore(verify.store, ({ items }) => items.length > 0);
  // On a phone one pane shows at a time, and what is verified stands in this one.
  useEffect(() => {
    if (verifying) setPane('runs');
  }, [verifying]);
  const all = useMemo(() => {
    const stay = (seeds ?? []).filter((run) => !going?.ids.includes(run.stored));
    return groupRows(stay, marks);
  }, [seeds, marks, going]);
  const shown = sortedRows(foundRows(all, looked), order);
  const picked = useMemo(
    () => chosen.flatMap((key) => all.find((row) => row.key === key) ?? []),
    [chosen, all],
  );
  const slotOf = useCallback((key: string) => slotIn(chosen, key), [chosen]);
  const listed = (runs ?? []).filter(({ id }) => !going?.ids.includes(id));
  const empty = runs !== null && seeds !== null && listed.length === 0;
  return (
    <main className="runspage" data-pane={pane}>
      <RunsHead
        runs={listed}
        groups={seeds === null && listed.length > 0 ? null : all.length}
        looked={looked}
        onLook={setLooked}
        onSweep={() => setSweeping(true)}
      />
      <div className="runlist">
        <Messages />
        <VerifyPane />
        <QueuePane />
        {sweeping ? <SweepEditor onClose={() => setSweeping(false)} /> : <SweepPane />}
        {empty && <Empty />}
        {all.length > 0 && (
          <RunsTable
            {...{ rows: shown, all, order, chosen }}
            onOrder={setOrder}
            onChosen={setChosen}
          />
        )}
        {all.length > 0 && shown.length === 0 && (
          <p className="tableend">No run has “{looked.trim()}” in its name, settings or adapter.</p>
        )}
        <OwnPoliciesList />
        <Broken runs={listed} seeds={seeds ?? []} />
      </div>
      {all.length > 0 && (
        <>
          <ChosenPanel rows={picked} all={all} slotOf={slotOf} />
          <Panes pane={pane} chosen={picked.length} onPane={setPane} />
        </>
      )}
    </main>
  );
}

/** What went wrong with the storage, and what can still be taken back. */
function Messages() {
  const { stored } = usePage();
  const message = useView((view) => view.message);
  const { problem, going } = useStore(stored.store);
  return (
    <>
      {message && <MessageNotice message={message} />}
      {problem && (
        <Notice
          tone="warn"
          title={problem.message}
          onClose={() => stored.store.setState({ problem: null })}
        >
          <p>{problem.remedy}</p>
        </Notice>
      )}
      {going && (
        <Notice
          tone="info"
          title={`Deleted: ${going.name}`}
          acts={
            <Act primary onClick={() => void stored.undo()}>
              Undo
            </Act>
          }
        >
          <p>It can be taken back for ten seconds, until you leave this page.</p>
        </Notice>
      )}
    </>
  );
}

function Empty() {
  return (
    <div className="blank">
      <strong>No runs yet</strong>
      <p>
        No run is stored yet. Every run of the lab is kept here as it goes, until you delete it;
        nothing leaves this browser. A bundle can be dropped anywhere on this page.
      </p>
      <PageLink className="btn primary" to={FIRST_PAGE}>
        Go to the lab
      </PageLink>
    </div>
  );
}

function Panes({
  pane,
  chosen,
  onPane,
}: {
  readonly pane: Pane;
  readonly chosen: number;
  readonly onPane: (pane: Pane) => void;
}) {
  const button = (id: Pane, label: string) => (
    <button type="button" aria-pressed={pane === id} onClick={() => onPane(id)}>
      {label}
    </button>
  );
  return (
    <nav className="panes" aria-label="Panes">
      {button('runs', 'Runs')}
      {button('compare', `Compare ${chosen}`)}
    </nav>
  );
}
