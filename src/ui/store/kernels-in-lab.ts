/** Which changed kernels the trainer uses, and which it was asked to use. */
import type { ErrorReport } from '../../errors.ts';
import type { ChangedKernel } from '../../lab/changed-kernels.ts';
import type { LabEvent, LabState } from '../../lab/protocol.ts';
import { accepts, isBusy } from '../../lab/state-machine.ts';
import { plural } from '../format.ts';
import { presentRuns, type Runs, withPresentRuns } from './runs.ts';

export interface KernelsInLab {
  /** In the trainer now. */
  readonly used: readonly ChangedKernel[];
  /** Asked for: other than `used` until the step under way has ended. */
  readonly asked: readonly ChangedKernel[];
  /** Why what was asked for last was refused. */
  readonly error: ErrorReport | null;
}

export const ORIGINAL_KERNELS: KernelsInLab = { used: [], asked: [], error: null };

/** A change of kernels stands among a run's changes under this path. */
export const KERNELS_PATH = 'kernels';

/** Whether the trainer still has to take up what was asked for. */
export function isWaiting({ used, asked }: KernelsInLab): boolean {
  return namesOf(used) !== namesOf(asked);
}

function namesOf(kernels: readonly ChangedKernel[]): string {
  return kernels.map(({ file, sha256 }) => `${file} ${sha256}`).join();
}

/** The last part of a template's path, which is how people know it. */
export function shortName(file: string): string {
  return file.slice(file.lastIndexOf('/') + 1).replace(/\.wgsl$/, '');
}

/** What is computed with from here on, in words. */
export function saysOf(kernels: readonly ChangedKernel[]): string {
  if (kernels.length === 0) return 'Original kernels';
  const names = kernels.map(({ file }) => shortName(file)).join(', ');
  return `Changed ${plural(kernels.length, 'kernel').replace(/^1 /, '')} ${names}`;
}

/** The part of the page's data that a change of kernels reads and writes. */
interface WithKernels extends Runs {
  readonly state: LabState;
  readonly kernels: KernelsInLab;
  readonly failure: { readonly report: ErrorReport } | null;
  readonly announcement: string;
}

/** Whether changed kernels are the likely cause of the group's end, and it can go on from its last good step without them. */
export function failedByKernels(data: WithKernels): boolean {
  const kind = data.failure?.report.kind;
  return (
    standsAtGoodStep(data) &&
    data.kernels.used.length > 0 &&
    (kind === 'NonFinite' || kind === 'ShaderError')
  );
}

/** Whether the group ended at a number that is none, computed by the original kernels, and can go on from its last good step. */
export function failedByNumbers(data: WithKernels): boolean {
  return (
    standsAtGoodStep(data) &&
    data.kernels.used.length === 0 &&
    data.failure?.report.kind === 'NonFinite'
  );
}

function standsAtGoodStep(data: WithKernels): boolean {
  return (
    accepts(data.state, 'recover') && presentRuns(data).every(({ manifest }) => manifest !== null)
  );
}

export function reduceKernels<Data extends WithKernels>(
  data: Data,
  { kernels, error }: Extract<LabEvent, { type: 'kernels' }>,
): Data {
  const next = { ...data, kernels: { used: kernels, asked: kernels, error: error ?? null } };
  if (error) return { ...next, announcement: `Problem: ${error.message}.` };
  const says = saysOf(kernels);
  const goes = isBusy(data.state) || data.state === 'paused';
  return withPresentRuns({ ...next, announcement: `${says} in the lab.` }, ({ step, changes }) =>
    goes && step > 0
      ? { changes: [...changes, { step: step + 1, path: KERNELS_PATH, value: says }] }
      : {},
  );
}
