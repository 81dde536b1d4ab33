/** RARO on chains: beside what has a verifier, what has an expert's answers alone, and its own ablations. */
import type { StudyPart } from '../lib/study.ts';
import { tuningTable } from '../lib/tuning-table.ts';
import { ARMS, WITHOUT_CRITIC } from './chain-arms.ts';
import { RARO, RLVR, SFT } from './numbers.ts';
import { watchedReport } from './sections.ts';
import { base, EVALUATION, METRICS, SEEDS } from './setting.ts';

export const chain: StudyPart = {
  id: 'chain',
  title: 'Chains',
  question:
    'Sums of three or four numbers, of which the policy gets two in three right. There is an expert’s answer to every question, without its steps. The policy knows the critic’s form from its warm start, where four in ten of its verdicts followed its own comparison and the others were drawn at random. All arms make the same number of updates on the same questions. RLVR alone has the verifier. Arms without a critic are each tried at three learning rates; RARO and all that is changed in it keep 2e-4, which a pilot with seed 11 found good, so the search favours the others.',
  base,
  arms: ARMS,
  seeds: SEEDS,
  tuning: { learning_rates: [1e-4, 2e-4, 4e-4], seed: 11, arms: WITHOUT_CRITIC },
  metrics: METRICS,
  evaluation: EVALUATION,
  report: (results) => [
    ...tuningTable(chain, results),
    ...watchedReport(results, {
      drawn: [RARO, RLVR, SFT, 'logit', 'dpo-answers'],
      critics: [RARO, 'no-tie', 'blind', 'separate', 'no-replay'],
      ...{ players: [RARO, 'no-tie'], told: [RARO, RLVR, SFT, 'no-tie'] },
    }),
  ],
};
