/**
 * Iterative DPO: in every round, the policy as it was when the round began answers, and the policy learns to prefer the expert's answer to its own. That
 * same policy is the reference. It is a baseline of RARO that needs no verifier and no critic.
 *
 * Source: Rafailov et al. 2023 (arXiv 2305.18290), eq. 7; three rounds as in RARO's baselines. Names are those of the DPOTrainer of TRL 1.13.
 */
import { badConfig } from '../../errors.ts';
import { choice, number } from '../experiment/field.ts';
import { headed } from '../experiment/structure.ts';
import { afterReasoning, endOf } from '../learn/after-reasoning.ts';
import { dpoLoss, dpoOffline } from '../learn/dpo-loss.ts';
import { countTokens, type Example, exampleOf, withColumns } from '../learn/example.ts';
import { DPO_DEFAULTS, type DpoTerm, dpoMetrics } from '../objectives/dpo.ts';
import type { Completion } from '../rewards/reward.ts';
import { expertGroups } from '../samples.ts';
import { defineMethod, type Step } from './method.ts';
import { reportRollouts } from './report.ts';
import { common, scheduleContradictions } from './settings.ts';

const objective = headed('Objective', {
  beta: number({
    label: 'Beta',
    help: 'How closely the policy stays with the reference: the policy that began the round.',
    min: 0,
    exclusiveMin: true,
    max: 10,
    step: 0.01,
    default: DPO_DEFAULTS.beta,
    source: 'trl',
  }),
  label_smoothing: number({
    label: 'Label smoothing',
    help: 'The chance that a label is wrong. At 0 it is plain DPO; below one half.',
    min: 0,
    max: 0.49,
    step: 0.01,
    default: DPO_DEFAULTS.label_smoothing,
    source: 'trl',
  }),
});

const rounds = headed('Rounds', {
  rounds: number({
    label: 'Rounds',
    help: 'The run is cut into so many. Each begins with the policy as reference and as the one that writes the answers to learn from.',
    unit: 'rounds',
    min: 1,
    max: 1000,
    integer: true,
    default: 3,
    source: 'paper',
  }),
  compare: choice({
    label: 'Compares',
    help: 'The expert’s bare answer with the policy’s whole completion, or both answers after the policy’s reasoning, which is then not trained.',
    options: [
      { value: 'completions', label: 'Whole completions' },
      { value: 'answers', label: 'Answers after the reasoning' },
    ],
    default: 'completions',
  }),
});

const batch = headed('Batch', {
  num_generations: number({
    label: 'Pairs per question',
    help: 'How many answers the policy writes to each question. Each makes a pair with the expert’s.',
    unit: 'pairs',
    min: 1,
    max: 128,
    integer: true,
    default: 1,
  }),
});

/** The policy at the start of the round: it writes the answers, and is the reference. */
const BEGAN = 'began';

export const dpo = defineMethod({
  label: 'Iterative DPO',
  description: 'Prefers the expert’s answer to the policy’s own, in rounds. No rewards.',
  options: { ...rounds, ...batch, ...objective, ...common },
  rewarded: false,
  needs: (settings) => ({
    policy: {},
    learners: { [BEGAN]: { renewed: true, writes: true } },
    pairs: true,
    // Every completion may be half of a pair.
    examples: 2 * settings.prompts_per_step * settings.num_generations,
  }),
  charts: () => ({
    ...{ ratio: null, reference: false, values: false, groups: false },
    lossNote: 'Of a pair. Near 0.69 where a round begins: policy and reference are then one.',
    own: [
      { column: 'rewards/margins', title: 'Lead of the expert’s answer' },
      { column: 'rewards/accuracies', title: 'Expert’s answer ahead', unit: 'share of pairs' },
      { column: 'rewards/chosen', title: 'Implied reward of the expert’s answer' },
      { column: 'rewards/rejected', title: 'Implied reward of the policy’s answer' },
    ],
  }),
  completions: (settings) => settings.prompts_per_step * settings.num_generations,
  contradictions: scheduleContradictions,
  objections: (task, { compare }) =>
    compare === 'completions' || task.reasoning
      ? []
      : [
          {
            key: 'compare',
            message: `is answers; the task ${task.id} does not tell an answer from what leads to it`,
          },
        ],

  async step(step, settings) {
    const round = roundOf(step.index, step.steps, settings.rounds);
    if (step.index > 0 && round > roundOf(step.index - 1, step.steps, settings.rounds))
      await step.renew(BEGAN);
    const completions = await step.sample(settings.num_generations, BEGAN);
    const plain = completions.flatMap((completion, pair) =>
      pairOf(step, completion, pair, settings.compare),
    );
    const { logprobs: ref } = await step.score(plain, BEGAN);
    const pairs = plain.map((example, i) => withColumns(example, { ref: ref[i] }));
    const terms: DpoTerm[] = [];
    const learned =
      pairs.length === 0
        ? null
        : await step.learn(
            pairs,
            dpoLoss(settings, (some) => terms.push(...some)),
            {},
          );
    const implied = impliedRewards(pairs, terms, completions.length);
    const report = reportRollouts(step, {
      ...{ completions, advantages: completions.map(() => 0), before: {}, perToken: {} },
      rewards: { totals: implied, terms: new Map(), metrics: {} },
      after: {
        round: round + 1,
        pairs: pairs.length / 2,
        ...(learned && dpoMetrics(terms)),
        ...(learned && { grad_norm: learned.updates[0].gradNorm }),
        learning_rate: step.rate(settings.learning_rate),
      },
    });
    const chosen = pairs.filter((_, i) => i % 2 === 0);
    const likely = learned?.logprobs.filter((_, i) => i % 2 === 0) ?? [];
    const experts = expertGroups(
      ...([step.index + 1, step.sampleGroups, step.tokenizer, chosen, likely] as const),
    );
    return {
      ...report,
      samples: [...report.samples, ...experts],
      tokens: countTokens(pairs),
    };
  },

  offline: dpoOffline,
});

/** The round of a step, from 0: all have the same number of steps, but for rounding. */
function roundOf(index: number, steps: number, rounds: number): number {
  return Math.floor((index * rounds) / steps);
}

/** The expert's answer and the policy's as two examples; none where there is no place for the expert's, or no room. */
function pairOf(
  { task, tokenizer, positions }: Step,
  completion: Completion,
  pair: number,
  compare: 'completions' | 'answers',
): Example[] {
  const own = exampleOf(completion);
  const expert = (expertIds: readonly number[]): Example => ({
    ...{ ...own, pair, role: 'expert', truncated: false, columns: {} },
    completion: expertIds,
  });
  if (compare === 'completions') {
    const ids = [...tokenizer.encode(task.expertAnswer(completion.question)), endOf(tokenizer)];
    if (own.prompt.length + ids.length > positions) {
      throw badConfig(
        'method.max_completion_length',
        `The expert’s answer has ${ids.length} tokens, and does not fit ${positions} positions with its question`,
        'Allow longer completions.',
      );
    }
    return [expert(ids), { ...own, pair, columns: {} }];
  }
  const after = afterReasoning(task, tokenizer, completion);
  if (after === null) return [];
  const prompt = after.promptIds;
  const longest = Math.max(after.expertIds.length, after.ownIds.length);
  if (prompt.length + longest > positions) return [];
  return [
    { ...expert(after.expertIds), prompt },
    { ...own, prompt, completion: after.ownIds, pair, columns: {} },
  ];
}

/** What each completion's implied reward is before the update; null where it is in no pair. */
function impliedRewards(
  pairs: readonly Example[],
  terms: readonly DpoTerm[],
  count: number,
): (number | null)[] {
  const values = new Array<number | null>(count).fill(null);
  terms.forEach(({ rejected }, i) => {
    const { pair } = pairs[2 * i];
    if (pair !== undefined) values[pair] = rejected;
  });
  return values;
}
