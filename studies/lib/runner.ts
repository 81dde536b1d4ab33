/** Does the runs of a part: each a `lab train` in a folder of its own, skipped, gone on with or begun as its folder says. */
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Answer, callLab, complaint } from '../../src/cli/lab-child.ts';
import { canonicalJson } from '../../src/rl/experiment/canonical.ts';
import type { Manifest } from '../../src/rl/records.ts';
import { collectRun } from './collect.ts';
import { type Begun, type Decision, decide, type RunState } from './decide.ts';
import { evaluateModel, evaluateStart, isJudge } from './evaluate.ts';
import { askedMark, type PlannedRun } from './plan.ts';
import { probePath, type RawStart, readRun, writeProbe, writeRun, writeStart } from './raw.ts';
import type { Probe } from './study.ts';
import { Stopped, StudyError } from './study-error.ts';
import { policyHash, requireModels, type Workshop } from './workshop.ts';

/** The experiments' own, where a part says nothing. */
export const STEPS_BY_DEFAULT = 150;

const files = (cache: string, id: string) => ({
  folder: join(cache, id),
  begun: join(cache, `${id}.begun.json`),
  answer: join(cache, `${id}.answer.json`),
  experiment: join(cache, `${id}.experiment.json`),
  log: join(cache, `${id}.log`),
});

function readJson<T>(path: string): T | undefined {
  return existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as T) : undefined;
}

function asked({ lab, root }: Workshop, { experiment }: PlannedRun): Begun & { steps: number } {
  const { steps = STEPS_BY_DEFAULT, ...rest } = experiment;
  const policy = experiment.policy ?? 'policies/countdown-nano';
  return {
    experiment: canonicalJson(rest),
    build: lab.build,
    policy_hash: policyHash(root, policy),
    steps,
  };
}

function stateOf({ cache, raw }: Workshop, { id, experiment }: PlannedRun): RunState {
  const place = files(cache, id);
  const kept = readRun(raw, id);
  const begun = readJson<Begun>(place.begun);
  const answer = readJson<{ finished: boolean; step: number }>(place.answer);
  return {
    ...(begun && { begun }),
    checkpoint: existsSync(join(place.folder, 'checkpoint', 'state.json')),
    ...(answer?.finished && { finished: answer.step }),
    ...(kept?.asked === askedMark(experiment) && { kept }),
  };
}

/**
 * Looks at everything that can keep the runs from being begun, so that none is missed after hours.
 * @throws StudyError where a model is missing, or a run would have to be thrown away
 */
export function check(shop: Workshop, runs: readonly PlannedRun[]): void {
  requireModels(shop.root, shop.part, runs);
  decisions(shop, runs);
}

/** What will be done about every run. @throws StudyError where a run would have to be thrown away, unless that is allowed */
function decisions(shop: Workshop, runs: readonly PlannedRun[]): Map<string, Decision> {
  const all = new Map(runs.map((run) => [run.id, decide(asked(shop, run), stateOf(shop, run))]));
  const stale = [...all].flatMap(([id, d]) => (d.do === 'redo' ? [`${id}: ${d.because}`] : []));
  if (stale.length > 0 && !shop.options.redo) {
    throw new StudyError(
      [
        'Some runs are there already and do not fit what is asked for:',
        ...stale.map((line) => `  ${line}`),
        'Nothing was started. --redo throws these runs away and does them again; --arms and --seeds choose others',
      ].join('\n'),
    );
  }
  return all;
}

/** Trains one run to its end. @throws Stopped, StudyError */
async function train(shop: Workshop, run: PlannedRun, decision: Decision): Promise<void> {
  const { cache, lab, root, log, stop } = shop;
  const place = files(cache, run.id);
  const wanted = asked(shop, run);
  if (decision.do !== 'resume') {
    rmSync(place.folder, { recursive: true, force: true });
    rmSync(place.log, { force: true });
  }
  rmSync(place.answer, { force: true });
  writeFileSync(place.experiment, `${JSON.stringify(run.experiment, null, 2)}\n`);
  writeFileSync(place.begun, `${JSON.stringify(wanted)}\n`);
  const args = ['train', '--experiment', place.experiment, '--out', place.folder];
  if (decision.do === 'resume') args.push('--resume');
  log(`${run.id}: ${decision.do === 'resume' ? 'going on' : 'training'}`);
  const show = shownLines(run.id, wanted.steps, log);
  const call = { main: lab.path, root, args, logFile: place.log, onLine: show, stop };
  const answer: Answer = await callLab(call);
  if (answer.status === 130) throw new Stopped();
  if (answer.status !== 0) throw new StudyError(`${run.id}: ${complaint(answer)}`);
  writeFileSync(place.answer, `${JSON.stringify(answer.result)}\n`);
}

/** Warnings, and a step line ten times a run. */
function shownLines(id: string, steps: number, log: (line: string) => void) {
  const every = Math.max(1, Math.round(steps / 10));
  return (line: string) => {
    const step = /^lab: step (\d+) of/.exec(line)?.[1];
    const due = step !== undefined && Number(step) % every === 0;
    if (due || line.includes('warning')) log(`${id}: ${line.replace(/^lab: /, '')}`);
  };
}

/** Evaluates a trained model where the part asks for it, and writes the run's raw file. */
async function finish(
  shop: Workshop,
  run: PlannedRun,
  starts: Map<string, Promise<RawStart>>,
): Promise<void> {
  const { part, cache, raw } = shop;
  const place = files(cache, run.id);
  const { experiment } = JSON.parse(
    readFileSync(join(place.folder, 'manifest.json'), 'utf8'),
  ) as Manifest;
  const { evaluation } = part;
  const answer = readJson<{ hash: string; model_hash: string }>(place.answer);
  if (!answer) throw new StudyError(`${run.id} has no answer of its training`);
  const due = evaluation && (evaluation.arms?.includes(run.arm.id) ?? true);
  const evaluations = due
    ? await evaluateModel(shop, {
        id: run.id,
        model: join(place.folder, 'model'),
        hash: answer.model_hash,
        experiment,
        plays: isJudge(experiment),
        cached: place.folder,
      })
    : [];
  writeRun(
    raw,
    run.id,
    collectRun({
      arm: run.arm.id,
      seed: run.seed,
      asked: askedMark(run.experiment),
      folder: place.folder,
      answer,
      evaluations,
      metrics: part.metrics,
    }),
  );
  if (due) {
    const { policy } = experiment as { readonly policy: string };
    const known = starts.get(policy);
    const start = known ?? evaluateStart(shop, experiment);
    starts.set(policy, start);
    const evaluated = await start;
    if (!known && evaluated.evaluations.length > 0) writeStart(raw, evaluated);
  }
}

/** Asks what the part asks of its starting policy, where there is no answer yet. */
async function ask({ name, measure }: Probe, shop: Workshop): Promise<void> {
  if (existsSync(probePath(shop.raw, name)) && !shop.options.redo) return;
  shop.log(`probe ${name}`);
  writeProbe(shop.raw, name, await measure(shop));
}

/** What one run came to. */
interface Ended {
  readonly id: string;
  /** Why it failed; absent where it is done. */
  readonly failure?: string;
}

/**
 * Does what is missing of the runs, `jobs` at a time, in order. One that fails does not keep the others from being done.
 * @param probe what is asked of the starting policy first
 * @returns whether all are done, and not stopped before
 * @throws StudyError at the end where runs failed, or at once where nothing may be started
 */
export async function doRuns(
  shop: Workshop,
  runs: readonly PlannedRun[],
  probe?: Probe,
): Promise<boolean> {
  requireModels(shop.root, shop.part, runs);
  mkdirSync(shop.cache, { recursive: true });
  const todo = decisions(shop, runs);
  if (probe) await ask(probe, shop);
  const queue = [...runs];
  const ended: Ended[] = [];
  const starts = new Map<string, Promise<RawStart>>();
  const doOne = async (run: PlannedRun): Promise<Ended> => {
    try {
      const decision = todo.get(run.id);
      if (decision?.do === 'kept') {
        shop.log(`${run.id}: its raw data are there already`);
        return { id: run.id };
      }
      if (decision && decision.do !== 'skip') await train(shop, run, decision);
      await finish(shop, run, starts);
      shop.report();
      shop.log(`${run.id}: done, ${runs.length - queue.length} of ${runs.length} begun or done`);
      return { id: run.id };
    } catch (error) {
      if (!(error instanceof StudyError)) throw error;
      shop.log(error.message);
      return { id: run.id, failure: error.message };
    }
  };
  const worker = async () => {
    for (;;) {
      const run = shop.stop.aborted ? undefined : queue.shift();
      if (!run) return;
      ended.push(await doOne(run));
    }
  };
  const workers = await Promise.allSettled(Array.from({ length: shop.options.jobs }, worker));
  for (const one of workers) {
    if (one.status === 'rejected' && !(one.reason instanceof Stopped)) throw one.reason;
  }
  const failed = ended.filter(({ failure }) => failure !== undefined);
  if (failed.length > 0) {
    throw new StudyError(`these runs failed: ${failed.map(({ id }) => id).join(', ')}`);
  }
  return ended.length === runs.length;
}
