import type { Preset } from './preset.ts';
import { CRITIC_POLICY, criticMethod, criticReasons, criticTask } from './raro-against-rlvr.ts';

/** What a tie is good for: a critic that may say that it cannot tell, and one that must guess. */
export const raroTies: Preset = {
  id: 'raro-ties',
  label: 'RARO with and without ties',
  question: 'Does it help that the critic may say that it cannot tell?',
  experiment: {
    steps: 100,
    task: criticTask,
    policy: CRITIC_POLICY,
    method: criticMethod,
    evaluation: { every: 25 },
  },
  lead: 'With ties',
  beside: [
    {
      label: 'Without ties',
      changes: { 'method.tau_crit': 0, 'method.tau_pol': 0 },
      what: 'In the second run a tie pays nobody, so that the critic had better guess.',
    },
  ],
  reasons: {
    ...criticReasons,
    steps: 'ours: as RARO against RLVR.',
    'evaluation.every': 'ours: a step of RARO is long, and the evaluation adds to it.',
  },
  expectation:
    'Expected before it was run, and not yet measured here: with ties four verdicts in five come to be ties, nearly all on equal answers. Without them there are next to none; the critic names the expert’s more often where answers differ, and yet the policy ends 3 to 7 points lower, because a guess between two right answers is noise in its reward.',
};
