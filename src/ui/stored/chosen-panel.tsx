/** Beside the table: the chosen groups, and what can be done with them. */
import { type ReactNode, useState } from 'react';
import { useStore } from 'zustand';
import { MOST_NOTE } from '../../lab/run-store/marks.ts';
import { RunKey } from '../charts/run-key.tsx';
import { ComparePanel } from '../compare/compare-panel.tsx';
import { Icon } from '../components/icon.tsx';
import { SaveButton } from '../components/save-button.tsx';
import { useLab, usePage } from '../context.ts';
import { plural } from '../format.ts';
import { MOST_RUNS } from '../plan.ts';
import { secondsOf } from '../queue/estimate.ts';
import type { Job } from '../queue/queue.ts';
import { addsText } from '../queue/queue-pane.tsx';
import { FIVE_SEEDS, jobsOfPage, MOST_SEEDS, seedsOfAll, seedsUpTo } from '../queue/queue-seeds.ts';
import { exportBundles, verifyStored } from '../verify/bundles.ts';
import { MOST_CHOSEN } from './chosen.ts';
import { deleteGroups, foldersOf, openGroups } from './group-actions.ts';
import type { GroupRow } from './group-rows.ts';
import { fitTogether } from './show-stored.ts';

interface Props {
  /** In the order in which they were chosen. */
  readonly rows: readonly GroupRow[];
  readonly all: readonly GroupRow[];
  readonly slotOf: (key: string) => number;
}

export function ChosenPanel({ rows, all, slotOf }: Props) {
  return (
    <aside className="compare" aria-label="Comparison">
      <header className="comparehead">
        <h2>Compare</h2>
        {rows.map(({ key, name }) => (
          <span className="line small" key={key}>
            <RunKey run={{ slot: slotOf(key) }} />
            {name}
          </span>
        ))}
      </header>
      {rows.length === 0 ? (
        <p className="none quiet">
          Choose one or more groups, {MOST_CHOSEN} at most. One shows its seeds and can be run
          again; several are compared seed by seed.
        </p>
      ) : (
        <>
          <ComparePanel {...{ rows, slotOf }} />
          {rows.length === 1 && <Note key={rows[0].key} row={rows[0]} />}
          <RunAgain {...{ rows, all }} />
          <Acts {...{ rows, all }} />
        </>
      )}
    </aside>
  );
}

/** Kept when the field is left. */
function Note({ row }: { readonly row: GroupRow }) {
  const { stored } = usePage();
  const [text, setText] = useState(row.mark.note ?? '');
  return (
    <section>
      <label className="field">
        <span className="label">Note on {row.name}</span>
        <textarea
          className="input note"
          rows={3}
          maxLength={MOST_NOTE}
          value={text}
          onChange={({ target }) => setText(target.value)}
          onBlur={() => void stored.mark(row.key, { note: text.trim() })}
        />
      </label>
    </section>
  );
}

/** The seeds that are missing, with two clicks: choose, and press. */
function RunAgain({ rows, all }: Pick<Props, 'rows' | 'all'>) {
  const page = usePage();
  const [last, setLast] = useState(FIVE_SEEDS);
  const seeds = useStore(page.stored.store, (state) => state.seeds);
  // The queue decides what is missing.
  useStore(page.queue.store);
  const adapter = useLab((data) => data.adapter?.name);
  const upTo = jobsOfPage(page, rows, seedsUpTo(last), all);
  const same = rows.length > 1 ? jobsOfPage(page, rows, seedsOfAll(rows), all) : null;
  const about = (jobs: readonly Job[]) => {
    const experiments = jobs.map(({ experiment }) => experiment);
    return addsText(jobs, secondsOf(experiments, seeds ?? [], adapter));
  };
  const add = (jobs: readonly Job[]) => void page.queue.change({ type: 'add', jobs });
  return (
    <section className="runagain">
      <div>
        <div className="acts">
          <Add jobs={upTo} about={about(upTo)} onAdd={add}>
            Run again with seeds 1 to {last}
          </Add>
          <label className="level small faint">
            Last seed
            <input
              className="input"
              type="number"
              min={1}
              max={MOST_SEEDS}
              value={last}
              onChange={({ target: { valueAsNumber: asked } }) =>
                Number.isInteger(asked) && asked >= 1 && asked <= MOST_SEEDS && setLast(asked)
              }
            />
          </label>
        </div>
        <p className="small faint">{about(upTo)}</p>
      </div>
      {same && (
        <div>
          <Add jobs={same} about={about(same)} onAdd={add}>
            Run {rows.length === 2 ? 'both' : 'all'} on the same seeds
          </Add>
          <p className="small faint">{about(same)}</p>
        </div>
      )}
    </section>
  );
}

interface AddProps {
  readonly jobs: readonly Job[];
  readonly about: string;
  readonly onAdd: (jobs: readonly Job[]) => void;
  readonly children: ReactNode;
}

function Add({ jobs, about, onAdd, children }: AddProps) {
  return (
    <button
      className="btn"
      type="button"
      title={about}
      disabled={jobs.length === 0}
      onClick={() => onAdd(jobs)}
    >
      <Icon name="restart" />
      <span>{children}</span>
    </button>
  );
}

function Acts({ rows, all }: Pick<Props, 'rows' | 'all'>) {
  const page = usePage();
  const { runs: listed } = page.stored.store.getState();
  const folders = new Set(foldersOf(rows.flatMap(({ group }) => group.runs)));
  const named = rows.flatMap(({ name, group }) => group.runs.map((run) => ({ run, name })));
  const fits = fitTogether((listed ?? []).filter(({ id }) => folders.has(id)));
  return (
    <section className="chosenacts">
      <div className="acts">
        <button
          className="btn"
          type="button"
          disabled={!fits}
          onClick={() => openGroups(page, rows)}
        >
          {rows.length === 1 ? 'Open in the lab' : `Compare ${rows.length} in the lab`}
        </button>
        <SaveButton save={() => exportBundles(page, named)}>
          Export {named.length === 1 ? 'its bundle' : `${named.length} bundles`}
        </SaveButton>
        <button className="btn" type="button" onClick={() => verifyStored(page, named)}>
          Verify {plural(named.length, 'run')}
        </button>
        <button className="btn danger" type="button" onClick={() => deleteGroups(page, rows, all)}>
          Delete {plural(rows.length, 'group')}
        </button>
      </div>
      <p className="small faint">
        {fits
          ? 'The lab shows curves and samples beside each other; what runs there is reset. A bundle holds all of a run that is needed to verify it elsewhere. Verify runs it again here, one after the other.'
          : `At most ${MOST_RUNS} runs fit beside each other in the lab.`}
      </p>
    </section>
  );
}
