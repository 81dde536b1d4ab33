import type { Preset } from './preset.ts';
import { CRITIC_POLICY, criticMethod, criticReasons, criticTask } from './raro-against-rlvr.ts';

/** What RARO's critic is good for after training: it chooses among the policy's answers. */
export const raroTournament: Preset = {
  id: 'raro-tournament',
  label: 'RARO’s tournament',
  question: 'Does the trained critic choose better among sixteen answers than a vote does?',
  experiment: {
    steps: 100,
    task: criticTask,
    policy: CRITIC_POLICY,
    method: criticMethod,
    evaluation: { every: 50, prompts: 32, samples: 16, tournament: 16 },
  },
  reasons: {
    ...criticReasons,
    steps: 'ours: as RARO against RLVR.',
    'evaluation.every':
      'ours: a tournament asks for more verdicts than there are answers, so it is held before, half-way and at the end.',
    'evaluation.prompts': 'ours: so that an evaluation takes no longer than some steps.',
    'evaluation.samples': 'ours: as many as play.',
    'evaluation.tournament': 'ours: four rounds; the chart also has those of 2, 4 and 8.',
  },
  expectation:
    'Expected before it was run: before training the critic judges little better than chance, so the winner is right hardly more often than one sample is, and less often than the majority. After it the winner lies above one sample by 10 points or more, and near the majority. So it came: three winners in four are right before, nearly all after. The vote among sixteen is right from the start on sums this short, so the critic cannot beat it here.',
  measured: {
    before: { accuracy: [0.706], maj_at_16: [1], tournament: [0.75] },
    after: {
      accuracy: [0.839, 0.846, 0.859, 0.836, 0.833],
      critic: [0.92, 0.921, 0.911, 0.93, 0.924],
      tournament: [1, 1, 0.99, 0.98, 1],
      maj_at_16: [1, 1, 1, 1, 1],
    },
    seeds: [1, 2, 3, 4, 5],
    minutes: 2.7,
    adapter: 'Mesa llvmpipe, two cores shared with other work; each run alone, from the study',
  },
};
