/** The Runs page: what is stored in this browser, how large it is, and how it is resumed and deleted. */
import { useEffect, useState } from 'react';
import { useStore } from 'zustand';
import './runs-page.css';
import type { Listed } from '../../lab/run-store/run-shelf.ts';
import { Notice } from '../components/notice.tsx';
import { PageLink } from '../components/page-link.tsx';
import { Select } from '../components/select.tsx';
import { useLab, usePage, usePreference } from '../context.ts';
import { formatBytes, plural } from '../format.ts';
import { FIRST_PAGE } from '../pages.ts';
import { MOST_RUNS } from '../plan.ts';
import { KEEP_CHOICES } from '../store/keeping.ts';
import { resumeRun } from './resume.ts';
import { fitTogether, showStored } from './show-stored.ts';
import { momentText, stateOf, stepsOf, taskAndMethod } from './words.ts';

export function RunsPage() {
  const { stored } = usePage();
  const runs = useStore(stored.store, (state) => state.runs);
  const problem = useStore(stored.store, (state) => state.problem);
  const kept = useLab((data) => data.keeping.step);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the list has changed when a checkpoint was written.
  useEffect(() => void stored.refresh(), [stored, kept]);
  return (
    <main className="runspage">
      <Head runs={runs ?? []} />
      {problem && (
        <Notice
          tone="warn"
          title={problem.message}
          onClose={() => stored.store.setState({ problem: null })}
        >
          <p>{problem.remedy}</p>
        </Notice>
      )}
      {runs && (runs.length === 0 ? <Empty /> : <Table runs={runs} />)}
    </main>
  );
}

function Head({ runs }: { readonly runs: readonly Listed[] }) {
  const bytes = runs.reduce((sum, run) => sum + run.bytes, 0);
  return (
    <header className="runshead">
      <h1>Runs</h1>
      <span className="quiet">
        {plural(runs.length, 'stored run')}, {formatBytes(bytes)} in this browser
      </span>
      <span className="spacer" />
      <KeepEvery />
      {runs.length > 0 && <DeleteAll runs={runs} />}
    </header>
  );
}

function KeepEvery() {
  const { preferences } = usePage();
  const every = usePreference((stored) => stored.keepEvery);
  return (
    <span className="keepevery">
      <label className="quiet" htmlFor="keep-every">
        Checkpoint
      </label>
      <Select
        id="keep-every"
        value={String(every)}
        onChange={({ target: { value } }) =>
          preferences.setState({
            keepEvery: KEEP_CHOICES.find((choice) => String(choice) === value) ?? null,
          })
        }
      >
        {KEEP_CHOICES.map((choice) => (
          <option key={choice} value={String(choice)}>
            {choice === null
              ? 'never: runs end with their tab'
              : choice === 1
                ? 'after every step'
                : `every ${choice} steps`}
          </option>
        ))}
      </Select>
    </span>
  );
}

/** Nothing is deleted by one press: the second one says what goes. */
function DeleteAll({ runs }: { readonly runs: readonly Listed[] }) {
  const { stored } = usePage();
  const [asked, setAsked] = useState(false);
  const closed = runs.filter(({ held }) => !held);
  if (closed.length === 0) return null;
  if (!asked)
    return (
      <button className="btn" type="button" onClick={() => setAsked(true)}>
        Delete all
      </button>
    );
  return (
    <Sure
      label={`Delete ${plural(closed.length, 'run')}`}
      onSure={() => void stored.remove(closed.map(({ id }) => id))}
      onLeave={() => setAsked(false)}
    />
  );
}

function Sure({
  label,
  onSure,
  onLeave,
}: {
  readonly label: string;
  readonly onSure: () => void;
  readonly onLeave: () => void;
}) {
  return (
    <span className="sure">
      <button className="btn danger" type="button" onClick={onSure}>
        {label}
      </button>
      <button className="btn" type="button" onClick={onLeave}>
        Keep
      </button>
    </span>
  );
}

function Empty() {
  return (
    <p className="runsempty">
      No run is stored yet. Every run of the <PageLink to={FIRST_PAGE}>lab</PageLink> is kept here
      as it goes, until you delete it; nothing leaves this browser.
    </p>
  );
}

function Table({ runs }: { readonly runs: readonly Listed[] }) {
  const [chosen, setChosen] = useState<readonly string[]>([]);
  const picked = runs.filter(({ id, seal }) => seal && chosen.includes(id));
  const choose = (id: string, on: boolean) =>
    setChosen(on ? [...chosen, id] : chosen.filter((one) => one !== id));
  return (
    <div className="runswrap">
      <Compare picked={picked} />
      <table className="runtable">
        <thead>
          <tr>
            <th scope="col">
              <span className="sr">Chosen for comparison</span>
            </th>
            <th scope="col">Name</th>
            <th scope="col">Steps</th>
            <th scope="col">State</th>
            <th scope="col">Kept</th>
            <th scope="col" className="right">
              Size
            </th>
            <th scope="col">
              <span className="sr">Actions</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {runs.map((run) => (
            <Row key={run.id} run={run} chosen={chosen.includes(run.id)} onChoose={choose} />
          ))}
        </tbody>
      </table>
      <p className="small faint">
        A stored run has its last checkpoint, all rows, and samples that are sparser with age. The
        newest 50 are kept. A browser that is short of space may delete them all: export what you
        must not lose.
      </p>
    </div>
  );
}

/** The chosen runs beside each other in the lab. */
function Compare({ picked }: { readonly picked: readonly Listed[] }) {
  const page = usePage();
  if (picked.length === 0) return null;
  const fits = fitTogether(picked);
  return (
    <p className="runscompare">
      <button
        className="btn primary"
        type="button"
        disabled={!fits}
        onClick={() =>
          void showStored(
            page,
            picked.map(({ id }) => id),
          )
        }
      >
        {picked.length === 1 ? 'Open in the lab' : `Compare ${picked.length} in the lab`}
      </button>{' '}
      <span className="small faint">
        {fits
          ? 'Their curves and samples, beside each other. What runs in the lab is reset.'
          : `At most ${MOST_RUNS} runs fit beside each other.`}
      </span>
    </p>
  );
}

interface RowProps {
  readonly run: Listed;
  readonly chosen: boolean;
  readonly onChoose: (id: string, on: boolean) => void;
}

function Row({ run, chosen, onChoose }: RowProps) {
  const { id, seal, problem, bytes } = run;
  const steps = seal && stepsOf(seal);
  return (
    <tr>
      <td>
        {seal && (
          <input
            type="checkbox"
            aria-label={`Choose ${seal.about.title}, ${momentText(seal.saved)}`}
            checked={chosen}
            onChange={({ target }) => onChoose(id, target.checked)}
          />
        )}
      </td>
      <th scope="row">
        {seal ? seal.about.title : run.id}
        <span className="small faint">{seal ? detail(run) : problem?.message}</span>
      </th>
      <td>{steps && `${steps.done} of ${steps.of}`}</td>
      <td>{stateOf(run)}</td>
      <td className="nowrap">{seal && momentText(seal.saved)}</td>
      <td className="right nowrap">{formatBytes(bytes)}</td>
      <td>
        <Acts run={run} />
      </td>
    </tr>
  );
}

function detail({ seal }: Listed): string {
  if (!seal) return '';
  const several = seal.runs.length > 1 ? `, ${seal.runs.map(({ label }) => label).join(', ')}` : '';
  return `${taskAndMethod(seal)}${several}`;
}

function Acts({ run: { id, seal, held } }: { readonly run: Listed }) {
  const page = usePage();
  const [asked, setAsked] = useState(false);
  const name = seal?.about.title ?? id;
  if (held) return <span className="small faint">open in a lab</span>;
  if (asked)
    return (
      <Sure
        label="Delete"
        onSure={() => void page.stored.remove([id])}
        onLeave={() => setAsked(false)}
      />
    );
  return (
    <span className="sure">
      {seal && seal.state !== 'finished' && (
        <button
          className="btn"
          type="button"
          aria-label={`Resume ${name}`}
          onClick={() => resumeRun(page, { id, seal })}
        >
          Resume
        </button>
      )}
      <button
        className="btn"
        type="button"
        aria-label={`Delete ${name}`}
        onClick={() => setAsked(true)}
      >
        Delete
      </button>
    </span>
  );
}
