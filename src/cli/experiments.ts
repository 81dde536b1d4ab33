/** Experiments from files and from the command line. */
import { resolve } from 'node:path';
import { BatonError } from '../errors.ts';
import { type Experiment, parseExperiment } from '../rl/experiment/schema.ts';
import type { LabIo } from './command.ts';
import { readJson } from './files.ts';

/**
 * A checked experiment.
 * @throws BatonError BadConfig whose field is the first problem's, and whose message names all of them.
 */
export function checkExperiment(json: unknown): Experiment {
  const parsed = parseExperiment(json);
  if (parsed.ok) return parsed.experiment;
  throw new BatonError({
    kind: 'BadConfig',
    field: parsed.problems[0]?.field ?? 'experiment',
    message: parsed.problems.map((problem) => problem.message).join('; '),
    remedy: 'Nothing was started. Settings, ranges and defaults are in docs/settings.md.',
  });
}

/** The experiment of the file that `--experiment` names. @throws BatonError BadFile, BadConfig */
export function readExperiment(path: string, io: LabIo): Experiment {
  return checkExperiment(readJson('experiment', resolve(io.cwd, path)));
}
