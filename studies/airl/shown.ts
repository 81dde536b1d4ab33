/** OPSD with a policy that can read what its teacher is shown, beside what else learns from the same traces. */
import type { StudyPart } from '../lib/study.ts';
import { airlReport, chain } from './chain.ts';
import { byGranularity, FEW, OPSD, opsd, RANDOM, rivals, SFT } from './setting.ts';

const beside = [
  ...byGranularity.filter(({ id }) => id === 'dense'),
  ...rivals.filter(({ id }) => id === SFT || id === RANDOM),
];

export const shown: StudyPart = {
  id: 'shown',
  title: 'Chains, a policy that can read a trace',
  question:
    'In OPSD the policy that is shown the expert’s trace is the teacher, so it must be able to read one. The policy of the other parts has never seen a trace in its prompt. The warm start of this one showed the expert its own trace in three sequences of ten, and there it wrote it again; in the others a carry was forgotten in 4 of 10, as before.',
  base: { ...chain.base, policy: 'policies/chain-carry-shown' },
  arms: [opsd, ...beside],
  seeds: FEW,
  metrics: [...chain.metrics, 'teacher/divergence'],
  evaluation: chain.evaluation,
  report: (results) => airlReport(results, [], [OPSD]),
};
