/**
 * `window.baton`: the lab for scripts, teachers and tests. It gives the same commands as the buttons, and nothing that the page
 * could not do.
 *
 * ```js
 * await baton.run({ seed: 7, steps: 20 });   // settings left out take their defaults
 * baton.metrics().at(-1).reward
 * baton.hash()                               // equal for equal runs on one adapter and build
 * ```
 */
import { BatonError, badConfig } from '../errors.ts';
import type { LabState } from '../lab/protocol.ts';
import { isBusy } from '../lab/state-machine.ts';
import { type Experiment, parseExperiment } from '../rl/experiment/schema.ts';
import type { Manifest, MetricsRow } from '../rl/records.ts';
import type { Lab } from './lab.ts';
import { type Plan, planOf, planOfDraft } from './plan.ts';
import { nearestPreset } from './presets.ts';
import { shownExperiment } from './store/lab-data.ts';
import { lead, presentRuns } from './store/runs.ts';

/** A run of the page, copied. */
export interface RunApi {
  readonly id: string;
  /** The runs that it goes or went beside have the same. */
  readonly group: string;
  /** What the page calls it. */
  readonly label: string;
  /** It belongs to the group that the page shows; others are over and kept for comparison. */
  readonly present: boolean;
  readonly experiment: Experiment;
  readonly metrics: MetricsRow[];
  readonly hash: string;
  readonly manifest: Manifest | null;
}

/** The second of two runs side by side; `run`, `pause`, `step` and `state` are of both. */
export interface SecondRunApi extends Pick<RunApi, 'experiment' | 'metrics' | 'hash' | 'manifest'> {
  /** What the page calls the first and the second run. */
  readonly labels: readonly [string, string];
}

export interface BatonApi {
  /** Package version and build; empty until the trainer has answered. */
  readonly version: string;
  /** The adapter's name, or null before it is known and where there is none. */
  readonly adapter: string | null;
  readonly state: LabState;
  /** What runs, live changes included; before a run, what would run. */
  readonly experiment: Experiment;
  /**
   * Starts a fresh run of the given experiment; without one, goes on with a paused run or starts what the panel shows.
   * Resolves with `finished` or `failed` when the run has come to that, with `idle` where it was reset, and with `paused` where a
   * receiver has failed, or no GPU came in place of a lost one, and the run can be gone on with; a pause that was asked for does not resolve it. Rejects with a BatonError of kind `BadConfig` where the experiment is not allowed; then nothing changed.
   */
  run(experiment?: unknown): Promise<LabState>;
  /**
   * Starts fresh runs side by side, one of each experiment; they take turns step by step and have one state. Resolves as `run`
   * does. Rejects with a BatonError of kind `BadConfig` where there are none, or more than 16 (field `runs`), or where one is not
   * allowed (field `runs.PLACE.SETTING`, places from 0); then nothing changed.
   */
  runGroup(experiments: readonly unknown[]): Promise<LabState>;
  /** Every run of the page: those that it shows, in their order, after earlier ones that are kept for comparison. */
  runs(): RunApi[];
  /** Halts at the end of the step under way and resolves when it has halted. */
  pause(): Promise<LabState>;
  /** Does exactly one step and resolves with its metrics row; starts a run where there is none. */
  step(): Promise<MetricsRow>;
  /** Every metrics row of the run so far, copied. */
  metrics(): MetricsRow[];
  /** Hash of all metrics rows so far, hex; empty before the first step. */
  hash(): string;
  /** The second run where two go side by side; else null. */
  against(): SecondRunApi | null;
  /** Adapter, build, kernel variants, plan and hashes of the run, as `lab train` writes manifest.json; null before it is prepared. */
  manifest(): Manifest | null;
  /** The changed kernels that the trainer uses now; empty where all are the build's own. */
  changedKernels(): readonly UsedKernel[];
}

/** A kernel with a text of the reader's, in the trainer. */
export interface UsedKernel {
  /** The template, by its path below src/kernels. */
  readonly file: string;
  /** Ids of the kernels that are made of it, as the Kernels page lists them. */
  readonly kernels: readonly string[];
  readonly text: string;
  /** SHA-256 of the text, hex, as the manifest names it. */
  readonly sha256: string;
}

const ENDS: ReadonlySet<LabState> = new Set(['finished', 'failed', 'idle']);

export function createBaton(lab: Lab): BatonApi {
  const startAnew = (plan: Plan): void => {
    const [{ experiment }] = plan.runs;
    lab.reset();
    lab.setDraft(experiment, plan.preset);
    lab.start(plan);
  };
  const ended = async (): Promise<LabState> => {
    const { state } = await lab.until(
      ({ state, failure }) => ENDS.has(state) || (state === 'paused' && failure !== null),
    );
    return state;
  };
  /** Waits until nothing is under way; a failure becomes a rejection. */
  const halted = async (): Promise<LabState> => {
    const { state, failure } = await lab.until((data) => !isBusy(data.state));
    if (failure) throw new BatonError(failure.report);
    return state;
  };
  return {
    get version() {
      return lab.data.version;
    },
    get adapter() {
      return lab.data.adapter?.name ?? null;
    },
    get state() {
      return lab.data.state;
    },
    get experiment() {
      return frozen(shownExperiment(lab.data));
    },
    async run(experiment) {
      if (experiment !== undefined) {
        const parsed = parseExperiment(copied(experiment, 'experiment'));
        if (!parsed.ok) {
          const [first] = parsed.problems;
          throw new BatonError({
            kind: 'BadConfig',
            field: first.field,
            message: parsed.problems.map(({ message }) => message).join('; '),
            remedy: 'Nothing was changed. Correct it and run again.',
          });
        }
        startAnew(planOfDraft(parsed.experiment, nearestPreset(parsed.experiment)));
      } else if (!isBusy(lab.data.state)) lab.run();
      return ended();
    },
    async runGroup(experiments) {
      const given = copied(experiments, 'runs');
      if (!Array.isArray(given)) throw notRead('runs', 'they are no list');
      startAnew(planOf(given));
      return ended();
    },
    runs: () =>
      lab.data.groups.flatMap(({ id, runs }) =>
        runs.flatMap((run) => {
          const known = lab.data.runs.get(run);
          if (!known) return [];
          const { label, experiment, record, hash, manifest } = known;
          const about = { id: run, group: id, label, present: id === lab.data.present };
          return structuredClone({ ...about, experiment, metrics: record.rows, hash, manifest });
        }),
      ),
    async pause() {
      lab.pause();
      return halted();
    },
    async step() {
      // A run under way is halted first, so that the row is of a step that was asked for.
      if (isBusy(lab.data.state)) {
        lab.pause();
        await halted();
      }
      lab.step();
      await halted();
      const row = lab.rows.at(-1);
      if (!row) throw cancelled();
      return frozen(row);
    },
    metrics: () => lab.rows.map((row) => ({ ...row })),
    hash: () => lead(lab.data)?.hash ?? '',
    against() {
      const [first, second, ...more] = presentRuns(lab.data);
      if (!second || more.length > 0) return null;
      const { experiment, record, hash, manifest } = second;
      const labels = [first.label, second.label] as const;
      return frozen({ labels, experiment, metrics: record.rows, hash, manifest });
    },
    manifest: () => frozen(lead(lab.data)?.manifest ?? null),
    changedKernels: () =>
      lab.data.kernels.used.map(({ file, kernels, text, sha256 }) => ({
        ...{ file, kernels: [...kernels], text, sha256 },
      })),
  };
}

/** A copy that a caller cannot change: what it is told is of this moment, and is no way in. */
function frozen<T>(value: T): T {
  const copy = structuredClone(value);
  const freeze = (part: unknown): void => {
    if (typeof part !== 'object' || part === null) return;
    Object.values(part).forEach(freeze);
    Object.freeze(part);
  };
  freeze(copy);
  return copy;
}

/** Plain data of a caller's, read once: getters may throw, or answer otherwise the second time. @throws BatonError BadConfig */
function copied(value: unknown, field: 'experiment' | 'runs'): unknown {
  try {
    return structuredClone(value);
  } catch (error) {
    const known = error instanceof Error && error.message !== '';
    throw notRead(field, known ? error.message.slice(0, 160) : 'this is no plain data');
  }
}

function notRead(field: 'experiment' | 'runs', why: string): BatonError {
  return badConfig(
    field,
    `The ${field} cannot be read: ${why}`,
    'Nothing was changed. Give plain data, as JSON has it.',
  );
}

function cancelled(): BatonError {
  return new BatonError({
    kind: 'Cancelled',
    message: 'The run was reset before it ended',
    remedy: 'Start it again.',
  });
}

declare global {
  interface Window {
    baton?: BatonApi;
  }
}
