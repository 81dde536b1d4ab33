/** `find-error`: how often a learned reward points at the first wrong step of a trace, and how well it tells right traces from wrong ones. */
import { judgeQuality } from '../../rl/airl/as-judge.ts';
import {
  type FaultyTrace,
  type FoundBy,
  findErrors,
  GRIDS,
  type Grid,
  stepSpans,
} from '../../rl/airl/find-error.ts';
import { injectErrors } from '../../rl/airl/inject-errors.ts';
import { PERTURBATIONS, type Perturbation } from '../../rl/airl/perturb.ts';
import { clustersOf } from '../../rl/evaluate/asked.ts';
import { Bootstrap } from '../../rl/evaluate/bootstrap.ts';
import { mean } from '../../rl/evaluate/statistics.ts';
import { endOf } from '../../rl/learn/after-reasoning.ts';
import { written } from '../../rl/learn/lesson.ts';
import { randomStream } from '../../rl/random.ts';
import { defineCommand, type LabIo } from '../command.ts';
import { withEnds } from '../intervals.ts';
import { number } from '../options.ts';
import {
  measuredTraces,
  type RewardedTrace,
  TRACE_DETAILS,
  TRACE_OPTIONS,
  type Trace,
  type TraceMeans,
  tokenizerOf,
  traceMeans,
} from '../traces.ts';

const OPTIONS = {
  ...TRACE_OPTIONS,
  injected: number(
    'Experts’ traces with one injected error. They need --reward-model; 0 is off.',
    64,
    { min: 0, max: 100_000 },
  ),
  k: number('Places that may be named for hit@k.', 3, { min: 1, max: 100 }),
};

export const findError = defineCommand({
  summary: 'How often a learned reward finds the first wrong step, and how well it judges traces.',
  details: [
    'Names the first wrong step of the policy’s wrong answers ("natural": those in which the verifier finds one) and of experts’ traces with one "injected" error (an operator',
    'flipped, a digit changed, the last number off by one, a step left out): by the "lowest_reward", the "largest_drop" from the place before, the policy’s least likely token',
    '("log_probability"), its "entropy", and by "chance". All on the same two grids: "tokens", where a pick hits if it lies in the first wrong step, and "steps". "hit_at_1" is by',
    'one pick and "hit_at_k" by --k of them; equal places share a pick. As a judge of all answers, the mean logit has its AUROC and, as sigmoid of it, its calibration.',
    ...TRACE_DETAILS,
    'Answers {"natural": {"traces": .., "tokens": {..}, "steps": {..}}, "injected": {.., "by_kind": {..}}, "judge": {"auroc": .., "calibration_error": .., "reliability": [..]}}.',
  ],
  options: OPTIONS,
  run: async (values, io) => {
    const means = await traceMeans(values, io);
    const { seed, split, k } = values;
    const { traces: spoiled, kinds, harmless } = injectedTraces(means, values);
    const { own, more } = await measuredTraces(values, means, io, spoiled);
    const natural = own.filter(({ verdict }) => !verdict.correct);
    const placed = natural.filter(isPlaced);
    const found = (traces: readonly RewardedTrace[], name: string) =>
      foundIn(traces, means, { k, seed, name }, io);
    const ofKind = (kind: Perturbation) => more.filter((_, i) => kinds[i] === kind);
    return {
      result: {
        task: means.task.id,
        ...(values.input === undefined && { split, temperature: values.temperature }),
        ...{ seed, k, answers: own.length },
        ...means.reading,
        ...(means.policy && { model_hash: means.policy.hash }),
        ...(means.reward && { reward_model_hash: means.reward.hash }),
        // Wrong answers without a wrong step may just end too early.
        natural: { unplaced: natural.length - placed.length, ...found(placed, 'natural') },
        injected: {
          ...{ harmless, ...found(more, 'injected') },
          by_kind: Object.fromEntries(
            PERTURBATIONS.map((kind) => [kind, found(ofKind(kind), kind)]),
          ),
        },
        judge: judgeOf(own, means, seed, io),
      },
    };
  },
});

const isPlaced = ({ verdict: { firstWrong } }: Trace) => firstWrong !== undefined;

/** Experts' traces with one error each, as tokens. */
function injectedTraces(
  means: TraceMeans,
  values: {
    readonly injected: number;
    readonly split: 'train' | 'test' | 'ood';
    readonly seed: number;
  },
) {
  const tokenizer = tokenizerOf(means);
  const { task, reward, policy } = means;
  const count = reward ? values.injected : 0;
  const { spoiled, harmless } = injectErrors(task, { ...values, count });
  const positions = Math.min(
    ...[reward, policy].flatMap((model) => (model ? [model.config.max_position_embeddings] : [])),
  );
  const traces = spoiled
    .map(({ question, text, verdict, kind }) => ({
      ...{ kind, question, text, verdict, truncated: false },
      promptIds: tokenizer.encode(question.prompt, { addSpecial: true }),
      completionIds: [...written(tokenizer, text), endOf(tokenizer)],
      ...{ logits: null, logprobs: null, entropies: null },
    }))
    .filter(({ promptIds, completionIds }) => promptIds.length + completionIds.length <= positions);
  return { traces, kinds: traces.map(({ kind }) => kind), harmless };
}

function faultOf(trace: RewardedTrace, means: TraceMeans): FaultyTrace {
  const steps = stepSpans(trace, tokenizerOf(means), means.task.stepBoundaries(trace.text));
  const { rewards, logprobs, entropies, verdict } = trace;
  return { steps, wrong: verdict.firstWrong ?? 0, rewards, logprobs, entropies };
}

function bootstrapOf(traces: readonly Trace[], { task }: TraceMeans, seed: number): Bootstrap {
  const questions = traces.map(({ question }) => question);
  return new Bootstrap(clustersOf(task, questions), randomStream(seed, 'find-error'));
}

/** Hits on both grids; null where there are no such traces. */
function foundIn(
  traces: readonly RewardedTrace[],
  means: TraceMeans,
  { k, seed, name }: { readonly k: number; readonly seed: number; readonly name: string },
  io: LabIo,
): { traces: number } & Record<Grid, FoundBy | null> {
  if (traces.length === 0) return { traces: 0, tokens: null, steps: null };
  const bootstrap = bootstrapOf(traces, means, seed);
  const faults = traces.map((trace) => faultOf(trace, means));
  const on = (grid: Grid) => findErrors(faults, grid, k, bootstrap);
  const [tokens, steps] = GRIDS.map(on);
  for (const [finder, { hit_at_1_interval }] of Object.entries(steps))
    io.log(`${name}, by step, ${finder}: hit@1 ${withEnds(hit_at_1_interval)}`);
  return { traces: traces.length, tokens, steps };
}

function judgeOf(own: readonly RewardedTrace[], means: TraceMeans, seed: number, io: LabIo) {
  const traces = own.filter(({ completionIds }) => completionIds.length > 0);
  if (traces.length === 0) return null;
  const quality = judgeQuality(
    traces.map(({ verdict, rewards, logprobs }) => ({
      ...{ correct: verdict.correct, logit: mean(rewards), logprob: logprobs && mean(logprobs) },
    })),
    bootstrapOf(traces, means, seed),
  );
  if (quality.auroc_interval) io.log(`as a judge: AUROC ${withEnds(quality.auroc_interval)}`);
  return quality;
}
