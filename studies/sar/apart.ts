/** Where R_SA and penalties on length might part: answers whose long part carries weight. */
import type { StudyPart } from '../lib/study.ts';
import { chatterReport } from './report.ts';
import {
  EVALUATION,
  erPenalty,
  METHOD,
  METRICS,
  o1Penalty,
  plainGrpo,
  SEEDS,
  selfAligned,
} from './setting.ts';

export const apart: StudyPart = {
  id: 'apart',
  title: 'Where a penalty on length might part from R_SA',
  question:
    'Sums of three or four numbers. The traces of the warm start chatter, and a second check of the whole finds slips: the answer follows it. So one long part of an answer carries weight and another does not, and a penalty on length cannot tell them apart.',
  base: {
    steps: 100,
    task: { id: 'chain', min_terms: 3, max_terms: 4, largest_term: 9, answer_apart: true },
    policy: 'policies/chain-checks',
    method: { ...METHOD, max_completion_length: 200 },
    evaluation: { every: 10, prompts: 48, samples: 4 },
  },
  arms: [plainGrpo, selfAligned(0.2), o1Penalty(0.1), erPenalty(0.1)],
  seeds: SEEDS,
  metrics: METRICS,
  evaluation: EVALUATION,
  report: chatterReport,
};
