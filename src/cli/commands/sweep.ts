/** `sweep`: many runs from one file, several at a time, in a folder that takes them up where they were left. */
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { badConfig } from '../../errors.ts';
import {
  cellResults,
  defaultMetric,
  type Finished,
  lastOf,
  runsCsv,
} from '../../lab/sweep/results.ts';
import { type Plan, planSweep, type SweepRun } from '../../lab/sweep/sweep.ts';
import { defineCommand, type LabIo } from '../command.ts';
import { makeFolder, readJson, writeWhole } from '../files.ts';
import { callLab, complaint } from '../lab-child.ts';
import { badOption, flag, number, optional, required } from '../options.ts';
import { RunFolder } from '../run-folder.ts';

/** Impossible combinations that are named one by one. */
const MOST_NAMED = 5;

/** Where a run of a sweep stands: its folder, and beside it its experiment, its log, and its answer once it is done. */
function placeOf(out: string, id: string) {
  const folder = join(out, 'runs', id);
  return {
    folder,
    experiment: `${folder}.experiment.json`,
    log: `${folder}.log`,
    answer: `${folder}.answer.json`,
  };
}

/** The run as it stands in its folder, if it is done. */
function finishedRun(out: string, { id }: SweepRun): Finished | undefined {
  const { folder, answer } = placeOf(out, id);
  if (!existsSync(answer)) return undefined;
  const { hash } = readJson('out', answer) as { hash: string };
  return { id, hash, metrics: new RunFolder(folder).metrics() };
}

/** The runs of shard K of N: every N-th, from the K-th on, so that each shard has some of every seed. */
function shardOf(runs: readonly SweepRun[], text: string | undefined): readonly SweepRun[] {
  if (text === undefined) return runs;
  const [, own, all] = /^([1-9]\d{0,3})\/([1-9]\d{0,3})$/.exec(text) ?? [];
  if (own === undefined || Number(own) > Number(all)) {
    throw badOption('shard', `is ${JSON.stringify(text.slice(0, 20))}; a shard is like 2/3`);
  }
  return runs.filter((_, i) => i % Number(all) === Number(own) - 1);
}

function refuseImpossible({ impossible }: Plan, skip: boolean, io: LabIo): void {
  if (impossible.length === 0) return;
  const named = impossible
    .slice(0, MOST_NAMED)
    .map(({ cell, why }) => `${JSON.stringify(cell)}: ${why}`);
  const more = impossible.length - named.length;
  const text = `${named.join('; ')}${more > 0 ? `; and ${more} more` : ''}`;
  if (skip) io.log(`left out, since they are no experiments: ${text}`);
  else {
    throw badConfig(
      'grid',
      `${impossible.length} combinations are no experiments: ${text}`,
      'Nothing was started. Mend the grid, or leave them out with --skip-impossible.',
    );
  }
}

/** Does one run to its end. @returns why it failed; null where it is done or was stopped */
async function doRun(
  out: string,
  { id, experiment }: SweepRun,
  io: LabIo,
  env: Readonly<Record<string, string>>,
): Promise<string | null> {
  const place = placeOf(out, id);
  writeWhole('out', place.experiment, `${JSON.stringify(experiment, null, 2)}\n`);
  const begun = (await new RunFolder(place.folder).savedStep()) !== null;
  const answer = await callLab({
    main: io.main,
    root: io.root,
    args: [
      ...['train', '--experiment', place.experiment, '--out', place.folder],
      ...(begun ? ['--resume'] : []),
    ],
    logFile: place.log,
    onLine: (line) => {
      if (line.includes('warning')) io.log(`${id}: ${line.replace(/^lab: /, '')}`);
    },
    stop: io.interrupted,
    env,
  });
  if (answer.status === 130 && io.interrupted.aborted) return null;
  if (answer.status !== 0) return complaint(answer);
  writeWhole('out', place.answer, `${JSON.stringify(answer.result)}\n`);
  return null;
}

interface Failure {
  readonly run: string;
  readonly seed: number;
  readonly error: string;
}

/** Does what is missing, so many at a time. One that fails does not keep the others from being done. */
async function doRuns(
  out: string,
  plan: Plan,
  todo: readonly SweepRun[],
  jobs: number,
  io: LabIo,
): Promise<Failure[]> {
  const queue = [...todo];
  const failures: Failure[] = [];
  // Several software adapters at once do more with a core each, and give the same bits.
  const env: Record<string, string> =
    jobs > 1 && process.env.LP_NUM_THREADS === undefined ? { LP_NUM_THREADS: '1' } : {};
  const from = io.clock();
  let done = 0;
  const worker = async () => {
    for (;;) {
      const run = io.interrupted.aborted ? undefined : queue.shift();
      if (!run) return;
      const error = await doRun(out, run, io, env);
      if (error !== null) failures.push({ run: run.id, seed: run.seed, error });
      if (io.interrupted.aborted) return;
      done += 1;
      const left = ((io.clock() - from) / done) * (todo.length - done);
      io.log(
        `${error === null ? 'done' : `failed, ${error}`}: ${JSON.stringify(plan.cells[run.cell])}, seed ${run.seed}; ${done} of ${todo.length}, about ${Math.ceil(left / 60_000)} min left`,
      );
    }
  };
  await Promise.all(Array.from({ length: jobs }, worker));
  return failures;
}

export const sweep = defineCommand({
  summary: 'Trains every combination of some settings, with every seed, as a file says.',
  details: [
    'The file: {"version":1, "preset":ID or "experiment":{..}, "grid":{"method.learning_rate":[1e-4,4e-4], "method.beta":{"from":0.001,"to":0.1,',
    '"count":3,"scale":"log"}}, "seeds":[1,2,3]}. Writes sweep.json, runs/ (a folder of `train` a run), runs.csv and results.json. Called again, it does',
    'what is missing: runs are known by their experiments, so the file may have grown. Shards may share a folder, or be copied into one.',
    'Exit status 1 where runs failed, 130 where it was interrupted.',
  ],
  options: {
    sweep: required('F.json', 'The sweep.'),
    out: required('DIR', 'The folder of the sweep.'),
    jobs: number('Runs at a time.', 1, { min: 1, max: 64 }),
    shard: optional('K/N', 'Does every N-th run only, from the K-th on.'),
    metric: optional(
      'NAME',
      'What results.json compares. Default: eval/accuracy where it is measured, otherwise reward.',
    ),
    'skip-impossible': flag(
      'Leaves out combinations that are no experiments, instead of refusing.',
    ),
    plan: flag('Says what would be done, and does nothing.'),
  },
  argument: 'sweep',
  run: async (values, io) => {
    const json = readJson('sweep', resolve(io.cwd, values.sweep));
    const plan = await planSweep(json);
    refuseImpossible(plan, values['skip-impossible'], io);
    const out = resolve(io.cwd, values.out);
    const own = shardOf(plan.runs, values.shard);
    const isDone = (run: SweepRun) => existsSync(placeOf(out, run.id).answer);
    const todo = own.filter((run) => !isDone(run));
    const steps = todo.reduce((sum, { experiment }) => sum + experiment.steps, 0);
    io.log(
      `${plan.cells.length} combinations, ${plan.runs.length} runs; to do here: ${todo.length} runs, ${steps} steps`,
    );
    const counts = { out, cells: plan.cells.length, runs: plan.runs.length };
    if (values.plan) {
      return {
        result: {
          ...counts,
          todo: todo.map(({ id, cell, seed }) => ({ id, ...{ seed }, cell: plan.cells[cell] })),
        },
      };
    }
    makeFolder('out', join(out, 'runs'));
    writeWhole('out', join(out, 'sweep.json'), `${JSON.stringify(json, null, 2)}\n`);
    const failed = await doRuns(out, plan, todo, values.jobs, io);

    const finished = plan.runs.flatMap((run) => finishedRun(out, run) ?? []);
    const metric = values.metric ?? defaultMetric(finished);
    if (
      finished.length > 0 &&
      !finished.some(({ metrics }) => lastOf(metrics, metric) !== undefined)
    ) {
      io.log(`warning: no run has the number ${metric}, so there is nothing to compare`);
    }
    const results = { metric, cells: cellResults(plan, finished, metric) };
    writeWhole('out', join(out, 'runs.csv'), runsCsv(plan, finished));
    writeWhole('out', join(out, 'results.json'), `${JSON.stringify(results, null, 2)}\n`);
    const status = failed.length > 0 ? 1 : io.interrupted.aborted ? 130 : 0;
    return {
      result: { ...counts, done: finished.length, failed, ...results },
      ...(status !== 0 && { status }),
    };
  },
});
