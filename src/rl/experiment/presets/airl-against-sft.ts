import { airlReasons, airlRun, POLICY_STEPS } from './airl.ts';
import type { Preset } from './preset.ts';

/** A reward learned from experts' traces, beside copying the traces and beside a verifier. */
export const airlAgainstSft: Preset = {
  id: 'airl-against-sft',
  label: 'AIRL against SFT and RLVR',
  question: 'Is it better to learn a reward from an expert’s traces than to copy them?',
  experiment: { ...airlRun, method: { ...airlRun.method, granularity: 'sparse' } },
  lead: 'AIRL',
  beside: [
    {
      label: 'SFT',
      changes: { 'method.name': 'sft', 'method.prompts_per_step': 64, steps: POLICY_STEPS },
      what: 'SFT copies as many of the expert’s traces in a step as AIRL’s discriminator sees, for as many steps as the policy of AIRL learns.',
    },
    {
      label: 'RLVR',
      changes: { 'method.name': 'grpo', steps: POLICY_STEPS },
      what: 'RLVR is paid by the verifier, which the others do not have.',
    },
    {
      label: 'Permuted',
      changes: { 'method.permuted': true },
      what: 'Permuted, the control, is AIRL whose policy is paid as much, but shuffled among the answers of a question, so that it says nothing.',
    },
  ],
  reasons: {
    ...airlReasons,
    'method.granularity': 'AIRL (paper): read once, at the last token, it trained most stably.',
  },
  expectation:
    'Expected before it was run: AIRL stands still for 60 steps and then climbs, without a verifier. Experts here show every step of a task in which nothing else goes wrong, so SFT has all that there is to learn before its eyes; RLVR comes furthest. The study found just that: SFT and RLVR end above nine in ten, AIRL, read at the last token, at half to two thirds. The control was not run in it: without a reward that says something, accuracy should stay where it began.',
  measured: {
    before: { accuracy: [0.438] },
    after: { accuracy: [0.506, 0.471, 0.667] },
    beside: [{ accuracy: [0.961, 0.963, 0.964] }, { accuracy: [0.929, 0.926, 0.922] }],
    seeds: [1, 2, 3],
    minutes: 7.7,
    allMinutes: 10.7,
    adapter: 'Mesa llvmpipe, two cores shared with much other work; each run alone, from the study',
  },
};
