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
    'Expected before it was run: with ties four verdicts in five come to be ties, nearly all on equal answers. Without them there are next to none; the critic names the expert’s more often where answers differ, and yet the policy ends 3 to 7 points lower, because a guess between two right answers is noise in its reward. The study found the 5 points, and a critic that is right less often without ties, not more.',
  measured: {
    before: { accuracy: [0.706] },
    after: { accuracy: [0.839, 0.846, 0.859], critic: [0.92, 0.921, 0.911] },
    beside: [{ accuracy: [0.794, 0.788, 0.79], critic: [0.826, 0.805, 0.818] }],
    seeds: [1, 2, 3],
    minutes: 2.6,
    adapter: 'Mesa llvmpipe, two cores shared with other work; each run alone, from the study',
  },
};
