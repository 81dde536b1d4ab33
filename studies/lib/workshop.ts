/** What every part of doing a study needs. */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { LabBuild } from './lab.ts';
import type { Study } from './study.ts';

export interface Workshop {
  readonly study: Study;
  /** The repository. */
  readonly root: string;
  /** `.cache/studies/NAME`. */
  readonly cache: string;
  /** Where raw data go. */
  readonly raw: string;
  readonly lab: LabBuild;
  readonly log: (line: string) => void;
  readonly stop: AbortSignal;
  readonly options: {
    readonly redo: boolean;
    readonly evaluate: boolean;
    readonly jobs: number;
  };
}

/** Ends the study with a sentence; what has been done stays. */
export class StudyError extends Error {
  override readonly name = 'StudyError';
}

export function policyHash(root: string, policy: string): string {
  const path = join(root, 'public/models', policy, 'model.safetensors');
  if (!existsSync(path)) {
    throw new StudyError(`The policy ${policy} is not there (${path}). Nothing was started`);
  }
  return createHash('sha256').update(readFileSync(path)).digest('hex');
}
