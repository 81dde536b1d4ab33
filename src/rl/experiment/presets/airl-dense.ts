import { airlReasons, airlRun } from './airl.ts';
import type { Preset } from './preset.ts';

/** The learned reward read at every token, beside once. */
export const airlDense: Preset = {
  id: 'airl-dense',
  label: 'AIRL: dense against sparse',
  question: 'Does a learned reward teach more when it is read at every token?',
  experiment: airlRun,
  lead: 'Dense',
  beside: [
    {
      label: 'Sparse',
      changes: { 'method.granularity': 'sparse' },
      what: 'The second run reads the reward once, at the last token, and teaches its discriminator there alone.',
    },
  ],
  reasons: airlReasons,
  expectation:
    'Expected before it was run: both climb once the discriminator has learned alone for 60 steps. In the paper dense rewards are the hardest to train with; here, where an error is one token, dense ends ahead. Watch how well experts are told from the policy: it gets harder as the policy gets better. The study found dense ahead in two seeds of three, which decides nothing.',
  measured: {
    before: { accuracy: [0.438] },
    after: { accuracy: [0.701, 0.599, 0.607] },
    beside: [{ accuracy: [0.506, 0.471, 0.667] }],
    seeds: [1, 2, 3],
    minutes: 7.8,
    allMinutes: 15.5,
    adapter: 'Mesa llvmpipe, two cores shared with much other work; each run alone, from the study',
  },
};
