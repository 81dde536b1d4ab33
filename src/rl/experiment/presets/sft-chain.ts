import type { Preset } from './preset.ts';

/** No rewards: what an expert wrote becomes more likely. */
export const sftChain: Preset = {
  id: 'sft-chain',
  label: 'Learning from an expert: SFT',
  question: 'How far does a policy come by copying an expert, without any reward?',
  experiment: {
    steps: 40,
    task: { id: 'chain' },
    policy: 'policies/chain-steps',
    method: { name: 'sft', prompts_per_step: 64, learning_rate: 1e-3, max_completion_length: 32 },
  },
  reasons: {
    steps: 'ours: most of the climb.',
    task: 'ours: sums modulo 100, the easiest task.',
    policy:
      'ours: it was taught sums of four to six numbers and fails at most of these, which are shorter.',
    'method.name': 'ours: the question.',
    'method.prompts_per_step': 'ours: 64 traces a step, since one trace a question is enough.',
    'method.learning_rate':
      'ours: above the presets with rewards. The expert’s gradient is steadier than one of sampled answers.',
    'method.max_completion_length': 'ours: three steps take 27 tokens at most.',
  },
  expectation:
    'The loss falls at once, and held-out accuracy rises from about one answer in seven to about one in two. There is no reward to watch: the samples are what the expert wrote.',
  measured: {
    before: { accuracy: [0.141, 0.105, 0.199] },
    after: { accuracy: [0.559, 0.488, 0.547] },
    seeds: [1, 2, 3],
    minutes: 0.3,
    adapter: 'Mesa llvmpipe, two cores shared with other work',
  },
};
