/** The one build of the lab that a study keeps for all its runs. */
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';

/** A built lab. */
export interface LabBuild {
  /** main.mjs. */
  readonly path: string;
  /** Its version, such as `0.1.0+3fa1b2c4d5e6`. */
  readonly build: string;
}

/**
 * The build that a study keeps beside its runs, so that sources that change meanwhile do not mix two builds in one table. Taken
 * from `current` where no run was begun yet, or where `renew` asks for it.
 */
export function pinnedLab(folder: string, current: LabBuild, renew: boolean): LabBuild {
  const path = join(folder, 'lab', 'main.mjs');
  const note = join(folder, 'lab', 'build.txt');
  const begun = existsSync(folder) && readdirSync(folder).some((f) => f.endsWith('.begun.json'));
  if (renew || !begun || !existsSync(note)) {
    mkdirSync(join(folder, 'lab'), { recursive: true });
    copyFileSync(current.path, path);
    writeFileSync(note, current.build);
  }
  return { path, build: readFileSync(note, 'utf8') };
}
