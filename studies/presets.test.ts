/** A preset that says what was measured says what the study's raw runs say, of the same experiment. */
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { runsBeside } from '../src/rl/experiment/presets/beside.ts';
import { findPreset, presetExperiment } from '../src/rl/experiment/presets/index.ts';
import type { Outcome } from '../src/rl/experiment/presets/preset.ts';
import { type Experiment, parseExperiment } from '../src/rl/experiment/schema.ts';
import { chain as carry } from './airl/chain.ts';
import { rule } from './airl/rule.ts';
import { plan } from './lib/plan.ts';
import { partFolder, type RawRun, readRaw } from './lib/raw.ts';
import type { StudyPart } from './lib/study.ts';
import { settled } from './lib/tuning.ts';
import { chain } from './raro/chain.ts';
import { criticAccuracy } from './raro/numbers.ts';
import { dialects } from './rltr/dialects.ts';
import { hack } from './rltr/hack.ts';
import { privateBetter } from './rltr/private.ts';
import { rare } from './rltr/rare.ts';
import { UNSEEN } from './rltr/setting.ts';
import { steps } from './rltr/steps/part.ts';
import { chatter } from './sar/chatter.ts';

/** The arms of a preset's runs, in their order, those that were studied. */
const STUDIED: readonly {
  readonly preset: string;
  readonly part: StudyPart;
  readonly raw: string;
  readonly arms: readonly string[];
}[] = [
  { preset: 'two-dialects', part: dialects, raw: 'rltr', arms: ['rltr', 'rlvr', 'permuted'] },
  { preset: 'rltr-against-rlvr', part: steps, raw: 'rltr', arms: ['b025', 'rlvr'] },
  { preset: 'private-better', part: privateBetter, raw: 'rltr', arms: ['rltr', 'rlvr'] },
  { preset: 'rare-answers', part: rare, raw: 'rltr', arms: ['rltr', 'rlvr'] },
  { preset: 'leave-it-to-the-receiver', part: hack, raw: 'rltr', arms: ['free', 'form'] },
  { preset: 'chatter', part: chatter, raw: 'sar', arms: ['sar-020', 'grpo', 'permuted'] },
  { preset: 'sar-alone', part: chatter, raw: 'sar', arms: ['alone', 'sar-020'] },
  { preset: 'raro-against-rlvr', part: chain, raw: 'raro', arms: ['raro', 'rlvr', 'sft'] },
  { preset: 'raro-ties', part: chain, raw: 'raro', arms: ['raro', 'no-tie'] },
  { preset: 'blind-critic', part: chain, raw: 'raro', arms: ['blind', 'blind-no-tie', 'raro'] },
  { preset: 'raro-tournament', part: chain, raw: 'raro', arms: ['raro'] },
  { preset: 'airl-against-sft', part: carry, raw: 'airl', arms: ['sparse', 'sft', 'rlvr'] },
  { preset: 'airl-dense', part: carry, raw: 'airl', arms: ['dense', 'sparse'] },
  { preset: 'frozen-reward', part: carry, raw: 'airl', arms: ['frozen', 'dense'] },
  { preset: 'random-reward', part: carry, raw: 'airl', arms: ['random', 'rlvr'] },
  { preset: 'vote-is-wrong', part: rule, raw: 'airl', arms: ['dense'] },
];

/** What bears on training: terms that are only watched do not, nor does what is only measured beside. */
function trained({ task, policy, steps, rewards, method }: Experiment) {
  const paid = rewards
    .filter(({ weight }) => weight !== 0)
    .map((reward) => ({ ...reward, reliability_questions: 0, scratch_samples: 0 }));
  return { task, policy, steps, method, rewards: paid };
}

const places = (values: readonly number[], digits: number) =>
  values.map((value) => Number(value.toFixed(digits)));

/** What the runs of an arm came to, seed by seed. */
function outcomeOf(runs: readonly RawRun[], measures: Outcome): Outcome {
  const tests = runs.map(({ evaluations: [test] }) => test);
  const finished = tests.flatMap(
    ({ transfer }) =>
      transfer?.receivers.find(({ receiver }) => receiver === UNSEEN)?.transferability ?? [],
  );
  return {
    accuracy: places(
      tests.map((test) => test.accuracy ?? Number.NaN),
      3,
    ),
    ...(measures.maj_at_16 && {
      maj_at_16: places(
        tests.map((test) => test.maj_at_k[15]),
        3,
      ),
    }),
    ...(measures.tokens && {
      tokens: places(
        tests.map((test) => test.mean_length),
        1,
      ),
    }),
    ...(measures.public && {
      public: places(
        tests.map((test) => test.dialects?.public.share ?? Number.NaN),
        3,
      ),
    }),
    ...(measures.finished && { finished: places(finished, 3) }),
    ...(measures.critic &&
      runs.some((run) => criticAccuracy(run) !== undefined) && {
        critic: places(
          runs.map((run) => criticAccuracy(run) ?? Number.NaN),
          3,
        ),
      }),
    ...(measures.tournament && {
      tournament: places(
        tests.map((test) => test.tournament?.find(({ n }) => n === 16)?.winner ?? Number.NaN),
        3,
      ),
    }),
    ...(measures.chatter && {
      chatter: places(
        tests.map((test) => test.chatter ?? Number.NaN),
        3,
      ),
    }),
  };
}

describe.each(STUDIED)('the preset $preset', ({ preset: id, part, raw, arms }) => {
  const preset = findPreset(id);
  if (!preset) throw new Error(id);
  const first = presetExperiment(preset);
  const runs = [first, ...runsBeside(first, id).map(({ experiment }) => experiment)];
  const results = fileURLToPath(new URL(`../docs/results/${raw}`, import.meta.url));
  const all = readRaw(partFolder(results, part)).runs;

  const studied = settled(part, all);
  // An arm has no rate before its trials are there.
  const known = arms.every((arm) => studied.arms.some(({ id }) => id === arm));
  test.runIf(known)('trains what the study trains, run by run', () => {
    arms.forEach((arm, i) => {
      const [planned] = plan(studied, { arms: [arm], seeds: [1] });
      const parsed = parseExperiment(planned.experiment);
      if (!parsed.ok) throw new Error(parsed.problems[0].message);
      expect(trained(runs[i])).toEqual(trained(parsed.experiment));
    });
  });

  const { measured } = preset;
  test.runIf(measured)('says of itself what the study found', () => {
    if (!measured) return;
    const of = (arm: string) =>
      all
        .filter((run) => run.arm === arm && measured.seeds.includes(run.seed))
        .sort((a, b) => a.seed - b.seed);
    expect(of(arms[0]).map(({ seed }) => seed)).toEqual(measured.seeds);
    expect(measured.after).toEqual(outcomeOf(of(arms[0]), measured.after));
    expect(measured.beside ?? []).toEqual(
      arms
        .slice(1, 1 + (measured.beside?.length ?? 0))
        .map((arm) => outcomeOf(of(arm), measured.after)),
    );
  });
});
