/**
 * The experiment: one schema for the file, the link, the setup panel, the command line and the manifest. What is left out takes
 * the documented default, unknown names are refused by their dotted path, and nothing is applied in part.
 */
import * as z from 'zod/mini';
import { methodOf } from '../methods/index.ts';
import { RECEIVER_FORM, RECEIVER_LIST_OR_NONE } from '../rewards/transfer/receiver-list.ts';
import { createTask } from '../tasks/index.ts';
import {
  isJudged,
  METHODS,
  POLICIES,
  rewardContradiction,
  TASKS,
  TERMS,
  taskContradiction,
  termObjection,
} from './catalog.ts';
import { choice, flag, number, shorten, show, text } from './field.ts';
import { asNow } from './former.ts';
import { isOwnPolicy } from './own-policy.ts';
import { RECEIVER_BACKENDS, RECEIVERS } from './receivers.ts';
import { list, section, variants } from './structure.ts';
import { needingVerdict } from './unjudged.ts';

const rewardTerm = variants(
  'term',
  { label: 'Term', help: 'What is scored. Each term may stand once.' },
  TERMS,
);

/** The schema; `describeSettings(experimentSchema)` lists its settings. Parse with `parseExperiment`, which also checks across fields. */
export const experimentSchema = section(
  { label: 'Experiment', help: 'What identifies a run.' },
  {
    version: z._default(
      z.literal(1, { error: (fault) => `is ${show(fault.input)}; this build reads version 1` }),
      1,
    ),
    seed: number({
      label: 'Seed',
      help: 'All random numbers of a run follow from it. Reset keeps it.',
      min: 0,
      max: 4_294_967_295,
      integer: true,
      default: 1,
      source: 'trl',
      original: 42,
    }),
    steps: number({
      label: 'Steps',
      help: 'How many training steps the run does.',
      unit: 'steps',
      min: 1,
      max: 100_000,
      integer: true,
      default: 150,
    }),
    task: variants(
      'id',
      {
        label: 'Task',
        help: 'Where questions come from, and what judges an answer.',
        default: 'countdown',
      },
      TASKS,
    ),
    policy: text({
      label: 'Policy',
      help: 'The model that is trained, by its folder.',
      pattern: /^policies\/[a-z0-9][a-z0-9-]*$/,
      form: 'the id of a policy, such as "policies/countdown-nano"',
      options: POLICIES,
      default: 'policies/countdown-nano',
    }),
    method: variants(
      'name',
      {
        label: 'Method',
        help: 'How a step turns questions into an update. GRPO compares the completions of one question; PPO learns a value of every token’s state and compares with that; VinePPO finds the value of each step by going on from it; SFT makes what an expert wrote more likely; AIRL learns a reward from what experts wrote.',
        group: 'Objective',
        default: 'grpo',
      },
      METHODS,
    ),
    rewards: list(
      {
        label: 'Rewards',
        help: 'The terms whose weighted sum is the reward.',
        min: 1,
        max: 8,
        default: [{ term: 'answer' }],
      },
      rewardTerm,
    ),
    evaluation: section(
      {
        label: 'Evaluation',
        help: 'How accuracy on held-out questions is measured while training.',
      },
      {
        every: number({
          label: 'Evaluate every',
          help: 'Steps between evaluations, counted from step 0. 0 is never.',
          unit: 'steps',
          min: 0,
          max: 10_000,
          integer: true,
          default: 10,
        }),
        prompts: number({
          label: 'Questions',
          help: 'Held-out questions per evaluation, the same ones each time.',
          unit: 'questions',
          min: 1,
          max: 1024,
          integer: true,
          default: 64,
        }),
        samples: number({
          label: 'Answers per question',
          help: 'Answers drawn per question: the k of maj@k and pass@k.',
          unit: 'completions',
          min: 1,
          max: 64,
          integer: true,
          default: 4,
        }),
        ood: flag({
          label: 'Out of distribution too',
          help: 'Asks as many questions of a kind that is never trained on, after the held-out ones. Doubles the cost.',
          default: false,
        }),
        receivers: text({
          label: 'Receivers',
          help: 'Models that take over answers cut anywhere, to measure how well reasoning hands over: ids with spaces between, as in the transfer term; weights are not used. Not part of the reward. Empty is off.',
          pattern: RECEIVER_LIST_OR_NONE,
          form: `${RECEIVER_FORM}, or nothing`,
          maxLength: 200,
          options: [{ value: '', label: 'None' }, ...RECEIVERS],
          free: true,
          default: '',
        }),
        receiver_backend: choice({
          label: 'Receivers run on',
          help: 'As in the transfer term: Baton’s own kernels, or an ONNX runtime. A decoder of your own (own/NAME) always runs on an ONNX runtime.',
          options: RECEIVER_BACKENDS,
          default: 'kernels',
        }),
        transfer_answers: number({
          label: 'Answers handed over',
          help: 'Answers of each question that receivers take over, each at 10 cuts; at most all that are drawn.',
          unit: 'completions',
          min: 1,
          max: 64,
          integer: true,
          default: 1,
        }),
        tournament: number({
          label: 'Tournament',
          help: 'The critic chooses among this many answers to each question, at most all that are drawn: how often the winner is right, for 2, 4, ... of them. 0 is off, and so it is where the method has no critic that compares.',
          unit: 'answers',
          min: 0,
          max: 64,
          integer: true,
          default: 0,
        }),
      },
    ),
    logging: section(
      { label: 'Logging', help: 'What a run keeps of its completions.' },
      {
        sample_groups: number({
          label: 'Groups kept',
          help: 'Questions per step whose whole group of completions is kept for the sample browser, and as many held-out ones at each evaluation.',
          unit: 'groups',
          min: 0,
          max: 64,
          integer: true,
          default: 4,
        }),
      },
    ),
  },
);

type DeepReadonly<T> = T extends object ? { readonly [K in keyof T]: DeepReadonly<T[K]> } : T;

/** A whole experiment, every default filled in. Plain JSON. */
export type Experiment = DeepReadonly<z.output<typeof experimentSchema>>;
export type MethodSettings = Experiment['method'];
export type TaskSettings = Experiment['task'];
export type RewardSettings = Experiment['rewards'][number];

/** One thing that is wrong: the dotted field, and a whole sentence that names it. */
export interface Problem {
  readonly field: string;
  readonly message: string;
}

export type Parsed =
  | { readonly ok: true; readonly experiment: Experiment }
  | { readonly ok: false; readonly problems: readonly Problem[] };

/** Bounds on what is looked at at all: an experiment is far below each. */
const MAX_DEPTH = 6;
const MAX_NODES = 2000;
const MAX_PROBLEMS = 20;

/** Completions of one step, and of one evaluation: a link must not ask a stranger's GPU for any amount of memory. */
const MAX_COMPLETIONS = 8192;

/**
 * Checks an experiment that came from anywhere and fills in what was left out.
 *
 * @param json parsed JSON; never changed. Anything else is refused.
 * @param more.policies ids allowed besides the bundled ones (a model brought by the user).
 * @param more.alone true: every field is checked by itself, and not whether all go together. For a start that is changed and then parsed
 * as a whole.
 */
export function parseExperiment(
  json: unknown,
  more: { readonly policies?: readonly string[]; readonly alone?: boolean } = {},
): Parsed {
  const foreign = notPlain(json);
  if (foreign) return { ok: false, problems: [foreign] };
  const { json: now, field } = asNow(json as object);
  const refuse = (problems: readonly Problem[]): Parsed => ({
    ok: false,
    problems: problems.map((one) => {
      const named = field(one.field);
      return { field: named, message: one.message.replace(one.field, named) };
    }),
  });
  const parsed = z.safeParse(experimentSchema, now);
  if (parsed.success) {
    const experiment = parsed.data as Experiment;
    const problems = more.alone ? [] : acrossFields(experiment, more.policies ?? []);
    return problems.length ? refuse(problems) : { ok: true, experiment };
  }
  const problems = new Map<string, Problem>();
  for (const issue of parsed.error.issues) {
    const path = issue.path.map(String);
    const fields =
      issue.code === 'unrecognized_keys' ? issue.keys.map((key) => [...path, key]) : [path];
    for (const parts of fields) {
      if (problems.size >= MAX_PROBLEMS) break;
      const found = problem(parts, issue.message);
      if (!problems.has(found.field)) problems.set(found.field, found);
    }
  }
  return refuse([...problems.values()]);
}

/** Rewards that any task can be given: for who wants to know a task's settings alone. */
export const REWARDS_OF_ANY_TASK = [{ term: 'confidence' }] as const;

/** The experiment in which everything takes its default. */
export function defaultExperiment(): Experiment {
  return z.parse(experimentSchema, {}) as Experiment;
}

function problem(path: readonly string[], message: string): Problem {
  const field = path.map((part) => shorten(part)).join('.') || 'experiment';
  return { field, message: `${field} ${message}` };
}

/** Refuses what JSON.parse cannot give or what no experiment needs, before anything else looks at it. */
function notPlain(json: unknown): Problem | undefined {
  if (typeof json !== 'object' || json === null || Array.isArray(json)) {
    return problem([], `is ${show(json)}; allowed is an object`);
  }
  let nodes = 0;
  const look = (value: unknown, path: readonly string[]): Problem | undefined => {
    nodes += 1;
    if (nodes > MAX_NODES) return problem([], `is too large; allowed are ${MAX_NODES} values`);
    if (typeof value !== 'object' || value === null) return undefined;
    if (path.length > MAX_DEPTH) return problem(path, `is nested deeper than ${MAX_DEPTH} levels`);
    const prototype = Object.getPrototypeOf(value);
    const plain = Array.isArray(value) || prototype === Object.prototype || prototype === null;
    if (!plain) return problem(path, 'is not plain JSON');
    for (const key in value) {
      if (!Object.hasOwn(value, key)) continue;
      const found = look((value as Readonly<Record<string, unknown>>)[key], [...path, key]);
      if (found) return found;
    }
    return undefined;
  };
  return look(json, []);
}

/** The rules that one field alone cannot state. */
function acrossFields(experiment: Experiment, morePolicies: readonly string[]): Problem[] {
  const problems: Problem[] = [];
  const { method, policy, rewards, evaluation } = experiment;
  const known = [...POLICIES.map((option) => option.value), ...morePolicies];
  if (!known.includes(policy) && !isOwnPolicy(policy)) {
    problems.push(
      problem(['policy'], `is unknown: ${show(policy)}; allowed is ${known.join(', ')}`),
    );
  }
  const contradiction = taskContradiction(experiment.task);
  if (contradiction) {
    const field = contradiction.field ?? 'task';
    problems.push({ field, message: `${field}: ${contradiction.message}` });
  } else if (!isJudged(experiment.task)) {
    // What a method without reward terms never asks is no obstacle.
    const terms = methodOf(method).rewarded ? rewards : [];
    problems.push(...needingVerdict({ ...experiment, rewards: terms }));
  }
  const { label, needs, completions, contradictions, objections, rewarded } = methodOf(method);
  if (completions > MAX_COMPLETIONS) {
    const many = `makes a step of ${completions} completions; allowed is at most ${MAX_COMPLETIONS}`;
    problems.push(problem(['method', 'prompts_per_step'], many));
  }
  const task = contradiction ? null : createTask(experiment.task);
  const refused = task ? objections(task) : [];
  for (const { key, message } of [...contradictions, ...refused]) {
    problems.push(problem(['method', key], message));
  }
  const perEvaluation = evaluation.prompts * evaluation.samples;
  if (perEvaluation > MAX_COMPLETIONS) {
    problems.push(
      problem(
        ['evaluation', 'prompts'],
        `times samples is ${perEvaluation}; allowed is at most ${MAX_COMPLETIONS} completions`,
      ),
    );
  }
  rewards.forEach((reward, index) => {
    const wrong = rewardContradiction(reward);
    if (wrong) {
      const field = `rewards.${index}.${wrong.field ?? 'term'}`;
      problems.push({ field, message: `${field}: ${wrong.message}` });
    }
    const objection = task && rewarded ? termObjection(reward, task) : undefined;
    if (task && objection !== undefined) {
      const why = `the task ${show(task.id)} does not let it`;
      problems.push(
        problem(['rewards', `${index}`, 'term'], `is ${show(reward.term)}, ${objection}; ${why}`),
      );
    }
    if (reward.permuted && needs.continues) {
      const why = `${label} pays means over continuations, and a shuffle within them changes no mean`;
      problems.push(problem(['rewards', `${index}`, 'permuted'], `is true; ${why}`));
    }
    if (rewards.findIndex((other) => other.term === reward.term) < index) {
      problems.push(
        problem(['rewards', `${index}`, 'term'], `is twice there: ${show(reward.term)}`),
      );
    }
  });
  return problems;
}
