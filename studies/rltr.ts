/** RLTR against plain verifiable rewards: does a reward for steps that another model can continue from change what is learned? */
import { againstPaper } from './lib/against-paper.ts';
import type { Study } from './lib/study.ts';
import { dialects } from './rltr/dialects.ts';
import { hack } from './rltr/hack.ts';
import { ownFindings } from './rltr/own-findings.ts';
import { paperFindings } from './rltr/paper-findings.ts';
import { privateBetter } from './rltr/private.ts';
import { rare } from './rltr/rare.ts';
import { steps } from './rltr/steps/part.ts';

export const rltr: Study = {
  name: 'rltr',
  title: 'RLTR against RLVR',
  question:
    'RLVR pays for the right answer alone. RLTR also pays where another, frozen model that is shown the beginning of an answer finishes it rightly. Its authors report better majorities, fewer steps to the same accuracy and reasoning that others can go on from. Here both are trained on sums of several numbers, one addition a step, from the same warm start.',
  parts: [dialects, privateBetter, rare, hack, steps],
  ...againstPaper(
    paperFindings,
    ownFindings,
    'The private dialect was put into the warm start on purpose. The runs show what each reward prefers, not that such dialects arise by themselves.',
  ),
};
