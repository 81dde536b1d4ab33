/**
 * RARO: the policy learns from an expert's answers alone. A critic is shown the expert's answer and the policy's and says which is the expert's,
 * or that it cannot tell. The policy is paid for being taken for the expert, the critic for seeing through it; they are one model in two roles.
 * No verifier pays anybody: what it says is only watched.
 *
 * Source: Escaping the Verifier (RARO), the relativistic critic and its two rewards; stabilisers as there: replayed pairs, no division by
 * the deviation or the length, completions that met their budget dropped, KL to the start.
 */
import {
  alone,
  comparing,
  type Enquiry,
  type Game,
  type GameSettings,
  type Outcome,
} from '../critic/game.ts';
import { isSame, type Pair, pairOf } from '../critic/pair.ts';
import { WITHOUT_TIES } from '../critic/payoffs.ts';
import { type CriticMetrics, criticMetrics, type JudgedPair } from '../critic/statistics.ts';
import { surfaceForm } from '../critic/surface.ts';
import type { Values } from '../experiment/field.ts';
import { constant, type Example, exampleOf } from '../learn/example.ts';
import { type Mixed, mixed } from '../learn/mixed.ts';
import { samplerGap } from '../learn/sampler-gap.ts';
import { groupAdvantages } from '../objectives/advantage.ts';
import type { ObjectiveSettings } from '../objectives/settings.ts';
import { randomStream } from '../random.ts';
import { combinedAlone, meanOf } from '../rewards/combine.ts';
import { permute } from '../rewards/permute.ts';
import type { Completion, TermScores } from '../rewards/reward.ts';
import type { Task, TaskCritic } from '../tasks/task.ts';
import { grpo, grpoLoss } from './grpo.ts';
import { defineMethod, type Step } from './method.ts';
import { raroCharts } from './raro-charts.ts';
import { type Asked, type JudgedOf, verdictSamples } from './raro-samples.ts';
import { raroSettings } from './raro-settings.ts';
import { reportRollouts, tokensOf } from './report.ts';
import { clippingContradictions, scheduleContradictions } from './settings.ts';

type Settings = Values<typeof raroSettings>;

const POLICY = 'policy';
const CRITIC = 'critic';
const PAIRS = 'pairs';
/** Tokens of a critic's prompt beside the question and the answers. */
const SIGNS = 8;

export const raro = defineMethod({
  label: 'RARO',
  description:
    'Learns from an expert’s answers alone: a critic compares, and both play against each other.',
  options: raroSettings,
  rewarded: false,
  needs: (settings) => ({
    policy: { reference: settings.beta !== 0 },
    stores: { [PAIRS]: settings.replay_capacity },
    examples: examplesOfStep(settings),
    roles: {
      [CRITIC]: {
        prompt: ({ question }) => question + 2 * settings.max_answer_length + SIGNS,
        ...{ budget: settings.max_critic_length, setting: 'max_critic_length' },
      },
    },
    ...(settings.separate_critic && {
      learners: { [CRITIC]: { writes: true, reference: settings.beta !== 0 } },
    }),
  }),
  charts: raroCharts,
  completions: (settings) => settings.prompts_per_step * settings.num_generations,
  contradictions: (settings) => [
    ...clippingContradictions(settings),
    ...scheduleContradictions(settings),
  ],
  objections: (task) =>
    task.critic
      ? []
      : [{ key: 'name', message: `is raro; the task ${task.id} has no critic’s prompt` }],

  critic: (settings) =>
    settings.binary_critic
      ? { key: 'binary_critic', message: 'judges one answer by itself' }
      : {
          ...{ ...gameSettings(settings), budget: settings.max_critic_length },
          ...(settings.separate_critic && { learner: CRITIC }),
        },

  async step(step, settings) {
    const completions = await step.sample(settings.num_generations);
    const fresh = pairsOf(step, completions, settings);
    const asked = [...fresh.filter((pair) => pair !== null), ...replayed(step, fresh, settings)];
    const game = gameOf(criticOf(step.task), settings);
    const judged = await judge(step, asked, game, settings);
    step.store(PAIRS).add(
      step.index,
      fresh.flatMap((pair) => (pair ? [plain(pair)] : [])),
    );

    let next = 0;
    const earned = scores(
      fresh.map((pair) => (pair === null ? null : policyValue(judged[next++]))),
    );
    const answers = settings.permuted
      ? permute(POLICY, earned, completions, { seed: step.seed, step: step.index })
      : earned;
    const own = groupAdvantages(answers.values, settings.num_generations, 'none');
    const verdicts = judged.flatMap((one) => one.completions);
    const paid = judged.flatMap(({ outcomes }) => outcomes.map(criticValue));
    const theirs = groupAdvantages(paid, settings.verdicts, 'none');

    const policy = grpoLoss(objective(settings, settings.max_completion_length));
    const critic = grpoLoss(objective(settings, settings.max_critic_length));
    const parts = [
      {
        ...{ examples: examplesOf(completions, own.advantages), loss: policy.of },
        weight: settings.lambda_pol,
      },
      {
        ...{ examples: examplesOf(verdicts, theirs.advantages), loss: critic.of },
        weight: settings.lambda_crit,
      },
    ] as const;
    const learned = settings.separate_critic
      ? await apart(step, parts, settings)
      : await together(step, parts, settings);

    const report = reportRollouts(step, {
      ...{ completions, rewards: combinedAlone(POLICY, answers), advantages: own.advantages },
      ...{ before: own.metrics, perToken: {} },
      after: {
        ...criticNumbers(paid, judged, step, settings),
        ...policy.metrics(1),
        ...prefixed(critic.metrics(1)),
        ...{ grad_norm: learned.gradNorm, learning_rate: step.rate(settings.learning_rate) },
        ...samplerGap(
          completions.map(({ logprobs }) => logprobs),
          learned.logprobs,
        ),
      },
    });
    return {
      ...report,
      samples: [
        ...report.samples,
        ...verdictSamples(step, judged, fresh, completions, theirs.advantages),
      ],
      tokens: report.tokens + tokensOf(verdicts),
    };
  },

  offline: (lines, settings) =>
    grpo.offline(lines, {
      ...settings,
      ...{ loss_type: 'dr_grpo', scale_rewards: 'none' },
      ...{ importance_sampling_level: 'token', num_iterations: 1 },
    }),
});

/** Every answer, and the verdicts about it and about as many earlier pairs as are drawn. */
function examplesOfStep(settings: Settings): number {
  const { replay_share: share, verdicts } = settings;
  const answers = settings.prompts_per_step * settings.num_generations;
  return answers + (answers + Math.round((answers * share) / (1 - share))) * verdicts;
}

function criticOf(task: Task): TaskCritic {
  if (task.critic) return task.critic;
  throw new RangeError(`the task ${task.id} has no critic`);
}

function gameOf(critic: TaskCritic, settings: Settings): Game {
  const make = settings.binary_critic ? alone : comparing;
  return make(critic, gameSettings(settings));
}

function gameSettings(settings: Settings): GameSettings {
  const { verdicts, both_orders: bothOrders, critic_reasoning: reasoning } = settings;
  const { tau_crit, tau_pol } = settings;
  const payoffs = tau_crit === 0 && tau_pol === 0 ? WITHOUT_TIES : { tau_crit, tau_pol };
  return { verdicts, bothOrders, reasoning, payoffs };
}

/** One pair per completion; null where there is no answer to show: cut off, unreadable, or too long. */
function pairsOf(
  step: Step,
  completions: readonly Completion[],
  settings: Settings,
): (Asked | null)[] {
  const critic = criticOf(step.task);
  const noise = Array.from({ length: settings.prompts_per_step }, (_, g) => {
    const index = step.index * settings.prompts_per_step + g;
    const random = randomStream(step.seed, 'raro/expert', index);
    return random.uniform() < settings.expert_noise ? random : null;
  });
  return completions.map(({ question, text, truncated, group }, i) => {
    const random = randomStream(step.seed, 'raro/order', step.index, i);
    const expert = step.task.expertAnswer(question);
    const pair = pairOf(critic, question, { expert, policy: text }, random);
    if (pair === null || truncated) return null;
    const long = [pair.first, pair.second].some(
      (answer) => step.tokenizer.encode(answer).length > settings.max_answer_length,
    );
    if (long) return null;
    const slip = noise[group];
    return { pair: slip ? withExpert(pair, critic.wrong(question, slip)) : pair, age: null };
  });
}

function withExpert(pair: Pair, answer: string): Pair {
  const form = surfaceForm(answer);
  return pair.expert === '1' ? { ...pair, first: form } : { ...pair, second: form };
}

/** Earlier pairs, so many that they are the set share of all. None where nothing is stored yet. */
function replayed(
  step: Step,
  fresh: readonly (Asked | null)[],
  { replay_share: share }: Settings,
): Asked[] {
  const count = Math.round((fresh.filter((pair) => pair !== null).length * share) / (1 - share));
  return step
    .store(PAIRS)
    .draw(step.seed, step.index, count)
    .map(({ step: from, item }) => {
      const { prompt, first, second, expert } = item as unknown as ReturnType<typeof plain>;
      const question = step.task.readQuestion(prompt);
      return { pair: { question, first, second, expert }, age: step.index - from };
    });
}

function plain({ pair: { question, first, second, expert } }: Asked) {
  return { prompt: question.prompt, first, second, expert };
}

/** Every pair's verdicts, written in one go. */
async function judge(
  step: Step,
  asked: readonly Asked[],
  game: Game,
  settings: Settings,
): Promise<JudgedOf[]> {
  const enquiries = asked.map(({ pair }) => game(pair));
  const written = await step.write({
    ...{ role: CRITIC, stream: CRITIC, copies: 1, budget: settings.max_critic_length },
    ...(settings.separate_critic && { learner: CRITIC }),
    asked: enquiries.flatMap((own, p) =>
      own.map(({ prompt }) => ({ question: asked[p].pair.question, prompt })),
    ),
  });
  let next = 0;
  return enquiries.map((own, group) => {
    const completions = own.map(() => ({ ...written[next++], group }));
    const outcomes = own.map((one, i) => outcomeOf(one, completions[i]));
    return { ...asked[group], enquiries: own, completions, outcomes };
  });
}

function outcomeOf(enquiry: Enquiry, { text, truncated }: Completion): Outcome {
  return enquiry.outcome(truncated ? null : text);
}

/** The mean over readable verdicts; null where there is none. */
function policyValue({ outcomes }: JudgedOf): number | null {
  return meanOf(outcomes.flatMap(({ policy }) => (policy === null ? [] : [policy])));
}

const criticValue = ({ critic }: Outcome): number => critic;

/** Completions that met their budget are dropped; no deviation, no length. */
function objective(settings: Settings, length: number): ObjectiveSettings {
  return {
    ...settings,
    ...{ loss_type: 'dr_grpo', importance_sampling_level: 'token' },
    ...{ mask_truncated_completions: true, max_completion_length: length },
  };
}

function examplesOf(completions: readonly Completion[], advantages: ArrayLike<number>): Example[] {
  return completions.map((completion, i) =>
    exampleOf(completion, {
      advantage: constant(advantages[i], completion.completionIds.length),
    }),
  );
}

type Parts = Parameters<typeof mixed>[0];

/** One update of one model in both roles. */
async function together(step: Step, parts: Parts, { beta }: Settings) {
  const all: Mixed = mixed(parts);
  const examples = beta === 0 ? all.examples : await step.withReference(all.examples);
  const { updates, logprobs } = await step.learn(examples, all.loss, {});
  return { gradNorm: updates[0].gradNorm, logprobs: all.split(logprobs)[0] };
}

/** One update of each model. The weights stay, so that both ways have the same sizes of loss. */
async function apart(step: Step, [policy, critic]: Parts, { beta }: Settings) {
  const train = async (part: Parts[number], learner: string) => {
    const one = mixed([part]);
    const examples = beta === 0 ? one.examples : await step.withReference(one.examples, learner);
    return step.learn(examples, one.loss, {}, learner);
  };
  const learned = await train(policy, 'policy');
  await train(critic, CRITIC);
  return { gradNorm: learned.updates[0].gradNorm, logprobs: learned.logprobs };
}

function scores(values: readonly (number | null)[]): TermScores {
  return { values, used: values.map(() => ({})) };
}

function criticNumbers(
  paid: readonly number[],
  judged: readonly JudgedOf[],
  step: Step,
  settings: Settings,
): Record<string, number | null> {
  const pairs = judged.map(
    ({ pair, age, outcomes }): JudgedPair => ({
      judged: outcomes.flatMap((one) => one.judged ?? []),
      ...{ identical: isSame(pair), expertWrong: expertWrong(step.task, pair), age },
    }),
  );
  const numbers: CriticMetrics = criticMetrics(pairs);
  const right = judged.flatMap(({ outcomes }) => outcomes.flatMap((one) => one.right ?? []));
  return {
    ...combinedAlone(CRITIC, scores(paid)).metrics,
    'critic/pairs': judged.filter(({ age }) => age === null).length,
    ...numbers,
    ...(settings.binary_critic && { 'critic/accuracy': meanOf(right.map(Number)) }),
  };
}

/** Whether the verifier, which is only watched, finds the expert's answer wrong; null without one. */
function expertWrong(task: Task, { question, first, second, expert }: Pair): boolean | null {
  if (!task.verify || !task.critic) return null;
  const right = task.critic.answer(question, task.expertAnswer(question));
  return surfaceForm(right ?? '') !== (expert === '1' ? first : second);
}

function prefixed(metrics: object): Record<string, number> {
  return Object.fromEntries(
    Object.entries(metrics).flatMap(([name, value]) =>
      typeof value === 'number' ? [[`critic/${name}`, value]] : [],
    ),
  );
}
