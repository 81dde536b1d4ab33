/**
 * The queue: runs that take turns on the one device, as data. One job is one run. Every change goes through `reduceQueue`, so no order of
 * actions loses a job or runs it twice.
 */
import * as z from 'zod';
import { badFile } from '../../errors.ts';
import { type Experiment, parseExperiment } from '../../rl/experiment/schema.ts';
import { isShallow } from '../../untrusted.ts';

/** Most jobs that wait: the queue is kept in a place that holds a few megabytes. */
export const MOST_JOBS = 500;
/** Failures that are remembered until a person has read them. */
const MOST_FAILED = 20;
const MAX_TEXT = 2 ** 22;

export interface Job {
  readonly id: string;
  /** What the runs of its setting are called. */
  readonly name: string;
  /** Id of the preset that it was made from. */
  readonly preset: string;
  readonly experiment: Experiment;
  /** The folder that keeps it, once it has begun; null before. */
  readonly stored: string | null;
}

export interface Failed {
  readonly name: string;
  readonly seed: number;
  readonly why: string;
}

export interface Queue {
  /** In their order; the running one is first. */
  readonly jobs: readonly Job[];
  /** Id of the job that runs; null where none does. */
  readonly running: string | null;
  readonly paused: boolean;
  /** The newest last. */
  readonly failed: readonly Failed[];
}

export const NO_QUEUE: Queue = { jobs: [], running: null, paused: false, failed: [] };

export type QueueAction =
  | { readonly type: 'add'; readonly jobs: readonly Job[] }
  | { readonly type: 'begin'; readonly id: string; readonly stored: string | null }
  /** @param why it failed; left out where it did all its steps */
  | { readonly type: 'end'; readonly id: string; readonly why?: string }
  /** It gave way to something else, and waits as the first. */
  | { readonly type: 'interrupt'; readonly id: string }
  | { readonly type: 'remove'; readonly ids: readonly string[] }
  | { readonly type: 'move'; readonly id: string; readonly by: 1 | -1 }
  | { readonly type: 'pause'; readonly on: boolean }
  | { readonly type: 'read' };

/** The queue after an action; one that means nothing now changes nothing. */
export function reduceQueue(queue: Queue, action: QueueAction): Queue {
  const { jobs, running, failed } = queue;
  switch (action.type) {
    case 'add': {
      const known = new Set(jobs.map(({ id }) => id));
      const fresh = action.jobs.filter(({ id }) => !known.has(id));
      return { ...queue, jobs: [...jobs, ...fresh].slice(0, MOST_JOBS) };
    }
    case 'begin': {
      const job = jobs.find(({ id }) => id === action.id);
      if (!job || (running !== null && running !== action.id)) return queue;
      const others = jobs.filter((one) => one !== job);
      return { ...queue, running: job.id, jobs: [{ ...job, stored: action.stored }, ...others] };
    }
    case 'end': {
      const job = jobs.find(({ id }) => id === action.id);
      if (!job || running !== action.id) return queue;
      const left = { ...queue, running: null, jobs: jobs.filter((one) => one !== job) };
      if (action.why === undefined) return left;
      const { name, experiment } = job;
      const more = [...failed, { name, seed: experiment.seed, why: action.why.slice(0, 500) }];
      return { ...left, failed: more.slice(-MOST_FAILED) };
    }
    case 'interrupt':
      return running === action.id ? { ...queue, running: null } : queue;
    case 'remove':
      return {
        ...queue,
        jobs: jobs.filter(({ id }) => id === running || !action.ids.includes(id)),
      };
    case 'move': {
      const from = jobs.findIndex(({ id }) => id === action.id);
      const to = from + action.by;
      const first = running === null ? 0 : 1;
      if (from < first || to < first || to >= jobs.length) return queue;
      return { ...queue, jobs: jobs.with(from, jobs[to]).with(to, jobs[from]) };
    }
    case 'pause':
      return { ...queue, paused: action.on };
    case 'read':
      return { ...queue, failed: [] };
  }
}

const text = z.string().max(300);
const schema = z.strictObject({
  version: z.literal(1),
  paused: z.boolean(),
  running: z.union([text, z.null()]),
  jobs: z
    .array(
      z.strictObject({
        ...{ id: text, name: text, preset: text, experiment: z.unknown() },
        stored: z.union([z.string().regex(/^[a-z0-9-]{1,80}$/), z.null()]),
      }),
    )
    .max(MOST_JOBS),
  failed: z
    .array(z.strictObject({ name: text, seed: z.int(), why: z.string().max(500) }))
    .max(MOST_FAILED),
});

export function queueText(queue: Queue): string {
  return JSON.stringify({ version: 1, ...queue });
}

/** @throws BatonError BadFile for what is no queue of this build, naming the field */
export function parseQueue(kept: string | null): Queue {
  if (kept === null) return NO_QUEUE;
  let json: unknown;
  try {
    if (kept.length <= MAX_TEXT) json = JSON.parse(kept);
  } catch {}
  if (typeof json !== 'object' || json === null || !isShallow(json)) throw refused('text');
  const parsed = schema.safeParse(json);
  if (!parsed.success) throw refused(parsed.error.issues[0]?.path.join('.') || 'text');
  const { paused, running, failed } = parsed.data;
  const jobs = parsed.data.jobs.map((job, i): Job => {
    const experiment = parseExperiment(job.experiment);
    if (experiment.ok) return { ...job, experiment: experiment.experiment };
    throw refused(`jobs.${i}.experiment.${experiment.problems[0].field}`);
  });
  if (new Set(jobs.map(({ id }) => id)).size < jobs.length) throw refused('jobs');
  if (running !== null && jobs[0]?.id !== running) throw refused('running');
  return { paused, running, failed, jobs };
}

function refused(field: string) {
  return badFile(
    `queue.${field}`,
    'The queue that this browser has kept cannot be read',
    'The queue is empty now; what ran is kept as always. Queue again what you need.',
  );
}
