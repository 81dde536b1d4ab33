/** Easy questions and answers that chatter: most groups differ in little else. */
import type { StudyPart } from '../lib/study.ts';
import { answerKindsProbe } from './kinds.ts';
import { chatterReport } from './report.ts';
import {
  beside,
  EVALUATION,
  erPenalty,
  FEW,
  METHOD,
  METRICS,
  o1Penalty,
  PPO,
  plainGrpo,
  SEEDS,
  selfAligned,
} from './setting.ts';

export const chatter: StudyPart = {
  id: 'chatter',
  title: 'Chatter',
  question:
    'Sums of two or three numbers, of which the warm start gets nine in ten right. Its traces chatter at four levels, drawn independently of the question and of whether the answer is right: fillers before steps, steps said again, a second check of the whole. No answer meets the token budget. So most answers to one question differ in little but chatter.',
  base: {
    steps: 100,
    task: { id: 'chain', min_terms: 2, max_terms: 3, largest_term: 9, answer_apart: true },
    policy: 'policies/chain-chatter',
    method: METHOD,
    evaluation: { every: 10, prompts: 48, samples: 4 },
  },
  arms: [
    plainGrpo,
    selfAligned(0.2),
    { ...selfAligned(0.1), seeds: FEW },
    { ...selfAligned(0.4), seeds: FEW },
    o1Penalty(0.1),
    { ...o1Penalty(0.05), seeds: FEW },
    erPenalty(0.1),
    { ...erPenalty(0.05), seeds: FEW },
    {
      id: 'permuted',
      label: 'R_SA permuted, 0.2',
      change: beside({ term: 'sar', weight: 0.2, permuted: true }),
    },
    {
      id: 'confidence',
      label: 'Confidence, 0.2',
      change: beside({ term: 'confidence', weight: 0.2 }),
      seeds: FEW,
    },
    {
      id: 'alone',
      label: 'R_SA alone',
      change: { rewards: [{ term: 'sar', weight: 1 }] },
      seeds: FEW,
    },
    { id: 'ppo', label: 'PPO', change: { ...beside(), method: PPO }, seeds: FEW },
    {
      id: 'ppo-sar-020',
      label: 'SA-PPO, α = 0.2',
      change: { ...beside({ term: 'sar', weight: 0.2 }), method: PPO },
      seeds: FEW,
    },
  ],
  seeds: SEEDS,
  metrics: METRICS,
  evaluation: EVALUATION,
  probe: answerKindsProbe,
  report: chatterReport,
};
