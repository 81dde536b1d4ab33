/** Reward models alone. */
import type { StudyPart } from '../lib/study.ts';
import { findSection, judgeSection, rerankSection, transferSection } from './judge-sections.ts';
import { judgesProbe } from './judges.ts';
import { FEW, WARM_UP } from './setting.ts';

export const judges: StudyPart = {
  id: 'judges',
  title: 'Reward models alone',
  question: `No policy learns here. In each of four worlds a discriminator learns for ${WARM_UP} steps (in hops 240) to tell a policy that stands still from experts, three times with other seeds. It is then asked to choose among answers, to find the first wrong step, and to judge, on held-out questions, at home and in the other worlds.`,
  base: {},
  arms: [],
  seeds: FEW,
  metrics: [],
  evaluation: null,
  probe: judgesProbe,
  report: (results) => [
    ...rerankSection(results),
    ...findSection(results),
    ...judgeSection(results),
    ...transferSection(results),
  ],
};
