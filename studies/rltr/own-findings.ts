/** What is claimed here besides what the paper of RLTR found. */
import { type Finding, inPoints, inTimes } from '../lib/findings.ts';
import type { Results } from '../lib/results.ts';
import type { ResultsOf } from '../lib/study.ts';
import { BASE, KEPT, MAIN, over } from './compare.ts';
import { accuracy, publicShare } from './numbers.ts';
import { timeSpeedUp } from './race.ts';

export function ownFindings(of: ResultsOf): Finding[] {
  const [dialects, better, rare] = ['dialects', 'private', 'rare'].map(of);
  const [inDialects, inBetter, inRare] = [dialects, better, rare].map(over);
  const since = (arm: string, read: Parameters<Results['sinceStart']>[1]) =>
    better.mean(arm, better.sinceStart('test', read));
  const ours = { paper: '' } as const;
  return [
    {
      ...ours,
      text: 'The share of public answers follows the reward (RLTR less RLVR)',
      now: inPoints(inDialects(publicShare), 1),
      where: 'two dialects',
      yes: 'RLTR turns answers public, RLVR does not.',
      no: 'RLTR does not turn answers public.',
      headline: true,
    },
    {
      ...ours,
      text: 'It costs no accuracy where both dialects are equally good (RLTR less RLVR)',
      now: inPoints(inDialects(accuracy), 1, KEPT),
      where: 'two dialects',
      yes: 'RLTR is about as often right as RLVR, or more often.',
      no: 'RLTR is less often right than RLVR.',
    },
    {
      ...ours,
      text: 'It is what the reward says: the same reward permuted within its groups does not do it (RLTR less permuted, public share)',
      now: inPoints(inDialects(publicShare, MAIN, 'permuted'), 1),
      where: 'two dialects',
      yes: 'A reward of the same size and spread that says nothing leaves more answers private.',
      no: 'A reward that says nothing does the same.',
    },
    {
      ...ours,
      text: 'It is what the receiver is shown: with an empty prefix it does not do it (RLTR less blank, public share)',
      now: inPoints(inDialects(publicShare, MAIN, 'blank'), 1),
      where: 'two dialects',
      yes: 'A receiver that is shown nothing of the answer leaves more answers private.',
      no: 'A receiver that is shown nothing of the answer does the same.',
    },
    {
      ...ours,
      text: 'A random reward does not do it (RLTR less random, public share)',
      now: inPoints(inDialects(publicShare, MAIN, 'random'), 1),
      where: 'two dialects',
      yes: 'Chance leaves more answers private.',
      no: 'Chance does the same.',
    },
    {
      ...ours,
      text: 'The receiver is the cause: one that reads both dialects does not do it (RLTR less bilingual, public share)',
      now: inPoints(inDialects(publicShare, MAIN, 'bilingual'), 1),
      where: 'two dialects',
      yes: 'Which dialect wins depends on what the receiver can read.',
      no: 'A receiver that reads both dialects does the same.',
      headline: true,
    },
    {
      ...ours,
      text: 'RLVR gets more often right by turning private (accuracy, after training less before)',
      now: inPoints(
        since(BASE, (e) => e.accuracy),
        1,
      ),
      where: 'private one better',
      yes: 'Accuracy rises under RLVR.',
      no: 'Accuracy does not rise under RLVR.',
    },
    {
      ...ours,
      text: 'and its answers turn private (public share, after training less before)',
      now: inPoints(
        since(BASE, ({ dialects: shares }) => shares?.public?.share),
        -1,
      ),
      where: 'private one better',
      yes: 'RLVR’s answers turn private.',
      no: 'RLVR’s answers do not turn private.',
    },
    {
      ...ours,
      text: 'There RLTR pays with accuracy (b = 0.5, less RLVR)',
      now: inPoints(inBetter(accuracy), -1),
      where: 'private one better',
      yes: 'What others can finish is less often right.',
      no: 'RLTR is as often right as RLVR.',
    },
    {
      ...ours,
      text: 'Accuracy is higher than under RLVR',
      now: inPoints(inRare(accuracy), 1),
      where: 'rare answers',
      yes: 'RLTR is more often right.',
      no: 'RLTR is no more often right.',
      headline: true,
    },
    {
      ...ours,
      text: 'RLVR’s accuracy is reached in less time, too',
      now: inTimes(timeSpeedUp(rare, MAIN, BASE), 1),
      where: 'rare answers',
      yes: 'RLTR reaches what RLVR ends with sooner, although its steps take longer.',
      no: 'In time RLTR is not faster: its steps take longer.',
    },
  ];
}
