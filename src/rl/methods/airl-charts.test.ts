import { describe, expect, test } from 'vitest';
import { crossEntropy, pairLoss } from '../airl/discriminator-loss.ts';
import { parseExperiment } from '../experiment/schema.ts';
import { methodOf } from './index.ts';
import { WATCHED } from './method.ts';

function chartsOf(settings: object = {}) {
  const parsed = parseExperiment({ method: { name: 'airl', ...settings } });
  if (!parsed.ok) throw new Error(parsed.problems[0].message);
  const { own = [], watched, alone } = methodOf(parsed.experiment.method).charts;
  const chart = (column: string) => own.find((one) => one.column === column);
  return { chart, watched, alone };
}

describe('the charts of a learned reward', () => {
  test('compare the discriminator’s loss with that of one that guesses, whatever its labels are smoothed to', () => {
    const [level] = chartsOf().chart('discriminator/loss')?.levels ?? [];
    expect(level.value).toBeCloseTo(pairLoss(0).loss, 12);
    for (const smoothing of [0, 0.1, 0.4])
      expect(level.value).toBeCloseTo(crossEntropy(0, true, smoothing).loss, 12);
  });

  test('have a line for perturbed experts where there are some', () => {
    const lines = (perturbed_share: number) =>
      chartsOf({ perturbed_share })
        .chart('discriminator/expert')
        ?.beside?.map(({ name }) => name);
    expect(lines(0.5)).toEqual(['policy', 'perturbed']);
    expect(lines(0)).toEqual(['policy']);
  });

  test('say how long the discriminator learns alone, where it does', () => {
    const alone = (reward_warmup_steps: number) => chartsOf({ reward_warmup_steps }).alone;
    expect(alone(60)?.steps).toBe(60);
    expect(alone(60)?.why).toContain('first 60 steps');
    expect(alone(0)).toBeUndefined();
  });

  test('say what the verifier does: it is watched, or labels traces', () => {
    expect(chartsOf().watched).toBe(WATCHED);
    expect(chartsOf({ label_switching: true }).watched).toMatch(/^labels traces/);
  });

  test('explain each quantity of the discriminator', () => {
    const { chart } = chartsOf();
    for (const name of ['accuracy', 'calibration_error', 'loss', 'gap', 'expert'])
      expect(chart(`discriminator/${name}`)?.help).toMatch(/\.$/);
  });
});
