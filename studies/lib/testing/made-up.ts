/** Raw data that were made up, with effects that are known, so that reports can be tested before anything has been run. */

import type { StudyData } from '../build-report.ts';
import type { Part } from '../design.ts';
import { askedMark, type PlannedRun, plan } from '../plan.ts';
import type { RawData, RawEvaluation, RawRun, RawSeries } from '../raw.ts';
import type { Study } from '../study.ts';
import { settled } from '../tuning.ts';

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

function evaluation(part: Part, split: string, accuracy: number, length: number): RawEvaluation {
  const samples = part.evaluation?.samples ?? 4;
  const ks = Array.from({ length: samples }, (_, i) => i + 1);
  return {
    split,
    prompts: part.evaluation?.prompts ?? 8,
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
    ...(part.metrics.includes('dialects/*') && {
      chatter: 0.2,
      dialects: {
        public: { share: accuracy, accuracy },
        private: { share: 0.9 - accuracy, accuracy: accuracy / 2 },
        other: { share: 0.1, accuracy: null },
      },
    }),
    ...(part.evaluation?.tournament && {
      tournament: [1, 2, 4, part.evaluation.tournament.answers].map((n) => ({
        n,
        winner: accuracy + 0.05 * Math.log2(n),
        one_sample: accuracy,
        majority: accuracy + 0.04 * Math.log2(n),
        best_of: 1 - (1 - accuracy) ** n,
      })),
    }),
    ...(part.evaluation?.receivers && {
      transfer: {
        leakage: 0.1,
        receivers: part.evaluation.receivers.map((receiver, i) => ({
          receiver,
          success: Array.from({ length: 10 }, (_, b) => 0.2 + 0.05 * b),
          transferability: accuracy + 0.1 + 0.02 * i,
          scratch: 0.2 + 0.05 * i,
          ...(part.metrics.includes('dialects/*') && {
            by_dialect: { public: accuracy + 0.2, private: 0.1, other: null },
          }),
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

/** Numbers over training that are there in every run, and those of the terms and tasks that the part draws. */
function seriesOf(part: Part, end: number, tokens: number): RawRun['series'] {
  const steps = part.base.steps ?? 150;
  const training = Array.from({ length: 50 }, (_, i) => Math.round(((i + 1) * steps) / 50));
  const tests = Array.from({ length: 11 }, (_, i) => Math.round((i * steps) / 10));
  const drawn = (name: string) => part.metrics.some((metric) => metric.startsWith(name));
  const names = [
    ...part.metrics.filter((name) => !name.endsWith('*')),
    ...(drawn('rewards/transfer') ? TRANSFER : []),
    ...(drawn('rewards/sar') ? SAR : []),
    ...(drawn('dialects/') ? DIALECTS.map((id) => `dialects/${id}`) : []),
  ];
  return {
    'eval/accuracy': climb(tests, 0.2, end),
    'eval/maj_at_8': climb(tests, 0.3, end + 0.1),
    'eval/transfer/policy': climb(tests, 0.3, end + 0.05),
    'eval/mean_length_right': climb(tests, 35, tokens - 2),
    'completions/mean_length': climb(training, 35, tokens),
    accuracy: climb(training, 0.2, end),
    frac_reward_zero_std: climb(training, 0.5, 0.4),
    ...Object.fromEntries(names.map((name) => [name, climb(training, 0.3, end + 0.1)])),
  };
}

const DIALECTS = ['public', 'private', 'other'];
const SAR = ['rewards/sar/mean', 'rewards/sar/at_floor', 'rewards/sar/near_top'];
const TRANSFER = [
  'rewards/transfer/receiver/chain-public/mean',
  ...['mean', 'scratch', 'leakage', 'group_std', 'icc'].map((name) => `rewards/transfer/${name}`),
  ...Array.from({ length: 10 }, (_, b) => `rewards/transfer/tau_${b}`),
];

/** A run of every arm and seed; of a tuned part the trials too, and the arms at the rates that these choose. */
export function madeUp(part: Part, { accuracy, length, seeds }: MadeUp = {}): RawData {
  const splits = part.evaluation?.splits ?? [];
  const runOf = ({ arm, seed, experiment }: PlannedRun): RawRun => {
    const place = part.arms.findIndex(({ id }) => id === (arm.trialOf ?? arm.id));
    const end = accuracy?.(arm.id, seed) ?? 0.4 + 0.01 * place + wobble(seed, place);
    const tokens = length?.(arm.id, seed) ?? 30 - place + 20 * wobble(seed, place);
    return {
      version: 1,
      arm: arm.id,
      seed,
      steps: experiment.steps ?? 150,
      policy: experiment.policy ?? '',
      asked: askedMark(experiment),
      experiment_hash: 'e'.repeat(64),
      build: '0.0.0+made-up',
      adapter: 'none: the numbers are made up',
      policy_hash: 'p'.repeat(64),
      model_hash: 'm'.repeat(64),
      metrics_hash: 'h'.repeat(64),
      timing: { step: 0.5, phases: { generate: 0.2, score: 0.01 + 0.01 * place, train: 0.3 } },
      series: seriesOf(part, end, tokens),
      evaluations: arm.trialOf
        ? []
        : splits.map((split) => evaluation(part, split, split === 'ood' ? end * 0.6 : end, tokens)),
    };
  };
  const choice = seeds ? { seeds } : {};
  const isTrial = ({ arm }: PlannedRun) => arm.trialOf !== undefined;
  const trials = plan(settled(part, []), choice).filter(isTrial).map(runOf);
  const all = plan(settled(part, trials), choice);
  const runs = all.filter((run) => !isTrial(run));
  const start = {
    version: 1 as const,
    policy: part.base.policy ?? '',
    policy_hash: 'p'.repeat(64),
    build: '0.0.0+made-up',
    evaluations: splits.map((split) => evaluation(part, split, 0.2, 35)),
  };
  return { runs: [...trials, ...runs.map(runOf)], starts: [start] };
}

/** The same for all parts of a study. */
export function madeUpStudy(study: Study, made: MadeUp = {}): StudyData {
  return { parts: new Map(study.parts.map((part) => [part.id, { raw: madeUp(part, made) }])) };
}
