/** Policies that go wrong in different ways, and what a reward learned against one of them is asked. */
import type { Differences } from '../../src/rl/experiment/presets/preset.ts';
import { carryTask, GRANULARITIES, type Granularity, hopsTask } from './setting.ts';

export interface World {
  /** Short, for folders. */
  readonly id: string;
  readonly label: string;
  readonly policy: string;
  readonly task: Differences['task'];
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
    granularities: GRANULARITIES,
  },
  {
    id: 'rule',
    label: 'a carry forgotten in 6 of 10',
    policy: 'policies/chain-carry-rule',
    task: carryTask,
    granularities: ENDS,
  },
  {
    id: 'slips',
    label: 'slips at random',
    policy: 'policies/chain-steps',
    task: { id: 'chain', min_terms: 4, max_terms: 6 },
    granularities: ['dense'],
  },
  {
    id: 'hops',
    label: 'facts read backwards',
    policy: 'policies/hops-backwards',
    task: hopsTask,
    granularities: ENDS,
  },
];
