/** The tasks as the microscopes ask them: each of the lab's with its default settings, and forms of it that models were made for. */
import { badConfig } from '../../errors.ts';
import { TASKS } from '../../rl/experiment/catalog.ts';
import { parseExperiment, REWARDS_OF_ANY_TASK } from '../../rl/experiment/schema.ts';
import { createTask, type TaskConfig, type TaskId } from '../../rl/tasks/index.ts';
import type { Task, TraceOptions } from '../../rl/tasks/task.ts';

/** Two ways in which the expert answers the same question. */
export interface ScopePair {
  readonly label: string;
  readonly ways: readonly [TraceOptions, TraceOptions];
}

export interface ScopeTask {
  /** In the address. */
  readonly id: string;
  readonly label: string;
  /** The lab's task, and its settings that are not the defaults. */
  readonly settings: { readonly id: TaskId; readonly [name: string]: unknown };
  /** Most tokens of an answer, and of what a receiver adds to one, whatever the cut. */
  readonly budget: number;
  /** Names of the bundled models that were made for this form; all others of the task are for its default settings. */
  readonly models?: readonly string[];
  /** The receivers that stand there at first, by folder. */
  readonly receivers?: readonly string[];
  /** True where its models know the critic's form, so that they can be asked about pairs. */
  readonly critic?: true;
  /** What it opens on: the expert's answers, one beside the other. */
  readonly pair?: ScopePair;
}

const FORMS: readonly ScopeTask[] = [
  {
    id: 'chain-carry',
    label: 'Chain with a forgotten carry',
    settings: { id: 'chain', min_terms: 4, max_terms: 6, largest_term: 9 },
    budget: 64,
    models: ['chain-carry', 'chain-carry-rule', 'chain-carry-shown'],
  },
  {
    id: 'chain-dialects',
    label: 'Chain in dialects',
    settings: { id: 'chain', min_terms: 6, max_terms: 8, largest_term: 9, answer_apart: true },
    budget: 80,
    models: [
      ...['chain-dialects', 'chain-private-better', 'chain-rare'],
      ...['chain-public', 'chain-public-deep', 'chain-public-weak', 'chain-bilingual'],
    ],
    receivers: ['receivers/chain-public-deep', 'receivers/chain-bilingual'],
    pair: {
      label: 'Public and private',
      ways: [{ dialects: { public: 1 } }, { dialects: { private: 1 } }],
    },
  },
  {
    id: 'chain-chatter',
    label: 'Chain with chatter',
    settings: { id: 'chain', min_terms: 2, max_terms: 3, largest_term: 9, answer_apart: true },
    budget: 160,
    models: ['chain-chatter', 'chain-checks'],
  },
  {
    id: 'chain-critic',
    label: 'Chain with a critic',
    settings: { id: 'chain', min_terms: 3, max_terms: 4, largest_term: 9, answer_apart: true },
    budget: 60,
    models: ['chain-critic', 'chain-critic-pico', 'chain-critic-deep'],
    critic: true,
  },
  {
    id: 'countdown-critic',
    label: 'Countdown with a critic',
    settings: { id: 'countdown', form: 'small' },
    budget: 64,
    models: ['countdown-critic'],
    critic: true,
  },
  {
    id: 'countdown-classic',
    label: 'Countdown to 24 with a critic',
    settings: { id: 'countdown', form: 'classic' },
    budget: 96,
    models: ['countdown-classic'],
    critic: true,
  },
  {
    id: 'hops-backwards',
    label: 'Hops with facts read backwards',
    settings: { id: 'hops', distractor_facts: 3, letters: 10 },
    budget: 64,
    models: ['hops-backwards'],
  },
  {
    id: 'couplet-critic',
    label: 'Couplet with a critic',
    settings: { id: 'couplet' },
    budget: 80,
    models: ['couplet-critic'],
    critic: true,
  },
];

const plain = (id: TaskId): ScopeTask => ({
  ...{ id, label: TASKS[id].label, settings: { id }, budget: 64 },
});

export const SCOPE_TASKS: readonly ScopeTask[] = (Object.keys(TASKS) as TaskId[]).flatMap((id) => [
  plain(id),
  ...FORMS.filter(({ settings }) => settings.id === id),
]);

export function isScopeTask(id: string): boolean {
  return SCOPE_TASKS.some((task) => task.id === id);
}

/** @throws RangeError where there is none */
export function scopeTask(id: string): ScopeTask {
  const found = SCOPE_TASKS.find((task) => task.id === id);
  if (!found) throw new RangeError(`the microscopes know no task ${id}`);
  return found;
}

/** The task itself. */
export function openTask(id: string): Task {
  return createTask(configOf(scopeTask(id)));
}

/** The form in which the microscopes ask the task of an experiment: answers are read in the same way, and most settings agree. */
export function scopeTaskOf(config: TaskConfig): ScopeTask {
  const given: Readonly<Record<string, unknown>> = config;
  const told = createTask(config).dialects !== undefined;
  const same = (task: ScopeTask) =>
    Object.entries(configOf(task)).filter(([name, value]) => given[name] === value).length;
  const [best] = SCOPE_TASKS.filter(
    ({ id, settings }) =>
      settings.id === config.id && (openTask(id).dialects !== undefined) === told,
  ).sort((a, b) => same(b) - same(a));
  return best ?? scopeTask(config.id);
}

function configOf({ settings }: ScopeTask): TaskConfig {
  const parsed = parseExperiment({ task: settings, rewards: REWARDS_OF_ANY_TASK });
  if (!parsed.ok) throw badConfig('task', parsed.problems[0].message);
  return parsed.experiment.task;
}
