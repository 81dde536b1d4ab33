/** One group in the table, and below it its seeds. */
import { useId } from 'react';
import { seriesOf } from '../../lab/run-groups/over-steps.ts';
import type { SeedRun } from '../../lab/run-groups/seed-run.ts';
import { RunKey } from '../charts/run-key.tsx';
import { Icon } from '../components/icon.tsx';
import { Menu } from '../components/menu.tsx';
import { usePage } from '../context.ts';
import { formatBytes, formatDuration } from '../format.ts';
import { reading } from '../plot/numbers.ts';
import type { Scale } from '../plot/scale.ts';
import { exportBundles, verifyStored } from '../verify/bundles.ts';
import { deleteRuns, pinGroup } from './group-actions.ts';
import type { GroupRow } from './group-rows.ts';
import { apartText, cleanName, countWord, groupState, metricOf } from './group-words.ts';
import { resumeRun } from './resume.ts';
import { showStored } from './show-stored.ts';
import { Spark, Whisker } from './spark.tsx';
import { whenText } from './words.ts';

interface Props {
  readonly row: GroupRow;
  readonly all: readonly GroupRow[];
  /** What its number is drawn on; null where it is another number than the others'. */
  readonly scale: Scale | null;
  readonly slot: number;
  /** Seeds of it in the queue, which runs on this adapter. */
  readonly waiting: number;
  readonly open: boolean;
  /** Whether Tab reaches it. */
  readonly reached: boolean;
  readonly renaming: boolean;
  readonly onOpen: (on: boolean) => void;
  readonly onChoose: (on: boolean) => void;
  readonly onRename: (on: boolean) => void;
  readonly onFocus: () => void;
}

export function Group(props: Props) {
  const { row, all, scale, slot, open, reached } = props;
  const { name, group, result, metric } = row;
  const { kind, text } = groupState(group, props.waiting);
  const [{ adapter }] = group.runs;
  const span = scale ?? { low: 0, high: 1 };
  return (
    <>
      <tr data-group={row.key} tabIndex={reached ? 0 : -1} onFocus={props.onFocus}>
        <td className="pickC">
          <label className="pick">
            <input
              type="checkbox"
              aria-label={`Compare ${name}`}
              checked={slot > 0}
              onChange={({ target }) => props.onChoose(target.checked)}
            />
            {slot > 0 && <RunKey run={{ slot }} />}
          </label>
        </td>
        <th scope="row" className="nameC">
          <Name {...props} />
          <span className="diffline">{apartText(row.apart)}</span>
        </th>
        <td className="seedsC">
          {scale && <Spark runs={group.runs} {...{ metric, span, slot }} />}
        </td>
        <td className="accC n">
          <Result row={row} named={scale === null} />
        </td>
        <td className="intC">
          {scale && result && <Whisker {...{ result, span, slot }} ticks={scale.ticks} />}
        </td>
        <td className="stateC">
          <span className={`state ${kind}`}>
            <StateMark kind={kind} />
            {text}
          </span>
        </td>
        <td className="whereC">
          <p className="where">
            {whenText(group.saved)}
            <span className="faint">{adapter}</span>
          </p>
        </td>
        <td className="pinC">
          <Pin row={row} />
        </td>
      </tr>
      {open &&
        [...group.runs, ...group.again].map((run) => (
          <Seed key={run.id} {...{ run, row, all, scale, slot }} />
        ))}
    </>
  );
}

function StateMark({ kind }: { readonly kind: ReturnType<typeof groupState>['kind'] }) {
  if (kind === 'live') return <span className="pulse" />;
  if (kind === 'open') return <span className="ring" />;
  return <Icon name={kind === 'bad' ? 'error' : 'done'} small />;
}

function Name({ row, open, renaming, onOpen, onRename }: Props) {
  const { stored } = usePage();
  const id = useId();
  const { name, group, key } = row;
  const take = (text: string) => {
    const said = cleanName(text);
    void stored.mark(key, { name: said === group.name ? '' : said });
    onRename(false);
  };
  return (
    <span className="gname">
      <button
        className="open"
        type="button"
        aria-expanded={open}
        aria-label={`Seeds of ${name}`}
        onClick={() => onOpen(!open)}
      >
        <Icon name="right" small />
      </button>
      {renaming ? (
        <input
          id={id}
          className="input"
          aria-label={`New name of ${name}`}
          defaultValue={name}
          // biome-ignore lint/a11y/noAutofocus: a person has just asked to type here.
          autoFocus
          onKeyDown={(event) => {
            if (event.key === 'Enter') take(event.currentTarget.value);
            if (event.key === 'Escape') onRename(false);
          }}
          onBlur={({ currentTarget }) => take(currentTarget.value)}
        />
      ) : (
        <button className="named" type="button" title="Rename" onClick={() => onRename(true)}>
          {name}
        </button>
      )}
    </span>
  );
}

/** The mean with half its interval, or how few seeds there are. @param named whether the number has to be named */
function Result({ row, named }: { readonly row: GroupRow; readonly named: boolean }) {
  const { result, metric, group } = row;
  if (!result) return <span className="faint">–</span>;
  const { mean, high } = result.estimate;
  const counted = result.values.length;
  const all = group.runs.length;
  const seeds = counted < all ? `${counted} of ${all} seeds` : countWord(counted, 'seed');
  return (
    <>
      {high === null ? (
        reading(mean)
      ) : (
        <>
          <b className="medium">{reading(mean)}</b>{' '}
          <span className="faint">± {reading(high - mean)}</span>
        </>
      )}
      {(high === null || counted < all || named) && (
        <span className="faint small below">
          {named && `${metricOf(metric).label.toLowerCase()}, `}
          {seeds}
        </span>
      )}
    </>
  );
}

function Pin({ row }: { readonly row: GroupRow }) {
  const page = usePage();
  return (
    <button
      className="pinb"
      type="button"
      aria-pressed={row.pinned}
      aria-label={`${row.pinned ? 'Unpin' : 'Pin'} ${row.name}`}
      onClick={() => pinGroup(page, row)}
    >
      <Icon name={row.pinned ? 'pinned' : 'pin'} />
    </button>
  );
}

interface SeedProps extends Pick<Props, 'row' | 'all' | 'scale' | 'slot'> {
  readonly run: SeedRun;
}

/** One run of a group: it opens in the lab, is gone on with, and is deleted by itself. */
function Seed({ run, row, all, scale, slot }: SeedProps) {
  const page = usePage();
  const { seed, hash, step, experiment, state, secondsPerStep } = run;
  const series = seriesOf(run, row.metric);
  const value = series.values.at(-1);
  const name = `${row.name}, seed ${seed}`;
  const time = secondsPerStep === null ? '' : formatDuration(step * secondsPerStep);
  return (
    <tr className="seedrow">
      <td className="pickC" />
      <td className="nameC">
        <span className="gname">
          <button
            className="link"
            type="button"
            aria-label={`Open ${name} in the lab`}
            onClick={() => void showStored(page, [run.stored])}
          >
            seed {seed}
          </button>
          <span className="faint mono">{hash.slice(0, 4)}</span>
          <span className="faint">{formatBytes(run.bytes)}</span>
        </span>
      </td>
      <td className="seedsC nowrap">
        {step} of {experiment.steps}
      </td>
      <td className="accC n">{value === undefined ? '–' : reading(value)}</td>
      <td className="intC">
        {scale && value !== undefined && (
          <Whisker
            result={{
              step,
              values: [{ seed, value }],
              estimate: { mean: value, low: null, high: null, n: 1 },
            }}
            ticks={scale.ticks}
            span={scale}
            slot={slot}
          />
        )}
      </td>
      <td className="stateC">
        {state === 'open' ? 'open in a lab' : state === 'done' ? time : state}
      </td>
      <td className="whereC" colSpan={2}>
        <span className="seedacts">
          {state !== 'open' && state !== 'done' && <Resume run={run} name={name} />}
          {state !== 'open' && (
            <button
              className="btn bare"
              type="button"
              aria-label={`Delete ${name}`}
              onClick={() => deleteRuns(page, [run], name, all)}
            >
              Delete
            </button>
          )}
          <Menu className="seedmenu" label={`More of ${name}`}>
            {(act) => (
              <>
                <button
                  className="btn bare"
                  type="button"
                  onClick={act(() => verifyStored(page, [{ run, name: row.name }]))}
                >
                  Verify
                </button>
                <button
                  className="btn bare"
                  type="button"
                  onClick={act(() => void exportBundles(page, [{ run, name: row.name }]))}
                >
                  Export bundle
                </button>
              </>
            )}
          </Menu>
        </span>
      </td>
    </tr>
  );
}

function Resume({ run, name }: { readonly run: SeedRun; readonly name: string }) {
  const page = usePage();
  const resume = () => {
    const found = page.stored.store.getState().runs?.find(({ id }) => id === run.stored);
    if (found?.seal) resumeRun(page, { id: found.id, seal: found.seal });
  };
  return (
    <button className="btn bare" type="button" aria-label={`Resume ${name}`} onClick={resume}>
      Resume
    </button>
  );
}
