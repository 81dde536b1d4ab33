/** Run, Pause, Step, Reset; what runs and how it stands; how far it is and how long it will take. */
import type { ReactNode } from 'react';
import type { LabState } from '../../lab/protocol.ts';
import { accepts, isBusy } from '../../lab/state-machine.ts';
import { useAction, useLab, usePage } from '../context.ts';
import { formatBytes, formatDuration, formatPerSecond, formatSeconds, plural } from '../format.ts';
import { runName } from '../presets.ts';
import { shownExperiment, shownPreset } from '../store/lab-data.ts';
import { STEPS_BEFORE_ESTIMATE, secondsLeft } from '../store/pace.ts';
import {
  groupStep,
  groupSteps,
  groupTokensPerStep,
  presentGroup,
  secondsAfter,
} from '../store/runs.ts';
import { Behind } from './behind.tsx';
import { Icon, type IconName } from './icon.tsx';
import { KernelBadge } from './kernel-badge.tsx';
import { PlannedMemory } from './planned-memory.tsx';

export function RunBar() {
  return (
    <section className="runbar" aria-label="Run">
      <Controls />
      <RunName />
      <KernelBadge />
      <RunProgress />
      <SeedChip />
    </section>
  );
}

function Controls() {
  const { lab } = usePage();
  const state = useLab((data) => data.state);
  const halting = useLab((data) => data.halting);
  const step = useAction('step');
  const reset = useAction('reset');
  const busy = isBusy(state);
  const waits = useLab((data) => data.standing !== null);
  return (
    <fieldset className="btns" aria-label="Run controls">
      <Control
        icon="run"
        keys="Space"
        primary={state === 'idle'}
        disabled={busy && !waits}
        onClick={() => lab.run()}
      >
        Run
      </Control>
      <Control
        icon="pause"
        keys="Space"
        disabled={!busy || (halting && !waits)}
        onClick={() => lab.pause()}
      >
        Pause
      </Control>
      <Control
        icon="step"
        keys="."
        disabled={(busy && halting && !waits) || state === 'finished' || state === 'failed'}
        onClick={step.run}
      >
        Step
      </Control>
      <Control
        icon="reset"
        keys="R"
        disabled={state === 'idle' || !accepts(state, 'reset')}
        onClick={reset.run}
      >
        Reset
      </Control>
    </fieldset>
  );
}

interface ControlProps {
  readonly icon: IconName;
  readonly keys: string;
  readonly disabled: boolean;
  readonly primary?: boolean;
  readonly onClick: () => void;
  readonly children: ReactNode;
}

function Control({ icon, keys, disabled, primary, onClick, children }: ControlProps) {
  return (
    <button
      className={primary ? 'btn primary' : 'btn'}
      type="button"
      disabled={disabled}
      aria-keyshortcuts={keys}
      title={`Key: ${keys}`}
      onClick={onClick}
    >
      <Icon name={icon} />
      <span>{children}</span>
    </button>
  );
}

const STATE_WORDS: Record<LabState, string> = {
  idle: 'ready',
  preparing: 'preparing',
  running: 'running',
  paused: 'paused',
  finished: 'done',
  failed: 'failed',
};

/** The state as a mark and a word, and the name of what runs. */
function RunName() {
  const state = useLab((data) => data.state);
  const halting = useLab((data) => data.halting && isBusy(data.state));
  const name = useLab((data) => runName(shownPreset(data)));
  const recorded = useLab((data) => presentGroup(data)?.recordedIn !== undefined);
  const waits = useLab((data) => data.standing !== null);
  const going = waits ? 'waits in a phase' : halting ? 'pausing' : STATE_WORDS[state];
  const word = recorded ? 'recorded' : going;
  return (
    <div className="runname" data-state={state}>
      <StateMark state={state} />
      <h1>{name}</h1>
      <span className={`statusword ${state}`}>{word}</span>
    </div>
  );
}

/** While a run is busy its mark beats once a step. */
function StateMark({ state }: { state: LabState }) {
  const step = useLab(groupStep);
  switch (state) {
    case 'running':
    case 'preparing':
      return <span key={step} className="pulse" />;
    case 'paused':
      return <Icon name="pause" small />;
    case 'finished':
      return <Icon name="done" small />;
    case 'failed':
      return <Icon name="error" small />;
    case 'idle':
      return <span className="dot none" />;
  }
}

function RunProgress() {
  const state = useLab((data) => data.state);
  const step = useLab(groupStep);
  const pace = useLab((data) => data.pace);
  const progress = useLab((data) => data.progress);
  const spent = useLab((data) => secondsAfter(data, -1));
  const tokens = useLab(groupTokensPerStep);
  const total = useLab((data) => (data.present === null ? data.draft.steps : groupSteps(data)));
  if (state === 'preparing' || progress !== null) {
    const done = progress?.done ?? 0;
    const all = progress?.total ?? 0;
    const size = (value: number) => (progress?.what === 'model' ? formatBytes(value) : `${value}`);
    return (
      <div className="runprogress">
        <p>
          <span>{progress?.label ?? 'Preparing'}</span>
          {all > 0 && (
            <span className="faint">
              {size(done)} of {size(all)}
            </span>
          )}
        </p>
        <progress
          className="progress"
          aria-label={progress?.label ?? 'Preparing'}
          {...(all > 0 && { value: done, max: all })}
        />
      </div>
    );
  }
  const left = pace && state === 'running' ? secondsLeft(pace, step, total) : null;
  const basis = pace
    ? `From the mean of the last ${plural(pace.counted, 'step')}, ${formatSeconds(pace.secondsPerStep)} each.`
    : `Shown after ${STEPS_BEFORE_ESTIMATE} steps.`;
  return (
    <div className="runprogress">
      <p>
        <b>{step}</b> <span className="faint">of {plural(total, 'step')}</span>
        <span className="spacer" />
        <PlannedMemory />
        {left !== null && <Behind words={`${formatDuration(left)} left`}>{basis}</Behind>}
        {pace && <span className="faint pace">{formatSeconds(pace.secondsPerStep)} a step</span>}
        {spent > 0 && <span className="faint spent">{formatDuration(spent)} so far</span>}
        {pace && tokens !== null && (
          <span className="faint rate">
            {formatPerSecond(tokens / pace.secondsPerStep)} tokens a second
          </span>
        )}
      </p>
      <progress
        className="progress"
        value={step}
        max={total}
        aria-label={`Step ${step} of ${total}`}
      />
    </div>
  );
}

function SeedChip() {
  const seed = useLab((data) => shownExperiment(data).seed);
  return (
    <span className="chip seed">
      Seed <b>{seed}</b>
    </span>
  );
}
