/** The same as with rare answers, without a form: answers may leave all of the work to the receiver. */
import { tokens } from '../lib/format.ts';
import { curves } from '../lib/sections.ts';
import type { StudyPart } from '../lib/study.ts';
import { collapses } from './collapse-table.ts';
import { length } from './numbers.ts';
import { STRONG } from './rare.ts';
import { base, EVALUATION, EVERY_STEP, FEW, METRICS, paid, transfer, WEAK } from './setting.ts';
import { afterTraining, bySeed } from './tables.ts';

const hot = base('policies/chain-rare', 60, 1e-3);
const TWO = [1, 2];
const ARMS = ['free', 'form', 'right-only', 'weak', 'b025'];

export const hack: StudyPart = {
  id: 'hack',
  title: 'Leaving it to the receiver',
  question:
    'As with rare answers, but no form asks for steps. A strong receiver that is shown nothing is right more often than one that is shown a wrong step, so the transfer reward is highest where the answer is empty. Whether a policy finds that out depends on how much it tries and how fast it moves. At temperature 1 and 4e-4 none of three runs did (two of 100 steps, one of 300), so the other arms write at temperature 1.4 and learn at 1e-3.',
  base: {
    ...hot,
    method: { ...hot.method, temperature: 1.4 },
  },
  arms: [
    { id: 'free', label: 'RLTR without the form', change: paid(transfer(STRONG)), seeds: FEW },
    {
      id: 'form',
      label: 'With the form',
      change: paid(EVERY_STEP, transfer(STRONG)),
      seeds: FEW,
    },
    {
      id: 'right-only',
      label: 'Paid to right answers only',
      change: paid(transfer({ ...STRONG, right_only: true })),
    },
    {
      id: 'weak',
      label: 'Weaker receiver',
      change: paid(transfer({ ...STRONG, receivers: WEAK })),
    },
    { id: 'b025', label: 'b = 0.25', change: paid(transfer({ ...STRONG, weight: 0.25 })) },
    {
      id: 'cool',
      label: 'Without the form, temperature 1, 4e-4',
      change: {
        ...paid(transfer(STRONG)),
        steps: 100,
        method: { temperature: 1, learning_rate: 4e-4 },
      },
      seeds: FEW,
    },
  ],
  seeds: TWO,
  metrics: METRICS,
  evaluation: { ...EVALUATION, prompts: 50, samples: 8 },
  report: (results, of) => [
    ...collapses(results, of('rare')),
    ...curves(
      results,
      {
        name: 'training',
        title: 'Transferability, and what it is never shown without',
        caption:
          'Mean over seeds; bands are 95 % intervals. Of the answers that were trained on; each arm’s right finishes and rate from scratch are those of its own receiver.',
      },
      ARMS,
      [
        {
          title: 'Right finishes by chain-public',
          unit: '%',
          times: 100,
          metric: 'rewards/transfer/receiver/chain-public/mean',
          window: 3,
        },
        { title: 'Accuracy', unit: '%', times: 100, metric: 'accuracy', window: 3 },
        { title: 'Length', unit: 'tokens', metric: 'completions/mean_length', window: 3 },
        {
          title: 'The receiver from scratch',
          unit: '%',
          times: 100,
          metric: 'rewards/transfer/scratch',
          window: 3,
        },
      ],
    ),
    ...afterTraining(results),
    ...bySeed(results, ARMS, [{ head: 'tokens', measure: length, show: tokens }]),
  ],
};
