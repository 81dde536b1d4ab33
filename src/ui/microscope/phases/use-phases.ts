/** The step that is looked at in phases: the one that waits in the lab, or a logged one. */
import { useMemo, useState } from 'react';
import type { SampleGroup } from '../../../rl/records.ts';
import { PHASES } from '../../../rl/run/phases.ts';
import { useLab } from '../../context.ts';
import { lead, type RunData } from '../../store/runs.ts';
import { useRunView } from '../run-view.ts';
import { type StepBatch, stepBatch } from '../step-batch.ts';
import { type LookedAt, useLookedAt } from '../weighed.ts';

export interface PhasedStep {
  readonly run: RunData;
  readonly step: number;
  /** The step waits in the lab, and goes on when asked. */
  readonly waits: boolean;
  readonly groups: readonly SampleGroup[];
  /** Phases that are known, 1 to 4. */
  readonly known: number;
  /** With the advantages; null before they are known. */
  readonly batch: StepBatch | null;
  /** The logged steps beside it; undefined where none is logged yet. */
  readonly found: LookedAt | undefined;
  /** Of a logged step: shows so many of its phases. */
  readonly reveal: (known: number) => void;
}

/** Undefined where there is no step to look at. */
export function usePhases(): PhasedStep | undefined {
  const found = useLookedAt();
  const asked = useRunView((view) => view.step);
  const standing = useLab((data) => data.standing);
  const running = useLab(lead);
  const [revealed, reveal] = useState<number>(PHASES.length);
  const waits = standing !== null && asked === null && running?.id === standing.runId;
  return useMemo(() => {
    if (waits && standing && running) {
      const { step, phase, samples, lengths } = standing;
      const row = { step, ...lengths };
      return {
        ...{ run: running, step, waits, groups: solved(samples), found, reveal },
        known: PHASES.indexOf(phase) + 1,
        batch: stepBatch(samples, row, running.experiment.method),
      };
    }
    if (!found) return undefined;
    const { run, step, batch } = found;
    const groups = solved(run.record.samples.at(step));
    return { run, step, waits: false, groups, known: revealed, batch, found, reveal };
  }, [waits, standing, running, found, revealed]);
}

const solved = (groups: readonly SampleGroup[]) =>
  groups.filter(({ completions }) => completions[0]?.role === 'solver');
