import { describe, expect, it } from 'vitest';
import { chartFile } from './chart-file.ts';

describe('the name of a saved chart', () => {
  const run = (label: string, seed?: number) => ({ label, seed });

  it('has the run, its seed once, and the chart', () => {
    expect(chartFile([run('Countdown, GRPO', 7)], 'rewards/answer')).toBe(
      'countdown-grpo-seed-7-rewards-answer',
    );
    expect(chartFile([run('Seed 7', 7)], 'kl')).toBe('seed-7-kl');
  });

  it('has every run of several, a common seed once, and others one by one', () => {
    expect(chartFile([run('RLTR', 1), run('RLVR', 1)], 'reward')).toBe('rltr-rlvr-seed-1-reward');
    expect(chartFile([run('RLTR', 1), run('RLTR', 2)], 'reward')).toBe('rltr-seeds-1-2-reward');
  });

  it('counts seeds that are too many to be named', () => {
    const runs = Array.from({ length: 16 }, (_, i) => run('GRPO', i));
    expect(chartFile(runs, 'kl')).toBe('grpo-16-seeds-kl');
  });

  it('is the chart alone before any run', () => {
    expect(chartFile([], 'kl')).toBe('kl');
  });
});
