/** One step, phase by phase: rows are answers, columns are phases, and a row is filled from left to right. */
import './phases.css';
import { useEffect, useRef } from 'react';
import { isBusy } from '../../../lab/state-machine.ts';
import { PHASES } from '../../../rl/run/phases.ts';
import { PageLink } from '../../components/page-link.tsx';
import { useLab, usePage } from '../../context.ts';
import { Emphasised } from '../../samples/question-head.tsx';
import { useRunView } from '../run-view.ts';
import { QuestionPicker, StepPicker } from '../step-picker.tsx';
import { PhaseGrid } from './phase-grid.tsx';
import { phaseKeys } from './phase-keys.ts';
import { type PhasedStep, usePhases } from './use-phases.ts';

const PHASE_NAMES = ['Sample', 'Score', 'Advantage', 'Update'] as const;

export function PhasesBody() {
  const phased = usePhases();
  const wanted = useRunView((view) => view.group);
  if (!phased) {
    return (
      <section className="phases" aria-labelledby="phases-head">
        <h2 id="phases-head" className="prompt">
          One step, phase by phase
        </h2>
        <p className="quiet">
          A policy answers, the answers are scored and compared, and the policy is moved. Here each
          phase shows its numbers as they become known, with the formula they come from. It does the
          next step of what the <PageLink to="lab">lab</PageLink> is set to.
        </p>
        <PhaseBar known={0} waits={false} />
      </section>
    );
  }
  const { groups, found, run, step, waits, known } = phased;
  const at = Math.min(wanted ?? 0, Math.max(0, groups.length - 1));
  const group = groups[at];
  return (
    <section className="phases" aria-labelledby="phases-head">
      <div className="ask">
        <div>
          <h2 id="phases-head" className="prompt">
            {group ? <Emphasised text={group.question} /> : 'No answers to questions here'}
          </h2>
          <p className="quiet">{standsText(phased)}</p>
        </div>
        <div className="where">
          {found && !waits ? <StepPicker found={found} /> : null}
          <QuestionPicker at={at} count={groups.length} />
        </div>
      </div>
      <PhaseBar
        {...{ known, waits }}
        {...(!waits && { reveal: phased.reveal })}
        recorded={found?.recorded ?? false}
      />
      {group ? <PhaseGrid key={`${run.id} ${step} ${at}`} {...{ phased, group, at }} /> : null}
    </section>
  );
}

const AFTER = ['after sampling', 'after scoring', 'after comparing', 'after the update'] as const;

function standsText({ run, step, waits, known, found }: PhasedStep): string {
  const of = `step ${step} of ${run.experiment.steps}`;
  if (waits) return `${run.label} waits in ${of}, ${AFTER[known - 1]}.`;
  return `${run.label}, ${of}, as it was logged${found?.recorded ? ' in the recording' : ''}.`;
}

interface BarProps {
  readonly known: number;
  readonly waits: boolean;
  /** Of a logged step. */
  readonly reveal?: (known: number) => void;
  readonly recorded?: boolean;
}

/** Where the step stands, and what takes it on. */
function PhaseBar({ known, waits, reveal, recorded = false }: BarProps) {
  const { lab } = usePage();
  const can = useLab(
    ({ state, noGpu }) => noGpu === null && state !== 'finished' && state !== 'failed',
  );
  // Asked for a phase and not there yet.
  const busy = useLab(({ state, standing }) => isBusy(state) && standing === null);
  const progress = useLab((data) => data.progress?.label);
  const next = () => {
    useRunView.setState({ step: null });
    lab.phase();
  };
  // Of a logged step that is walked through, its own next phase; else a phase of a step here.
  const walks = reveal !== undefined && known < PHASES.length;
  const act = useRef<() => void>(undefined);
  act.current = walks ? () => reveal(known + 1) : can && !busy ? next : undefined;
  useEffect(() => phaseKeys.hold(() => act.current?.()), []);
  return (
    <div className="phasebar">
      {can ? (
        <button
          className="btn primary"
          type="button"
          aria-keyshortcuts="Shift+."
          disabled={busy}
          onClick={next}
        >
          {waits && known < PHASES.length ? `Next: ${PHASE_NAMES[known].toLowerCase()}` : null}
          {waits && known === PHASES.length ? 'End this step' : null}
          {waits
            ? null
            : recorded || known === 0
              ? 'First phase of a step here'
              : 'First phase of the next step'}
        </button>
      ) : null}
      {waits ? (
        <button className="btn" type="button" onClick={() => lab.run()}>
          Run on
        </button>
      ) : null}
      {reveal ? (
        <button
          className="btn"
          type="button"
          onClick={() => reveal(known === PHASES.length ? 1 : known + 1)}
        >
          {known === PHASES.length
            ? 'Walk through this step'
            : `Show: ${PHASE_NAMES[known].toLowerCase()}`}
        </button>
      ) : null}
      <ol className="phasesteps" aria-label="Phases">
        {PHASE_NAMES.map((name, i) => (
          <li
            key={name}
            className={i < known ? 'done' : undefined}
            aria-current={i === known - 1 ? 'step' : undefined}
          >
            <span className="spot" aria-hidden="true" />
            {name}
          </li>
        ))}
      </ol>
      {busy ? <p className="small quiet">{progress ?? 'The phase is under way'}</p> : null}
    </div>
  );
}
