import { describe, expect, test } from 'vitest';
import { parseExperiment } from '../experiment/schema.ts';
import { methodOf } from './index.ts';

function chartsOf(settings: object) {
  const parsed = parseExperiment({ method: { name: 'raro', ...settings } });
  if (!parsed.ok) throw new Error(parsed.problems[0].message);
  return methodOf(parsed.experiment.method).charts;
}
const levels = (settings: object) =>
  chartsOf(settings).main?.levels?.map(({ value, name }) => [value, name]);
const columns = (settings: object) => chartsOf(settings).own?.map(({ column }) => column);

describe('the charts of RARO', () => {
  test('have both rewards on one axis, with what a critic that always ties and one that guesses would be paid', () => {
    const { main, watched } = chartsOf({});
    expect([main?.column, main?.beside?.[0].column]).toEqual([
      ...['rewards/policy/mean', 'rewards/critic/mean'],
    ]);
    expect(levels({})).toEqual([
      [0.6, 'policy, if it always ties'],
      [0.55, 'critic, if it always ties'],
      [0.5, 'both, if it guesses'],
    ]);
    expect(watched).toMatch(/pays nobody/);
  });

  test('have no line of ties where ties pay nobody, or where there are none', () => {
    for (const settings of [{ tau_pol: 0, tau_crit: 0 }, { binary_critic: true }]) {
      expect(levels(settings)).toEqual([[0.5, 'both, if it guesses']]);
    }
    expect(levels({ tau_pol: 0.7, tau_crit: 0.7 })).toEqual([
      [0.7, 'both, if it always ties'],
      [0.5, 'both, if it guesses'],
    ]);
  });

  test('count ties, order and age only where there are any', () => {
    expect(columns({})).toEqual(
      expect.arrayContaining(['critic/tie_rate', 'critic/order_bias', 'critic/replay_age']),
    );
    expect(columns({ binary_critic: true })).not.toContain('critic/tie_rate');
    expect(columns({ replay_share: 0 })).not.toContain('critic/replay_age');
  });
});
