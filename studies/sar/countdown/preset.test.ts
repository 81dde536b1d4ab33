import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { presetExperiment } from '../../../src/rl/experiment/presets/index.ts';
import { sarAgainstGrpo } from '../../../src/rl/experiment/presets/sar-against-grpo.ts';
import { type Experiment, parseExperiment } from '../../../src/rl/experiment/schema.ts';
import { plan } from '../../lib/plan.ts';
import { readRaw } from '../../lib/raw.ts';
import { countdown } from './part.ts';

/** What bears on training. */
function trained({ task, policy, steps, rewards, method }: Experiment) {
  return { task, policy, steps, rewards, method };
}

describe('the preset SA-GRPO against GRPO', () => {
  const arm = (id: string) => {
    const parsed = parseExperiment(plan(countdown, { arms: [id], seeds: [1] })[0].experiment, {
      policies: [countdown.base.policy ?? ''],
    });
    if (!parsed.ok) throw new Error(parsed.problems[0].message);
    return trained(parsed.experiment);
  };
  const preset = trained(presetExperiment(sarAgainstGrpo));

  test('trains what the study trained, so that its numbers are the study’s', () => {
    expect(preset).toEqual(arm('sar-020'));
  });

  test('and its second run only watches the term that plain GRPO has not, the third permutes it', () => {
    expect(sarAgainstGrpo.beside?.map(({ changes }) => changes)).toEqual([
      { 'rewards.1.weight': 0 },
      { 'rewards.1.permuted': true },
    ]);
    expect({ ...preset, rewards: preset.rewards.slice(0, 1) }).toEqual(arm('grpo'));
  });

  test('says of itself what the study found', () => {
    const raw = readRaw(fileURLToPath(new URL('../../../docs/results/sar/raw', import.meta.url)));
    const found = (id: string) => {
      const runs = raw.runs.filter((run) => run.arm === id).sort((a, b) => a.seed - b.seed);
      return runs.map(({ seed, evaluations: [test] }) => ({ seed, test }));
    };
    const { measured } = sarAgainstGrpo;
    const places = (values: readonly number[], digits: number) =>
      values.map((value) => Number(value.toFixed(digits)));
    const [own, plain] = [found('sar-020'), found('grpo')];
    expect(measured?.seeds).toEqual(own.map(({ seed }) => seed));
    for (const [runs, said, tokens] of [
      [own, measured?.after.accuracy, measured?.after.tokens],
      [plain, measured?.beside?.[0].accuracy, measured?.beside?.[0].tokens],
    ] as const) {
      expect(said).toEqual(
        places(
          runs.map(({ test: { accuracy = Number.NaN } }) => accuracy),
          3,
        ),
      );
      expect(tokens).toEqual(
        places(
          runs.map(({ test: { mean_length } }) => mean_length),
          1,
        ),
      );
    }
    const [start] = raw.starts.flatMap(({ evaluations }) => evaluations);
    expect(measured?.before.accuracy).toEqual(places([start.accuracy ?? Number.NaN], 3));
    expect(measured?.before.tokens).toEqual(places([start.mean_length], 1));
  });
});
