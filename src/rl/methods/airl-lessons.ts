/**
 * What AIRL's discriminator learns from in a step: experts' traces against the policy's completions, those of earlier steps and perturbed
 * experts, each after its own question. Nothing here asks the verifier, unless label switching is on.
 */
import { badConfig } from '../../errors.ts';
import { EXPERT, labelled, PERTURBED } from '../airl/discriminator-learning.ts';
import { perturb } from '../airl/perturb.ts';
import { placesOf } from '../airl/token-rewards.ts';
import type { Values } from '../experiment/field.ts';
import { endOf } from '../learn/after-reasoning.ts';
import type { Example } from '../learn/example.ts';
import { written } from '../learn/lesson.ts';
import type { Plain } from '../learn/replay.ts';
import { randomStream } from '../random.ts';
import { meanOf } from '../rewards/combine.ts';
import type { Completion } from '../rewards/reward.ts';
import type { Question } from '../tasks/task.ts';
import type { airlSettings } from './airl-settings.ts';
import { expertTraces, flawless } from './expert-traces.ts';
import type { Metrics, Step } from './method.ts';

type Settings = Values<typeof airlSettings>;

/** The store of earlier completions. */
export const ROLLOUTS = 'rollouts';
const REPLAYED = 'replayed';

export interface Lessons {
  /** Empty where one of the two classes is missing: there is nothing to tell apart then. */
  readonly examples: readonly Example[];
  readonly metrics: Metrics;
}

/** Tokens after a question, and where they come from. */
interface Trace {
  readonly role: string;
  readonly question: Question;
  readonly group: number;
  readonly promptIds: readonly number[];
  readonly completionIds: readonly number[];
  readonly text: string;
  readonly truncated: boolean;
}

/** A trace that is none of the expert's, and the expert's to the same question; null where there is none. */
interface Rival {
  readonly trace: Trace;
  readonly expert: Trace | null;
}

export function lessonsOf(
  step: Step,
  completions: readonly Completion[],
  settings: Settings,
): Lessons {
  const noise = new Map<number, boolean>();
  const experts = completions.map((completion, i) => {
    const random = randomStream(step.seed, 'airl/expert', step.index, i);
    const expert = expertOf(step, completion, settings, random);
    if (expert === null || !isNoisy(step, completion.group, settings)) return expert;
    const wrong = wrongOf(step, expert, i);
    noise.set(completion.group, wrong !== expert);
    return wrong;
  });
  const right = settings.label_switching
    ? step.verdicts(completions).map((verdict) => verdict?.correct ?? false)
    : completions.map(() => false);
  const own = completions.flatMap((trace, i) =>
    trace.completionIds.length === 0 ? [] : [{ trace, expert: experts[i], right: right[i] }],
  );
  const replayed = replayedOf(step, own.length, settings);
  const rivals: Rival[] = [
    ...own.filter((one) => !one.right),
    ...perturbedOf(step, experts, settings),
    ...replayed.rivals,
  ];
  const positives = own.filter((one) => one.right).map(({ trace }) => trace);
  const examples =
    settings.reward_loss === 'pairwise'
      ? pairsOf(step, rivals, settings)
      : classesOf(step, [...known(experts), ...positives], rivals, settings);
  return {
    examples,
    metrics: {
      'discriminator/experts': known(experts).length / Math.max(1, experts.length),
      'discriminator/replay_age': meanOf(replayed.ages),
      ...(settings.expert_noise > 0 && {
        'discriminator/expert_wrong':
          [...noise.values()].filter(Boolean).length / settings.prompts_per_step,
      }),
      ...(settings.label_switching && {
        'discriminator/switched': positives.length / Math.max(1, completions.length),
      }),
    },
  };
}

/** The most examples of one update. */
export function lessonsOfStep(settings: Settings): number {
  const { replay_share, perturbed_share } = settings;
  const own = settings.prompts_per_step * settings.num_generations;
  const perturbed = perturbed_share === 0 ? 0 : own;
  const rivals = own + perturbed + replayCount(own, replay_share);
  return settings.reward_loss === 'pairwise' ? 2 * rivals : own + rivals;
}

/** A completion as it is kept for later steps. Whoever has no tokens, or was counted as an expert's, is left out. */
export function kept(
  step: Step,
  completions: readonly Completion[],
  { label_switching }: Pick<Settings, 'label_switching'>,
): Plain[] {
  const right = label_switching ? step.verdicts(completions) : [];
  return completions.flatMap(({ question: { prompt }, completionIds, text, truncated }, i) =>
    completionIds.length === 0 || right[i]?.correct
      ? []
      : [{ prompt, ids: [...completionIds], text, truncated }],
  );
}

const known = (traces: readonly (Trace | null)[]) => traces.filter((trace) => trace !== null);

type Asked = Pick<Trace, 'question' | 'promptIds' | 'group'>;

/** The expert's trace to a question; null where it is empty. @throws BadConfig where it does not fit */
function expertOf(
  step: Step,
  { question, promptIds, group }: Asked,
  settings: Settings,
  random: ReturnType<typeof randomStream>,
): Trace | null {
  const text = step.task.expertTrace(question, random, expertTraces(flawless(settings)));
  const trace = traceOf(step, { question, promptIds, group }, text, EXPERT);
  if (trace || text === '') return trace;
  throw badConfig(
    'method.max_completion_length',
    `An expert’s trace has ${written(step.tokenizer, text).length + 1} tokens, and does not fit ${step.positions} positions with its question`,
    'Allow longer completions, or take a shorter task or style.',
  );
}

/** Text after a question as tokens; null where it is empty or does not fit. */
function traceOf(
  { tokenizer, positions }: Step,
  asked: Asked,
  text: string,
  role: string,
): Trace | null {
  if (text === '') return null;
  const completionIds = [...written(tokenizer, text), endOf(tokenizer)];
  if (asked.promptIds.length + completionIds.length > positions) return null;
  return { ...asked, role, completionIds, text, truncated: false };
}

/** Whether the expert of a question is one of those that are wrong. */
function isNoisy(
  { seed, index }: Step,
  group: number,
  { expert_noise, prompts_per_step }: Settings,
): boolean {
  if (expert_noise === 0) return false;
  const random = randomStream(seed, 'airl/noise', index * prompts_per_step + group);
  return random.uniform() < expert_noise;
}

/** The same trace with a wrong number at its end, or another fault where it has no number; the trace itself where it has no place for one. */
function wrongOf(step: Step, expert: Trace, i: number): Trace {
  const random = randomStream(step.seed, 'airl/wrong', step.index, i);
  const boundaries = step.task.stepBoundaries(expert.text);
  const made =
    perturb(expert.text, boundaries, random, ['last']) ?? perturb(expert.text, boundaries, random);
  return (made && traceOf(step, expert, made.text, EXPERT)) ?? expert;
}

/** Perturbed experts, spread evenly over the completions. */
function perturbedOf(
  step: Step,
  experts: readonly (Trace | null)[],
  { perturbed_share: share }: Settings,
): Rival[] {
  return experts.flatMap((expert, i) => {
    if (expert === null || Math.floor((i + 1) * share) === Math.floor(i * share)) return [];
    const random = randomStream(step.seed, 'airl/perturb', step.index, i);
    const made = perturb(expert.text, step.task.stepBoundaries(expert.text), random);
    const trace = made && traceOf(step, expert, made.text, PERTURBED);
    return trace ? [{ trace, expert }] : [];
  });
}

function replayCount(fresh: number, share: number): number {
  return Math.round((fresh * share) / (1 - share));
}

/** Completions of earlier steps, so many that they are the set share of all. None where nothing is stored yet. */
function replayedOf(step: Step, fresh: number, settings: Settings) {
  const drawn = step
    .store(ROLLOUTS)
    .draw(step.seed, step.index, replayCount(fresh, settings.replay_share));
  const rivals = drawn.map(({ item }, k): Rival => {
    const { prompt, ids, text, truncated } = item as {
      readonly prompt: string;
      readonly ids: readonly number[];
      readonly text: string;
      readonly truncated: boolean;
    };
    const question = step.task.readQuestion(prompt);
    const promptIds = step.tokenizer.encode(prompt, { addSpecial: true });
    const asked = { question, promptIds, group: settings.prompts_per_step + k };
    const random = randomStream(step.seed, 'airl/replayed', step.index, k);
    return {
      trace: { ...asked, role: REPLAYED, completionIds: ids, text, truncated },
      // Only pairs compare it with an expert's to the same question.
      expert: settings.reward_loss === 'pairwise' ? expertOf(step, asked, settings, random) : null,
    };
  });
  return { rivals, ages: drawn.map(({ step: from }) => step.index - from) };
}

/** Both classes, those to one question next to each other. Equal experts to one question are one example that counts several times. */
function classesOf(
  step: Step,
  experts: readonly Trace[],
  rivals: readonly Rival[],
  settings: Settings,
): Example[] {
  if (experts.length === 0 || rivals.length === 0) return [];
  const copies = new Map<string, { trace: Trace; count: number }>();
  for (const trace of experts) {
    const key = `${trace.role} ${trace.group} ${trace.completionIds.join()}`;
    const same = copies.get(key);
    if (same) same.count += 1;
    else copies.set(key, { trace, count: 1 });
  }
  return [
    ...[...copies.values()].map(({ trace, count }) =>
      exampleOf(step, trace, true, count, settings),
    ),
    ...rivals.map(({ trace }) => exampleOf(step, trace, false, 1, settings)),
  ].sort((a, b) => a.group - b.group);
}

/** Every trace after the expert's to the same question. */
function pairsOf(step: Step, rivals: readonly Rival[], settings: Settings): Example[] {
  return rivals.flatMap(({ trace, expert }, pair) =>
    expert === null
      ? []
      : [
          { ...exampleOf(step, expert, true, 1, settings), pair },
          { ...exampleOf(step, trace, false, 1, settings), pair },
        ],
  );
}

function exampleOf(
  step: Step,
  trace: Trace,
  expert: boolean,
  copies: number,
  settings: Settings,
): Example {
  const { role, question, group, promptIds: prompt, completionIds: completion, truncated } = trace;
  return labelled(
    { role, question, group, truncated, prompt, completion, columns: {} },
    { expert, copies, places: placesOf(step, trace, settings) },
  );
}
