import type { Preset } from './preset.ts';
import { CRITIC_POLICY, criticMethod, criticReasons, criticTask } from './raro-against-rlvr.ts';

/** RARO's failure: a critic that cannot tell pays by chance, or ties for ever. */
export const blindCritic: Preset = {
  id: 'blind-critic',
  label: 'A blind critic: RARO’s failure',
  question: 'What does a policy learn from a critic that cannot tell answers apart?',
  experiment: {
    steps: 100,
    task: criticTask,
    policy: CRITIC_POLICY,
    method: { ...criticMethod, critic_reasoning: false },
    evaluation: { every: 20 },
  },
  lead: 'Blind',
  beside: [
    {
      label: 'Blind, no ties',
      changes: { 'method.tau_crit': 0, 'method.tau_pol': 0 },
      what: 'In the second run the blind critic cannot retreat to ties.',
    },
    {
      label: 'Sees',
      changes: { 'method.critic_reasoning': true },
      what: 'The third critic works the answer out first.',
    },
  ],
  reasons: {
    ...criticReasons,
    steps: 'ours: as RARO against RLVR.',
    'method.critic_reasoning':
      'ours: a critic of this size that must give its verdict at once cannot work the sum out, so it is blind.',
    'evaluation.every': 'ours: a step of RARO is long, and the evaluation adds to it.',
  },
  expectation:
    'Expected before it was run: the blind critic’s best pick stays right less often than a tie pays, so it comes to tie always; both rewards go to the lines of a critic that always ties, and the policy stays where it was or loses 3 to 10 points to noise. Without ties it guesses for ever, and one run in three may be ruined. The critic that sees lifts the policy. In the study none was ruined: both blind ones cost the policy one to two points.',
  measured: {
    before: { accuracy: [0.706] },
    after: { accuracy: [0.698, 0.68, 0.689], critic: [0.592, 0.519, 0.677] },
    beside: [
      { accuracy: [0.696, 0.669, 0.699], critic: [0.488, 0.502, 0.502] },
      { accuracy: [0.839, 0.846, 0.859], critic: [0.92, 0.921, 0.911] },
    ],
    seeds: [1, 2, 3],
    minutes: 1.3,
    allMinutes: 5.6,
    adapter: 'Mesa llvmpipe, two cores shared with other work; each run alone, from the study',
  },
};
