/** Raw data that were made up, with effects that are known, so that reports can be tested before anything has been run. */
import { armExperiment, askedMark } from '../plan.ts';
import type { RawData, RawEvaluation, RawRun, RawSeries } from '../raw.ts';
import type { Study } from '../study.ts';

export interface MadeUp {
  /** Accuracy after training, by arm. */
  readonly accuracy?: (arm: string, seed: number) => number;
  readonly length?: (arm: string, seed: number) => number;
  readonly seeds?: readonly number[];
}

/** Spread between seeds, the same for all arms, and a little of each arm's own: a fixed pattern, no chance. */
export function wobble(seed: number, place: number): number {
  return 0.02 * Math.sin(seed * 2.3) + 0.004 * Math.sin(seed * 7.1 + place);
}

function evaluation(study: Study, split: string, accuracy: number, length: number): RawEvaluation {
  const samples = study.evaluation?.samples ?? 4;
  const ks = Array.from({ length: samples }, (_, i) => i + 1);
  return {
    split,
    prompts: study.evaluation?.prompts ?? 8,
    samples,
    seed: 1,
    temperature: 1,
    max_completion_length: 64,
    accuracy,
    mean_length: length,
    mean_length_right: length * 0.9,
    truncated: 0.01,
    maj_at_k: ks.map((k) => accuracy + 0.04 * Math.log2(k)),
    pass_at_k: ks.map((k) => 1 - (1 - accuracy) ** (0.5 + 0.5 * k)),
    ...(study.evaluation?.receivers && {
      transfer: {
        leakage: 0.1,
        receivers: study.evaluation.receivers.map((receiver, i) => ({
          receiver,
          success: Array.from({ length: 10 }, (_, b) => 0.2 + 0.05 * b),
          transferability: accuracy + 0.1 + 0.02 * i,
          scratch: 0.2 + 0.05 * i,
        })),
      },
    }),
  };
}

function climb(steps: readonly number[], from: number, to: number): RawSeries {
  const end = steps[steps.length - 1];
  return {
    steps,
    values: steps.map((step) => Number((from + (to - from) * (step / end) ** 0.6).toPrecision(6))),
  };
}

/** A run of every arm and seed. */
export function madeUp(study: Study, { accuracy, length, seeds }: MadeUp = {}): RawData {
  const steps = study.base.steps ?? 150;
  const splits = study.evaluation?.splits ?? [];
  const training = Array.from({ length: 50 }, (_, i) => Math.round(((i + 1) * steps) / 50));
  const tests = Array.from({ length: 11 }, (_, i) => Math.round((i * steps) / 10));
  const runs = (seeds ?? study.seeds).flatMap((seed) =>
    study.arms.map((arm, place): RawRun => {
      const end = accuracy?.(arm.id, seed) ?? 0.4 + 0.01 * place + wobble(seed, place);
      const tokens = length?.(arm.id, seed) ?? 30 - place + 20 * wobble(seed, place);
      const metrics = study.metrics.filter((name) => !name.endsWith('*'));
      const extra = study.metrics.some((name) => name.startsWith('rewards/transfer'))
        ? [
            ...['mean', 'scratch', 'leakage', 'group_std', 'icc'].map(
              (name) => `rewards/transfer/${name}`,
            ),
            ...Array.from({ length: 10 }, (_, b) => `rewards/transfer/tau_${b}`),
          ]
        : ['rewards/sar/mean', 'rewards/sar/at_floor', 'rewards/sar/near_top'];
      return {
        version: 1,
        arm: arm.id,
        seed,
        steps,
        policy: armExperiment(study, arm).policy ?? '',
        asked: askedMark({ ...armExperiment(study, arm), seed }),
        experiment_hash: 'e'.repeat(64),
        build: '0.0.0+made-up',
        adapter: 'none: the numbers are made up',
        policy_hash: 'p'.repeat(64),
        model_hash: 'm'.repeat(64),
        metrics_hash: 'h'.repeat(64),
        timing: { step: 0.5, phases: { generate: 0.2, score: 0.01 + 0.01 * place, train: 0.3 } },
        series: {
          'eval/accuracy': climb(tests, 0.2, end),
          'eval/maj_at_8': climb(tests, 0.3, end + 0.1),
          'eval/transfer/policy': climb(tests, 0.3, end + 0.05),
          'eval/mean_length_right': climb(tests, 35, tokens - 2),
          'completions/mean_length': climb(training, 35, tokens),
          ...Object.fromEntries(
            [...metrics, ...extra].map((name) => [name, climb(training, 0.3, end + 0.1)]),
          ),
        },
        evaluations: splits.map((split) =>
          evaluation(study, split, split === 'ood' ? end * 0.6 : end, tokens),
        ),
      };
    }),
  );
  const start = {
    version: 1 as const,
    policy: study.base.policy ?? '',
    policy_hash: 'p'.repeat(64),
    build: '0.0.0+made-up',
    evaluations: splits.map((split) => evaluation(study, split, 0.2, 35)),
  };
  return { runs, starts: [start] };
}
