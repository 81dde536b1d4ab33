/**
 * `npm run study -- NAME`: does what is missing of a study's runs and writes its report. Started by scripts/study.mjs, which
 * builds this file and the lab and passes on where they are.
 */
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { parseArgs } from 'node:util';
import { STUDIES } from './index.ts';
import { buildReport } from './lib/build-report.ts';
import { pinnedLab } from './lib/lab.ts';
import { plan } from './lib/plan.ts';
import { readRaw } from './lib/raw.ts';
import { doRuns } from './lib/runner.ts';
import type { Study } from './lib/study.ts';
import { StudyError } from './lib/study-error.ts';
import type { Workshop } from './lib/workshop.ts';

const HELP = `npm run study -- NAME [options]

Studies: ${STUDIES.map(({ name }) => name).join(', ')}. Does the runs that are missing, one child process each, goes on with those that were
ended, and writes docs/results/NAME.md with its figures and raw data. Ctrl-C ends it after a step; the same command goes on.

  --seeds 1,2,3   these seeds instead of the study's own
  --arms a,b      only these arms
  --steps N       instead of the study's own; runs that have fewer are gone on with
  --jobs N        runs at a time (1)
  --no-eval       asks for no evaluation after training that has not been done yet
  --report-only   only the report, from the raw data that are there
  --redo          throws away runs that do not fit what is asked for, and does them again
  --repin         takes the sources as they are now for the study's build; otherwise it keeps the one that it began with
  --list          what would be run
`;

const root = process.env.BATON_ROOT ?? process.cwd();
const log = (line: string) => process.stderr.write(`study: ${line}\n`);

function numbers(option: string, given: string): number[] {
  const all = given.split(',').map(Number);
  if (all.some((n) => !Number.isInteger(n) || n < 0)) {
    throw new StudyError(`--${option} ${given}: whole numbers with commas between are allowed`);
  }
  return all;
}

/** The folder of the reports and of their raw data. */
function resultsFolder({ name, trial }: Study): string {
  return trial ? join(root, '.cache/studies', name, 'results') : join(root, 'docs/results');
}

/** Writes the report's files, and deletes figures that it no longer has. */
function writeReport(study: Study): void {
  const results = resultsFolder(study);
  const raw = readRaw(join(results, study.name, 'raw'));
  if (raw.runs.length === 0) {
    throw new StudyError(`${study.name} has no raw data yet, and so no report`);
  }
  const files = buildReport(study, raw);
  const folder = join(results, study.name);
  mkdirSync(folder, { recursive: true });
  for (const old of readdirSync(folder)) {
    if (old.endsWith('.svg') && !files.has(`${study.name}/${old}`)) rmSync(join(folder, old));
  }
  for (const [path, content] of files) {
    mkdirSync(dirname(join(results, path)), { recursive: true });
    writeFileSync(join(results, path), content);
  }
}

/** Stops the study once on Ctrl-C, or when npm, which keeps signals to itself, is gone. */
function stopSignal(): AbortSignal {
  const stop = new AbortController();
  const end = (why: string) => {
    if (stop.signal.aborted) process.exit(130);
    log(`${why}: ending after the steps at work; once more to stop waiting`);
    stop.abort();
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => end(signal));
  const parent = process.ppid;
  setInterval(() => {
    if (process.ppid !== parent && !stop.signal.aborted) end('npm was ended');
  }, 1000).unref();
  return stop.signal;
}

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      seeds: { type: 'string' },
      arms: { type: 'string' },
      steps: { type: 'string' },
      jobs: { type: 'string', default: '1' },
      'no-eval': { type: 'boolean', default: false },
      'report-only': { type: 'boolean', default: false },
      redo: { type: 'boolean', default: false },
      repin: { type: 'boolean', default: false },
      list: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  const study = STUDIES.find(({ name }) => name === positionals[0]);
  if (values.help || !study || positionals.length > 1) {
    process.stderr.write(HELP);
    return values.help ? 0 : 2;
  }
  const runs = plan(study, {
    ...(values.seeds !== undefined && { seeds: numbers('seeds', values.seeds) }),
    ...(values.arms !== undefined && { arms: values.arms.split(',') }),
    ...(values.steps !== undefined && { steps: numbers('steps', values.steps)[0] }),
  });
  if (values.list) {
    for (const run of runs) process.stdout.write(`${run.id} ${JSON.stringify(run.experiment)}\n`);
    return 0;
  }
  if (values['report-only']) {
    writeReport(study);
    log(`wrote ${relative(root, join(resultsFolder(study), `${study.name}.md`))}`);
    return 0;
  }
  const cache = join(root, '.cache/studies', study.name);
  const current = { path: process.env.BATON_LAB ?? '', build: process.env.BATON_LAB_BUILD ?? '' };
  const lab = pinnedLab(cache, current, values.repin);
  if (lab.build !== current.build) {
    log(`keeps to build ${lab.build}, with which it began; the sources are now ${current.build}`);
  }
  const shop: Workshop = {
    study,
    root,
    cache,
    raw: join(resultsFolder(study), study.name, 'raw'),
    lab,
    log,
    stop: stopSignal(),
    report: () => writeReport(study),
    options: {
      redo: values.redo,
      evaluate: !values['no-eval'],
      jobs: Math.max(1, numbers('jobs', values.jobs)[0]),
    },
  };
  const done = await doRuns(shop, runs, study.probe);
  if (done) shop.report();
  const page = relative(root, join(resultsFolder(study), `${study.name}.md`));
  log(
    done
      ? `all runs are done; the report is ${page}`
      : 'ended before all runs were done; the same command goes on',
  );
  return done ? 0 : 130;
}

try {
  process.exitCode = await main();
} catch (error) {
  const known =
    error instanceof StudyError ||
    (error instanceof Error && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS'));
  log(known ? (error as Error).message : String((error as Error).stack));
  process.exitCode = 1;
}
