/** RARO against what has a verifier and what has none: can a policy learn from an expert's answers alone? */
import { againstPaper } from './lib/against-paper.ts';
import type { Study } from './lib/study.ts';
import { chain } from './raro/chain.ts';
import { countdownClassic, countdownSmall } from './raro/countdown.ts';
import { couplet } from './raro/couplet.ts';
import { ownFindings, paperFindings } from './raro/findings.ts';
import { sizes } from './raro/sizes.ts';

export const raro: Study = {
  name: 'raro',
  title: 'RARO, a critic in the verifier’s place',
  question:
    'There are questions with an expert’s answer, and no program that can judge. In RARO one model plays two roles: a policy that wants to be taken for the expert, and a critic that wants to tell them apart. Its authors report that this comes close to training with a verifier, and is far above what else can be done with answers alone.',
  parts: [chain, sizes, countdownSmall, countdownClassic, couplet],
  ...againstPaper(paperFindings, ownFindings),
};
