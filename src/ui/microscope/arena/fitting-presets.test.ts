import { expect, test } from 'vitest';
import { presetExperiment } from '../../../rl/experiment/presets/index.ts';
import { SCOPE_TASKS, scopeTaskOf } from '../scope-tasks.ts';
import { fittingPresets } from './fitting-presets.ts';

test('a task is given the presets that train a critic on it, or else the tasks that have one', () => {
  for (const { id } of SCOPE_TASKS) {
    const { here, elsewhere } = fittingPresets(id);
    for (const preset of here) {
      const { task, method } = presetExperiment(preset);
      expect([scopeTaskOf(task).id, 'tau_crit' in method]).toEqual([id, true]);
    }
    expect(here.length === 0).toBe(elsewhere.length > 0);
  }
  expect(fittingPresets('chain-critic').here.map(({ id }) => id)).toContain('raro-against-rlvr');
  expect(fittingPresets('word').elsewhere).toContain('Chain with a critic');
});
