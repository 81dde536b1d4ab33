/** The same as with rare answers, without a form: answers may leave all of the work to the receiver. */
import type { StudyPart } from '../lib/study.ts';
import { STRONG } from './rare.ts';
import { base, EVALUATION, FEW, METRICS, paid, TWO, transfer, WEAK } from './setting.ts';

export const hack: StudyPart = {
  id: 'hack',
  title: 'Leaving it to the receiver',
  question:
    'As with rare answers, but no form asks for steps. A strong receiver that is shown nothing is right more often than one that is shown a wrong step, so the transfer reward is highest where the answer is empty.',
  base: base('policies/chain-rare', 200),
  arms: [
    { id: 'free', label: 'RLTR without the form', change: paid(transfer(STRONG)), seeds: FEW },
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
  ],
  seeds: TWO,
  metrics: METRICS,
  evaluation: EVALUATION,
  report: () => [],
};
