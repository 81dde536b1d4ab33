/** Policies that go wrong in different ways, and what a reward learned against one of them is asked. */
import type { Differences } from '../../src/rl/experiment/presets/preset.ts';
import { carryTask, GRANULARITIES, type Granularity, hopsTask, WARM_UP } from './setting.ts';

export interface World {
  /** Short, for folders. */
  readonly id: string;
  readonly label: string;
  readonly policy: string;
  readonly task: Differences['task'];
  /** Steps in which a discriminator learns. */
  readonly steps: number;
  /** Where its rewards are read, each in a model of its own. */
  readonly granularities: readonly Granularity[];
}

const ENDS = ['sparse', 'dense'] as const;

export const WORLDS: readonly World[] = [
  {
    id: 'carry',
    label: 'a carry forgotten in 4 of 10',
    policy: 'policies/chain-carry',
    task: carryTask,
    steps: WARM_UP,
    granularities: GRANULARITIES,
  },
  {
    id: 'rule',
    label: 'a carry forgotten in 6 of 10',
    policy: 'policies/chain-carry-rule',
    task: carryTask,
    steps: WARM_UP,
    granularities: ENDS,
  },
  {
    id: 'slips',
    label: 'slips at random',
    policy: 'policies/chain-steps',
    task: { id: 'chain', min_terms: 4, max_terms: 6 },
    steps: WARM_UP,
    granularities: ['dense'],
  },
  {
    id: 'hops',
    label: 'facts read backwards',
    policy: 'policies/hops-backwards',
    task: hopsTask,
    // After 60 it did not tell experts from the policy (AUROC 0.53).
    steps: 240,
    granularities: ENDS,
  },
];
