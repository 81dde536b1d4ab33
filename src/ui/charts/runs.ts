import type { MethodCharts } from '../../rl/methods/method.ts';
import type { SeriesStore } from './series.ts';

/** A run on the page. It keeps its slot, and with it hue and dash, for as long as it is there. */
export interface ChartRun {
  readonly id: string;
  readonly label: string;
  /** Of its experiment, for the names of saved files. */
  readonly seed?: number;
  /** Its place, from 1: which run colour and dash. */
  readonly slot: number;
  readonly series: SeriesStore;
  /** True while steps may still arrive. */
  readonly live: boolean;
  /** How it stands, beside its name: live, paused, done, failed. */
  readonly stands?: string;
  /** Steps the run will have; the axis is as long from the start. */
  readonly totalSteps: number;
  /** The step of its last evaluation, where that is not its last step. */
  readonly lastEvaluation?: number | null;
  /** GRPO with nothing but the task's own reward: what others are compared with. */
  readonly plain?: boolean;
  /** What the verifier does in it, as a clause: it pays, or what its method says (`MethodCharts.watched`). Absent where nothing is said. */
  readonly verifier?: string;
  /** Steps at its start in which the policy is not trained, and why (`MethodCharts.alone`). */
  readonly alone?: MethodCharts['alone'];
  /** Its answers have become almost empty, and are paid for what receivers make of them. */
  readonly emptied?: boolean;
  /** Not drawn, and listed so that it can be. */
  readonly hidden?: boolean;
  /** The step of its newest checkpoint, marked on the axis; null without one. */
  readonly keptAt?: number | null;
  /** Live settings that changed, drawn as ticks on the axis. */
  readonly changes?: readonly { readonly step: number; readonly label: string }[];
  /** What a person wrote at its steps, drawn as flags on the axis. */
  readonly notes?: readonly { readonly step: number; readonly text: string }[];
}

/** A reward term as the experiment weighs it; weight 0 is watched and not paid. */
export interface ChartTerm {
  readonly term: string;
  /** As the setup calls it; without one the term's id is written as words. */
  readonly label?: string;
  readonly weight: number;
}

/** What of a method decides which charts have something to show. */
export interface ChartMethod extends MethodCharts {
  /** Whether reward terms have a part in it. */
  readonly rewarded: boolean;
}

/** What the charts say where they have no lines. @param otherwise said where that is not the reader's own choice */
export function emptyText(
  runs: readonly ChartRun[],
  drawn: readonly ChartRun[],
  otherwise: string,
): string {
  return runs.length > 0 && drawn.length === 0 ? 'All runs are hidden' : otherwise;
}

/** Hue of a run, 1 to 5. Slots beyond the fifth start again at the first. */
export function slotOf(run: Pick<ChartRun, 'slot'>): number {
  return ((run.slot - 1) % 5) + 1;
}

/** Which dash pattern a run has. With five hues and four patterns, twenty runs look different. */
export function dashIndex(run: Pick<ChartRun, 'slot'>): number {
  return (run.slot - 1) % DASHES.length;
}

export const DASHES: readonly (string | undefined)[] = [undefined, '7 4', '2 3', '9 3 2 3'];

export function dashOf(run: Pick<ChartRun, 'slot'>): string | undefined {
  return DASHES[dashIndex(run)];
}
