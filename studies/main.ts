/**
 * `npm run study -- NAME`: does what is missing of a study's runs and writes its report. Started by scripts/study.mjs, which
 * builds this file and the lab and passes on where they are.
 */
import { join, relative } from 'node:path';
import { parseArgs } from 'node:util';
import { STUDIES } from './index.ts';
import { pinnedLab } from './lib/lab.ts';
import { listed } from './lib/list.ts';
import { type Choice, chosenParts } from './lib/plan.ts';
import { partFolder } from './lib/raw.ts';
import { check } from './lib/runner.ts';
import { doPart, planned } from './lib/stages.ts';
import type { Study, StudyPart } from './lib/study.ts';
import { StudyError } from './lib/study-error.ts';
import type { Workshop } from './lib/workshop.ts';
import { writeReport } from './lib/write-report.ts';

const HELP = `npm run study -- NAME [options]

Studies: ${STUDIES.map(({ name }) => name).join(', ')}. Does the runs that are missing, one child process each, goes on with those that were
ended, and writes docs/results/NAME.md with its figures and raw data. Ctrl-C ends it after a step; the same command goes on.

  --part a,b      these parts; otherwise all but those of the past
  --seeds 1,2,3   these seeds instead of the part's own; arms with seeds of their own take those of them that they have
  --arms a,b      only these arms
  --steps N       instead of the part's own; runs that have fewer are gone on with
  --jobs N        runs at a time (1)
  --no-eval       asks for no evaluation after training that has not been done yet
  --report-only   only the report, from the raw data that are there
  --redo          throws away runs that do not fit what is asked for, and does them again
  --repin         takes the sources as they are now for a part's build; otherwise it keeps the one that it began with
  --list          what would be run, and how long it may take
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

function report(study: Study): void {
  writeReport(study, resultsFolder(study), join(root, 'README.md'));
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

/** Where a part is done, and with which build: the one that the part began with. */
function workshop(
  study: Study,
  part: StudyPart,
  rest: Pick<Workshop, 'stop' | 'options'> & { readonly repin: boolean },
): Workshop {
  const { stop, options, repin } = rest;
  const cache = join(root, '.cache/studies', study.name, part.id);
  const current = { path: process.env.BATON_LAB ?? '', build: process.env.BATON_LAB_BUILD ?? '' };
  const lab = pinnedLab(cache, current, repin);
  if (lab.build !== current.build) {
    log(`${part.id} keeps to build ${lab.build}, with which it began; now it is ${current.build}`);
  }
  return {
    ...{ part, root, cache, lab, stop, options },
    raw: partFolder(join(resultsFolder(study), study.name), part),
    log: (line) => log(`${part.id}: ${line}`),
    report: () => report(study),
  };
}

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      part: { type: 'string' },
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
  const choice: Choice = {
    ...(values.seeds !== undefined && { seeds: numbers('seeds', values.seeds) }),
    ...(values.arms !== undefined && { arms: values.arms.split(',') }),
    ...(values.steps !== undefined && { steps: numbers('steps', values.steps)[0] }),
  };
  const parts = chosenParts(study, values.part?.split(','), choice.arms);
  const results = resultsFolder(study);
  const page = relative(root, join(results, `${study.name}.md`));
  if (values.list) {
    for (const part of parts) {
      const { runs, words } = listed(part, partFolder(join(results, study.name), part), choice);
      process.stdout.write(runs);
      log(words);
    }
    return 0;
  }
  if (values['report-only']) {
    report(study);
    log(`wrote ${page}`);
    return 0;
  }
  const options = {
    redo: values.redo,
    evaluate: !values['no-eval'],
    jobs: Math.max(1, numbers('jobs', values.jobs)[0]),
  };
  const rest = { stop: stopSignal(), options, repin: values.repin };
  const shops = parts.map((part) => ({ part, shop: workshop(study, part, rest) }));
  // All of them before the first is begun.
  for (const { part, shop } of shops) check(shop, planned(part, shop.raw, choice));
  const failed: string[] = [];
  for (const { part, shop } of shops) {
    try {
      if (!(await doPart(part, shop, choice))) {
        log('ended before all runs were done; the same command goes on');
        return 130;
      }
    } catch (error) {
      // What failed in one part does not keep the others from being done.
      if (!(error instanceof StudyError)) throw error;
      shop.log(error.message);
      failed.push(part.id);
    }
  }
  report(study);
  if (failed.length > 0) throw new StudyError(`runs failed in ${failed.join(', ')}`);
  log(`all runs are done; the report is ${page}`);
  return 0;
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
