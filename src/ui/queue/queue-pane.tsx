/** The queue above the table: what runs, what waits and for how long, and in which order. */
import { useEffect, useRef } from 'react';
import { useStore } from 'zustand';
import './queue.css';
import { isBusy } from '../../lab/state-machine.ts';
import { Icon } from '../components/icon.tsx';
import { Notice } from '../components/notice.tsx';
import { useLab, usePage } from '../context.ts';
import { listText, plural } from '../format.ts';
import { groupStep } from '../store/runs.ts';
import { numberWord } from '../stored/group-words.ts';
import { showLabPage } from '../stored/resume.ts';
import { type RunKey, runKeys } from '../stored/run-keys.ts';
import { aboutText, secondsOf } from './estimate.ts';
import type { Job } from './queue.ts';

export function QueuePane() {
  const { queue: store, stored } = usePage();
  const { queue, problem } = useStore(store.store);
  const seeds = useStore(stored.store, (state) => state.seeds);
  const adapter = useLab((data) => data.adapter?.name);
  const { jobs, running, paused, failed } = queue;
  const waiting = jobs.filter(({ id }) => id !== running);
  const about = (list: readonly Job[]) =>
    secondsOf(
      list.map(({ experiment }) => experiment),
      seeds ?? [],
      adapter,
    );
  if (jobs.length === 0 && failed.length === 0 && !problem) return null;
  return (
    <section className="queue" aria-labelledby="queue-title">
      <header>
        <h2 id="queue-title">Queue</h2>
        <span className="quiet">{countText(running !== null, waiting.length, paused)}</span>
        <span className="spacer" />
        {jobs.length > 0 && !paused && (
          <span className="small faint no-phone">{allText(about(jobs))}</span>
        )}
        {jobs.length > 0 && (
          <button
            className="btn"
            type="button"
            onClick={() => void store.change({ type: 'pause', on: !paused })}
          >
            <Icon name={paused ? 'run' : 'pause'} />
            {paused ? 'Go on' : 'Pause queue'}
          </button>
        )}
      </header>
      <Standing />
      <ol>
        {jobs.map((job, i) => (
          <Row
            key={job.id}
            job={job}
            first={i === (running === null ? 0 : 1)}
            last={i === jobs.length - 1}
            about={aboutText(about([job]))}
          />
        ))}
      </ol>
      {failed.length > 0 && (
        <Notice
          tone="warn"
          title={`${plural(failed.length, 'queued run')} failed`}
          onClose={() => void store.change({ type: 'read' })}
        >
          {failed.map(({ name, seed, why }, i) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: the list only grows at its end.
            <p key={i}>
              {name}, seed {seed}: {why}. The others went on.
            </p>
          ))}
        </Notice>
      )}
      {problem && (
        <Notice tone="warn" title={problem.message} onClose={() => store.dismiss()}>
          <p>{problem.remedy}</p>
        </Notice>
      )}
    </section>
  );
}

function countText(running: boolean, waiting: number, paused: boolean): string {
  const parts = [
    ...(running ? [paused ? 'one under way' : 'one running'] : []),
    ...(waiting > 0 ? [`${numberWord(waiting)} waiting`] : []),
  ];
  return `${parts.join(', ')}${paused && parts.length > 0 ? ', paused' : ''}`;
}

const allText = (seconds: number | null) =>
  seconds === null ? aboutText(null) : `all done in ${aboutText(seconds)}`;

/** Why nothing goes on, where that is not this queue's own doing. */
function Standing() {
  const page = usePage();
  const { mine, elsewhere } = useStore(page.runner.store);
  const { jobs, running, paused } = useStore(page.queue.store, (state) => state.queue);
  const busy = useLab((data) => isBusy(data.state) || data.state === 'paused');
  const noGpu = useLab((data) => data.noGpu !== null);
  if (jobs.length === 0 || paused) return null;
  const why = noGpu
    ? 'Waits for WebGPU, which this browser does not give.'
    : !mine
      ? 'Another tab of Baton runs the queue.'
      : elsewhere
        ? 'Waits for another tab of Baton, which trains.'
        : running === null && busy
          ? 'Waits for the run in the lab.'
          : null;
  return why && <p className="small quiet standing">{why}</p>;
}

interface RowProps {
  readonly job: Job;
  /** Of those that wait. */
  readonly first: boolean;
  readonly last: boolean;
  readonly about: string;
}

function Row({ job, first, last, about }: RowProps) {
  const page = usePage();
  const { queue } = page;
  const line = useRef<HTMLLIElement>(null);
  const runs = useStore(queue.store, (state) => state.queue.running === job.id);
  const paused = useStore(queue.store, (state) => state.queue.paused);
  const { id, name, experiment } = job;
  const called = `${name}, seed ${experiment.seed}`;
  const remove = () =>
    void (runs ? page.runner.stop() : queue.change({ type: 'remove', ids: [id] }));
  const move = async (by: 1 | -1) => {
    await queue.change({ type: 'move', id, by });
    line.current?.focus();
  };
  const actOf = (key: RunKey) => {
    if (document.activeElement !== line.current) return undefined;
    const acts: Partial<Record<RunKey, () => void>> = {
      'remove-run': remove,
      'run-sooner': () => void move(-1),
      'run-later': () => void move(1),
    };
    return acts[key];
  };
  useEffect(() => runKeys.hold(actOf));
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: the keys that move a run need a place to be pressed.
    <li className="job" ref={line} tabIndex={0} aria-label={called}>
      <span className="lead">
        {!runs ? (
          <span className="ring" />
        ) : paused ? (
          <Icon name="pause" small />
        ) : (
          <span className="pulse" />
        )}
      </span>
      <b className="jobname">{name}</b>
      <span className="small quiet nowrap">seed {experiment.seed}</span>
      {runs ? <Progress job={job} /> : <Waiting job={job} about={about} />}
      <span className="tools">
        {!runs && (
          <>
            <button
              className="btn bare icon-only"
              type="button"
              aria-label={`${called}: earlier`}
              disabled={first}
              onClick={() => void move(-1)}
            >
              <Icon name="up" />
            </button>
            <button
              className="btn bare icon-only"
              type="button"
              aria-label={`${called}: later`}
              disabled={last}
              onClick={() => void move(1)}
            >
              <Icon name="down" />
            </button>
          </>
        )}
        <button
          className="btn bare icon-only"
          type="button"
          aria-label={runs ? `Stop ${called}` : `Remove ${called}`}
          onClick={remove}
        >
          <Icon name="close" />
        </button>
      </span>
    </li>
  );
}

/** Of the run in this tab's lab; another tab's is seen there. */
function Progress({ job: { experiment } }: { readonly job: Job }) {
  const page = usePage();
  const mine = useStore(page.runner.store, (state) => state.mine);
  const step = useLab(groupStep);
  const { steps } = experiment;
  if (!mine) return <span className="small faint bar">in the other tab</span>;
  return (
    <>
      <progress className="progress bar" value={step} max={steps} aria-label="Steps done" />
      <button className="link small n nowrap" type="button" onClick={() => showLabPage(page)}>
        {step} of {steps} steps
      </button>
    </>
  );
}

function Waiting({ job, about }: { readonly job: Job; readonly about: string }) {
  return (
    <>
      <span className="small faint bar">
        {job.stored ? 'goes on from its checkpoint' : 'waits'}
      </span>
      <span className="small quiet n nowrap">{about}</span>
    </>
  );
}

/** What a button would queue: "adds 3 runs, about 4 min"; in words what is there where it would queue none. */
export function addsText(jobs: readonly Job[], seconds: number | null): string {
  if (jobs.length === 0) return 'All of these are there or in the queue.';
  const seeds = [...new Set(jobs.map(({ experiment }) => experiment.seed))];
  const which = `seed${seeds.length === 1 ? '' : 's'} ${listText(seeds.map(String))}`;
  return `Adds ${plural(jobs.length, 'run')} (${which}), ${aboutText(seconds)}.`;
}
