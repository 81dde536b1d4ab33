/** The table of stored runs: a row for each group, in the order that its head is asked for. Keys move through it as through a list. */
import { useEffect, useRef, useState } from 'react';
import { useStore } from 'zustand';
import { seriesOf } from '../../lab/run-groups/over-steps.ts';
import { Icon } from '../components/icon.tsx';
import { useLab, usePage } from '../context.ts';
import { linearScale, type Scale } from '../plot/scale.ts';
import { sameSetting } from '../queue/estimate.ts';
import type { Job } from '../queue/queue.ts';
import { type Chosen, choose, slotIn } from './chosen.ts';
import { deleteGroups, openGroups, pinGroup } from './group-actions.ts';
import { Group } from './group-row.tsx';
import type { GroupRow, Order, SortBy } from './group-rows.ts';
import { metricOf } from './group-words.ts';
import { type RunKey, runKeys } from './run-keys.ts';

interface Props {
  /** In their order. */
  readonly rows: readonly GroupRow[];
  /** Those that are not shown too. */
  readonly all: readonly GroupRow[];
  readonly order: Order;
  readonly chosen: Chosen;
  readonly onOrder: (order: Order) => void;
  readonly onChosen: (chosen: Chosen) => void;
}

export function RunsTable({ rows, all, order, chosen, onOrder, onChosen }: Props) {
  const page = usePage();
  const [open, setOpen] = useState<readonly string[]>([]);
  const [renaming, setRenaming] = useState<string | null>(null);
  const [focused, setFocused] = useState<string | null>(null);
  const body = useRef<HTMLTableSectionElement>(null);
  const adapter = useLab((data) => data.adapter?.name);
  const { jobs: queued, running } = useStore(page.queue.store, ({ queue }) => queue);
  const jobs = queued.filter(({ id }) => id !== running);
  const metric = rows[0]?.metric ?? 'reward';
  const head = rows.some((row) => row.metric === 'eval/accuracy') ? 'eval/accuracy' : metric;
  const scale = scaleOf(all.filter((row) => row.metric === head));
  const show = (key: string, on: boolean) =>
    setOpen(on ? [...new Set([...open, key])] : open.filter((one) => one !== key));
  const goTo = (key: string | undefined) => {
    if (key === undefined) return;
    setFocused(key);
    body.current?.querySelector<HTMLElement>(`[data-group="${key}"]`)?.focus();
  };
  const at = rows.find(({ key }) => key === focused)?.key ?? rows[0]?.key;
  const actOf = (key: RunKey) => {
    const i = rows.findIndex((one) => one.key === rowInFocus(body.current));
    const row = rows[i];
    if (!row) return undefined;
    const acts: Partial<Record<RunKey, () => void>> = {
      'run-below': () => goTo(rows[i + 1]?.key),
      'run-above': () => goTo(rows[i - 1]?.key),
      'show-seeds': () => show(row.key, true),
      'hide-seeds': () => show(row.key, false),
      'compare-run': () => onChosen(choose(chosen, row.key, !chosen.includes(row.key))),
      'pin-run': () => pinGroup(page, row),
      'open-run': () => openGroups(page, [row]),
      'rename-run': () => setRenaming(row.key),
      'remove-run': () => {
        goTo(rows[i + 1]?.key ?? rows[i - 1]?.key);
        deleteGroups(page, [row], all);
      },
    };
    return acts[key];
  };
  useEffect(() => runKeys.hold(actOf));
  return (
    <>
      <table className="runtable">
        <colgroup>
          {['pick', 'name', 'seeds', 'acc', 'int', 'state', 'where', 'pin'].map((id) => (
            <col key={id} className={`c-${id}`} />
          ))}
        </colgroup>
        <thead>
          <tr>
            <th scope="col">
              <span className="sr">Compare</span>
            </th>
            <Head by="name" {...{ order, onOrder }}>
              Name, what differs from the run before
            </Head>
            <th scope="col" className="seedsC">
              learning
            </th>
            <Head by="result" className="n" {...{ order, onOrder }}>
              {metricOf(head).label.toLowerCase()}
            </Head>
            <th scope="col" className="intC">
              <span className="sr">Mean with its interval</span>
              <Ticks scale={scale} />
            </th>
            <th scope="col">state</th>
            <Head by="when" className="whereC" {...{ order, onOrder }}>
              when
            </Head>
            <th scope="col">
              <span className="sr">Pinned</span>
            </th>
          </tr>
        </thead>
        <tbody ref={body}>
          {rows.map((row) => (
            <Group
              key={row.key}
              {...{ row, all }}
              scale={row.metric === head ? scale : null}
              slot={slotIn(chosen, row.key)}
              waiting={row.group.runs[0].adapter === adapter ? waitingOf(row, jobs) : 0}
              open={open.includes(row.key)}
              reached={row.key === at}
              renaming={row.key === renaming}
              onOpen={(on) => show(row.key, on)}
              onChoose={(on) => onChosen(choose(chosen, row.key, on))}
              onRename={(on) => setRenaming(on ? row.key : null)}
              onFocus={() => setFocused(row.key)}
            />
          ))}
        </tbody>
      </table>
      <p className="tableend">
        <button className="btn" type="button" onClick={() => deleteGroups(page, all, all)}>
          Delete all
        </button>
      </p>
      <p className="tableend small faint">
        Line: 95 % by Student’s t over seeds, from three seeds on. Ticks: seeds. Runs that differ in
        the seed alone are one row. The newest 200 are kept, and all that are pinned; a browser that
        is short of space may delete them all, so export what you must not lose.
      </p>
    </>
  );
}

/** The group whose row itself has the focus, not something in it. */
function rowInFocus(body: HTMLElement | null): string | undefined {
  const { activeElement } = document;
  if (!(activeElement instanceof HTMLElement) || !body?.contains(activeElement)) return undefined;
  return activeElement.dataset.group;
}

/** Seeds of a row that are in the queue. */
function waitingOf({ group: { runs } }: GroupRow, jobs: readonly Job[]): number {
  return jobs.filter((job) => sameSetting(job.experiment, runs[0].experiment)).length;
}

interface HeadProps {
  readonly by: SortBy;
  readonly order: Order;
  readonly className?: string;
  readonly onOrder: (order: Order) => void;
  readonly children: string;
}

function Head({ by, order, className, onOrder, children }: HeadProps) {
  const sorted = order.by === by;
  // A first press shows the newest, the best, and the first of the alphabet.
  const down = sorted ? !order.down : by !== 'name';
  return (
    <th
      scope="col"
      className={className}
      aria-sort={sorted ? (order.down ? 'descending' : 'ascending') : 'none'}
    >
      <button type="button" onClick={() => onOrder({ by, down })}>
        {children}
        {sorted && <Icon name={order.down ? 'down' : 'up'} small />}
      </button>
    </th>
  );
}

function Ticks({ scale }: { readonly scale: Scale }) {
  return (
    <svg className="whisk" aria-hidden="true">
      {scale.ticks.map((tick) => (
        <text key={tick} x={`${100 * scale.share(tick)}%`} y="14" textAnchor="middle">
          {scale.label(tick)}
        </text>
      ))}
    </svg>
  );
}

/** One scale for all rows of a number: their results, intervals and curves. */
function scaleOf(rows: readonly GroupRow[]): Scale {
  const values = rows.flatMap(({ group, metric, result }) => {
    const { mean, low, high } = result?.estimate ?? {};
    const within = [mean, low, high].filter((value) => typeof value === 'number');
    return [...within, ...group.runs.flatMap((run) => seriesOf(run, metric).values)];
  });
  const share = rows[0]?.metric.startsWith('eval/') ? { within: [0, 1] as const } : {};
  return linearScale(Math.min(...values), Math.max(...values), { most: 4, least: 0.2, ...share });
}
