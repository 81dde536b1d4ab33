/** The smallest study: shows within a minute that the machinery works, and answers no question. */
import { inPoints, ownTable } from './lib/findings.ts';
import { percent, plain } from './lib/format.ts';
import { heading, subheading } from './lib/report.ts';
import { evaluated, last, type Results, transferTo } from './lib/results.ts';
import { armTable, curves, effects, evaluatedColumn, kCurves } from './lib/sections.ts';
import type { Study, StudyPart } from './lib/study.ts';

const START = 'policies/chain-nano';

const accuracy = evaluated('test', (e) => e.accuracy);

function report(results: Results) {
  return [
    subheading('Numbers'),
    ...armTable(results, [
      evaluatedColumn('Accuracy, %', 'test', (e) => e.accuracy, percent),
      evaluatedColumn('Right finishes, %', 'test', transferTo(START), percent),
      { head: 'Last reward', measure: last('reward'), show: plain },
    ]),
    ...curves(
      results,
      { name: 'curves', title: 'Curves', caption: 'Bands are 95 % intervals over seeds.' },
      ['slow', 'fast'],
      [
        { title: 'Reward', metric: 'reward' },
        { title: 'Held-out accuracy', unit: '%', times: 100, metric: 'eval/accuracy' },
      ],
    ),
    ...kCurves(
      results,
      { name: 'k', title: 'Maj@k and Pass@k', caption: 'Against k.', split: 'test' },
      ['slow', 'fast'],
    ),
    ...effects(results, {
      name: 'effects',
      title: 'Accuracy against the slow arm',
      axis: 'points',
      caption: 'With 95 % intervals.',
      base: 'slow',
      measure: accuracy,
    }),
  ];
}

export const trial: StudyPart = {
  id: 'trial',
  title: 'A trial',
  question: 'Two learning rates, three steps, a receiver.',
  base: {
    steps: 3,
    task: { id: 'chain' },
    policy: START,
    method: {
      loss_type: 'dr_grpo',
      scale_rewards: 'none',
      num_generations: 4,
      prompts_per_step: 4,
      max_completion_length: 32,
    },
    rewards: [{ term: 'answer' }, { term: 'transfer', weight: 0.5 }],
    evaluation: { every: 1, prompts: 8, samples: 2, receivers: 'policy' },
  },
  arms: [
    { id: 'slow', label: 'Slow', change: { method: { learning_rate: 1e-4 } } },
    { id: 'fast', label: 'Fast', change: { method: { learning_rate: 1e-3 } } },
  ],
  seeds: [1, 2],
  metrics: ['rewards/transfer/*'],
  evaluation: { splits: ['test', 'ood'], prompts: 8, samples: 8, receivers: [START] },
  report,
};

export const smoke: Study = {
  name: 'smoke',
  title: 'Smoke study',
  question: 'A check of the study machinery, not of an idea. Nothing follows from it.',
  trial: true,
  parts: [trial],
  verdicts: (of) => [
    heading('A verdict'),
    ...ownTable([
      {
        text: 'A larger learning rate is better',
        paper: '',
        now: inPoints(of('trial').difference('fast', 'slow', accuracy), 1),
        where: 'three steps',
        yes: 'It is better.',
        no: 'It is no better.',
      },
    ]),
  ],
};
