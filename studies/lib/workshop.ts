/** What doing a part of a study needs. */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Part } from './design.ts';
import type { LabBuild } from './lab.ts';
import type { PlannedRun } from './plan.ts';
import { StudyError } from './study-error.ts';

export interface Workshop {
  readonly part: Part;
  /** The repository. */
  readonly root: string;
  /** `.cache/studies/NAME/PART`. */
  readonly cache: string;
  /** Where the part's raw data go. */
  readonly raw: string;
  readonly lab: LabBuild;
  readonly log: (line: string) => void;
  readonly stop: AbortSignal;
  /** Makes the report anew; told after every run, so that report and raw data always agree. */
  readonly report: () => void;
  readonly options: {
    readonly redo: boolean;
    /** False: evaluations that are there are used, and none is begun. */
    readonly evaluate: boolean;
    readonly jobs: number;
  };
}

/** The models that an experiment or an evaluation names as receivers. */
const idsOf = (list: string) => list.split(' ').map((part) => part.split('*')[0]);

/**
 * Looks for every model that the runs will need, so that none is missed after hours.
 * @throws StudyError naming those that are not there
 */
export function requireModels(root: string, part: Part, runs: readonly PlannedRun[]): void {
  const wanted = new Set(part.evaluation?.receivers ?? []);
  for (const { experiment } of runs) {
    if (experiment.policy) wanted.add(experiment.policy);
    for (const id of idsOf(experiment.evaluation?.receivers ?? '')) wanted.add(id);
    for (const reward of experiment.rewards ?? []) {
      if ('receivers' in reward) for (const id of idsOf(reward.receivers ?? '')) wanted.add(id);
    }
  }
  const missing = [...wanted]
    .filter((id) => id !== '' && id !== 'policy')
    .filter((id) => !existsSync(join(root, 'public/models', id, 'model.safetensors')));
  if (missing.length > 0) {
    throw new StudyError(
      `These models are needed and not in public/models: ${missing.join(', ')}. Nothing was started`,
    );
  }
}

export function policyHash(root: string, policy: string): string {
  const path = join(root, 'public/models', policy, 'model.safetensors');
  if (!existsSync(path)) {
    throw new StudyError(`The policy ${policy} is not there (${path}). Nothing was started`);
  }
  return createHash('sha256').update(readFileSync(path)).digest('hex');
}
