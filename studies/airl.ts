/** AIRL: a reward learned from experts' traces, as what trains a policy, as what chooses, and as what finds errors. */
import { chain } from './airl/chain.ts';
import { ownFindings, paperFindings } from './airl/findings.ts';
import { hops } from './airl/hops.ts';
import { judges } from './airl/judge-part.ts';
import { rule } from './airl/rule.ts';
import { shown } from './airl/shown.ts';
import { countdown, word } from './airl/slips.ts';
import { againstPaper } from './lib/against-paper.ts';
import type { Study } from './lib/study.ts';

export const airl: Study = {
  name: 'airl',
  title: 'AIRL, a reward learned from experts’ traces',
  question:
    'There are questions with an expert’s worked answer, and no program that can judge. A discriminator learns to tell the expert’s traces from the policy’s, and what it says is the reward. Its authors report that this trains better policies than copying the traces, that the reward chooses well among answers, and that read densely it says where a trace goes wrong.',
  parts: [chain, rule, hops, countdown, word, shown, judges],
  ...againstPaper(paperFindings, ownFindings),
};
