/**
 * OPSD: the policy teaches itself. With the expert's trace in its prompt the same model is the teacher; from the question alone it is the student. The
 * student writes, and each of its tokens is paid by how much likelier the teacher finds it. There is no discriminator and no verifier.
 *
 * Source: on-policy self-distillation, OPSD (Zhao et al. 2026, arXiv 2601.18734), in its form on sampled tokens (`objectives/self-distillation.ts`). The
 * update is GRPO's. It is a rival of AIRL that learns from the same traces.
 */
import { badConfig } from '../../errors.ts';
import type { Values } from '../experiment/field.ts';
import { type Example, exampleOf } from '../learn/example.ts';
import {
  columnOf,
  exampleOfLine,
  type OfflineLine,
  type OfflineLoss,
  offlineGradient,
} from '../learn/offline.ts';
import { moments } from '../objectives/advantage.ts';
import { type TaughtTokens, taughtTokens } from '../objectives/self-distillation.ts';
import { randomStream } from '../random.ts';
import { type CombinedRewards, meanOf } from '../rewards/combine.ts';
import type { Completion } from '../rewards/reward.ts';
import { ANNOTATOR_SIGNS, promptWith } from '../roles/annotator.ts';
import { expertTraces, flawless, traceObjections } from './expert-traces.ts';
import { grpo, grpoLoss, learnFrom } from './grpo.ts';
import { type Contradiction, defineMethod, type Step, WATCHED } from './method.ts';
import { opsdSettings } from './opsd-settings.ts';
import { reportRollouts } from './report.ts';
import { clippingContradictions, scheduleContradictions } from './settings.ts';

type Settings = Values<typeof opsdSettings>;

const TEACHER = 'teacher';

const DIVERGENCE_HELP =
  'How much less likely the teacher finds the policy’s tokens than the policy itself, per token: an estimate of the divergence of the policy from the teacher, which is the same model ' +
  'with the expert’s trace in its prompt. Where it begins far above 0 the model does not know such prompts, and has nothing to teach.';

export const opsd = defineMethod({
  label: 'OPSD',
  description: 'Learns from itself with the expert’s trace in sight, token by token.',
  options: opsdSettings,
  rewarded: false,
  needs: ({ teacher, beta }) => ({
    policy: { reference: teacher === 'start' || beta !== 0 },
    roles: {
      [TEACHER]: { prompt: ({ question, completion }) => question + completion + ANNOTATOR_SIGNS },
    },
  }),
  charts: ({ num_iterations: passes, beta }) => ({
    ...{ ratio: passes === 1 ? 'always-1' : 'moves', reference: beta !== 0, values: false },
    groups: false,
    lossNote: 'No measure of success. Watch the divergence and the accuracy.',
    watched: WATCHED,
    main: {
      ...{
        column: 'teacher/divergence',
        title: 'Divergence from the teacher',
        unit: 'nats a token',
      },
      levels: [{ value: 0, name: 'writes as the teacher does' }],
      help: DIVERGENCE_HELP,
    },
  }),
  completions: (settings) => settings.prompts_per_step * settings.num_generations,
  contradictions: (settings) => [
    ...clippingContradictions(settings),
    ...scheduleContradictions(settings),
    ...oneRatio(settings),
  ],
  objections: (task, settings) => traceObjections(task, flawless(settings)),

  async step(step, settings) {
    const completions = await step.sample(settings.num_generations);
    const taught = await teach(step, completions, settings);
    const advantages = taught.map(({ advantages: row }) => row);
    const rewards = taught.map(({ rewards: row }) => row);
    const combined = rewardsOf(rewards);
    const { mean, std } = moments(combined.totals);
    const { perToken, after } = await learnFrom(
      step,
      completions,
      advantages,
      asObjective(settings),
    );
    return reportRollouts(step, {
      ...{ completions, rewards: combined, before: { reward: mean, reward_std: std }, after },
      advantages: Float64Array.from(advantages, (row) => meanOf([...row]) ?? 0),
      perToken: { ...perToken, advantage: advantages, taught: rewards },
    });
  },

  offline(lines, settings) {
    return lines.some(({ columns }) => columns.teacher)
      ? taughtOffline(lines, settings)
      : grpo.offline(lines, { ...asObjective(settings), scale_rewards: 'none' });
  },
});

/** The loss on lines with the column `teacher`: log-probs under the teacher. The policy's are `old`, or `logp` where that is not given. */
function taughtOffline(lines: readonly OfflineLine[], settings: Settings): OfflineLoss {
  const examples = lines.map((line) => {
    if (settings.beta !== 0) columnOf(line, 'ref');
    if (settings.entropy_coef !== 0) columnOf(line, 'entropy');
    const wrote = line.columns.old ?? columnOf(line, 'logp');
    const { advantages } = taughtTokens(columnOf(line, 'teacher'), wrote, settings.gamma);
    return exampleOfLine(line, { advantage: advantages });
  });
  const loss = grpoLoss(asObjective(settings));
  const gradient = offlineGradient(lines, examples, loss.of);
  return { ...gradient, metrics: { ...loss.metrics(1) } };
}

/** Advantages of single tokens need ratios of single tokens. */
const asObjective = (settings: Settings) =>
  ({ ...settings, importance_sampling_level: 'token' }) as const;

function oneRatio({ loss_type }: Settings): Contradiction[] {
  if (loss_type !== 'gspo') return [];
  const message =
    'is gspo; a ratio of the whole completion has one advantage: allowed are the others';
  return [{ key: 'loss_type', message }];
}

/** What the teacher makes of each completion; nothing of one without tokens. */
async function teach(
  step: Step,
  completions: readonly Completion[],
  settings: Settings,
): Promise<TaughtTokens[]> {
  const shown = shownPrompts(step, completions, settings);
  const own = completions.filter(({ completionIds }) => completionIds.length > 0);
  const examples = own.map(
    (completion): Example => ({
      ...exampleOf(completion),
      prompt: shown.get(completion.group) ?? completion.promptIds,
    }),
  );
  const rows =
    settings.teacher === 'start'
      ? (await step.withReference(examples)).map(({ columns }) => columns.ref)
      : (await step.score(examples)).logprobs;
  const rowOf = new Map(own.map((completion, i) => [completion, rows[i]]));
  return completions.map((completion) =>
    taughtTokens(rowOf.get(completion) ?? [], completion.logprobs, settings.gamma),
  );
}

/** By group: the teacher's prompt as tokens. @throws BadConfig where it leaves no room for a completion */
function shownPrompts(
  step: Step,
  completions: readonly Completion[],
  settings: Settings,
): ReadonlyMap<number, readonly number[]> {
  const { task, tokenizer, seed, index, positions } = step;
  const prompts = new Map<number, readonly number[]>();
  for (const { group, question } of completions) {
    if (prompts.has(group)) continue;
    const random = randomStream(seed, 'opsd/expert', index * settings.prompts_per_step + group);
    const text =
      settings.shown === 'answer'
        ? task.expertAnswer(question)
        : task.expertTrace(question, random, expertTraces(flawless(settings)));
    const ids = tokenizer.encode(promptWith(task, question, text), { addSpecial: true });
    if (ids.length + settings.max_completion_length > positions)
      throw badConfig(
        'method.max_completion_length',
        `The teacher’s prompt has ${ids.length} tokens, and does not fit ${positions} positions with a completion`,
        'Allow longer completions, or take a shorter task or style.',
      );
    prompts.set(group, ids);
  }
  return prompts;
}

/** A completion's reward is the mean over its tokens; null without tokens. */
function rewardsOf(rewards: readonly Float64Array[]): CombinedRewards {
  const totals = rewards.map((row) => meanOf([...row]));
  const tokens = rewards.flatMap((row) => [...row]);
  const mean = meanOf(tokens);
  return {
    totals,
    terms: new Map([['teacher', { values: totals, used: totals.map(() => ({})) }]]),
    metrics: { 'teacher/divergence': mean === null ? null : -mean },
  };
}
