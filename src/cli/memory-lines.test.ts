import { expect, it } from 'vitest';
import { heldLine, plannedLine } from './memory-lines.ts';

const MIB = 2 ** 20;
const plan = {
  ...{ budget: 2048 * MIB, total: 30 * MIB, micro_batches: 3 },
  bytes: {
    ...{ weights: 2 * MIB, optimizer: 12 * MIB, reference: 0, activations: 10 * MIB },
    ...{ caches: 4 * MIB, answers: 0, learners: 0, receivers: 0, readback: 2 * MIB },
  },
};

it('says before a run what it will hold, for what, and how updates are cut', () => {
  expect(plannedLine(plan, 2048)).toBe(
    'GPU memory: 30.0 MiB planned of 2048.0 MiB (weights 2.0 MiB, optimizer 12.0 MiB, activations 10.0 MiB, caches 4.0 MiB, readback 2.0 MiB), an update in at most 3 micro-batches of 2048 tokens',
  );
});

it('says after a run how far it was from the plan', () => {
  expect(heldLine(plan, 33 * MIB)).toBe('GPU memory: 33.0 MiB at the peak, 10.0 % from the plan');
  expect(heldLine(plan, 27 * MIB)).toContain('-10.0 %');
});
