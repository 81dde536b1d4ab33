import { airlReasons, airlRun } from './airl.ts';
import type { Preset } from './preset.ts';

/** Where the mistake is the rule, whoever counts votes counts the mistake. */
export const voteIsWrong: Preset = {
  id: 'vote-is-wrong',
  label: 'The vote is wrong',
  question: 'Who is right when most answers make the same mistake?',
  experiment: {
    ...airlRun,
    policy: 'policies/chain-carry-rule',
    evaluation: { ...airlRun.evaluation, samples: 16 },
  },
  reasons: {
    ...airlReasons,
    policy:
      'ours: its warm start forgot a carry in 6 of 10 additions that have one, so that a majority of its answers is wrong more often than one answer.',
    'evaluation.samples': 'ours: maj@16 is the vote.',
  },
  see: {
    label: 'Let votes, confidence and a learned reward choose among sixteen answers',
    query:
      '?page=microscope&scope=wrong&task=chain-carry&question=7%2B8%2B5%2B9:&policy=policies/chain-carry-rule&reward=reward-models/chain-carry&which=32',
  },
  expectation:
    'Expected before it was run: at first the majority of sixteen answers is right less often than one answer, and the policy’s own confidence chooses even worse. A learned reward knows what experts do and chooses rightly; the microscope shows it. Trained on that reward alone, the policy forgets fewer carries, and the vote comes right. The study found both: accuracy more than doubles on the mean of three seeds, and the vote goes from below one answer to above it. With a random reward nothing of that happens.',
  measured: {
    before: { accuracy: [0.267], maj_at_16: [0.18] },
    after: { accuracy: [0.695, 0.495, 0.545], maj_at_16: [0.82, 0.6, 0.62] },
    seeds: [1, 2, 3],
    minutes: 5.4,
    adapter: 'Mesa llvmpipe, two cores shared with much other work; each run alone, from the study',
  },
};
