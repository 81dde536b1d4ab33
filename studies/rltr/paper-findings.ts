/** What the paper of RLTR found, old task beside new. */
import { type Finding, inPercent, inPoints, inTimes } from '../lib/findings.ts';
import { overhead } from '../lib/overhead.ts';
import { evaluated, majAt, passAt, type Results, transferTo } from '../lib/results.ts';
import type { ResultsOf } from '../lib/study.ts';
import { BASE, KEPT, MAIN, over } from './compare.ts';
import { handedUnseen, maj16, oodAccuracy, oodMaj16, pass16 } from './numbers.ts';
import { speedUp } from './race.ts';
import { UNSEEN } from './setting.ts';
import { BARE, maj64, startOf } from './steps/measures.ts';

/** A step may take this much longer before it is called dearer. */
const DEARER = 0.1;

export function paperFindings(of: ResultsOf): Finding[] {
  const [steps, dialects, better, rare] = ['steps', 'dialects', 'private', 'rare'].map(of);
  const [first, inDialects, inBetter, inRare] = [steps, dialects, better, rare].map(over);
  const toStart = transferTo(startOf(steps));
  const toUnseen = transferTo(UNSEEN);
  const since = (results: Results, arm: string, read: Parameters<Results['sinceStart']>[1]) =>
    results.mean(arm, results.sinceStart('test', read));
  return [
    {
      text: 'Maj@64 is higher than under RLVR',
      paper: '+3.6 points (MATH-500)',
      old: inPoints(first(maj64), 1),
      now: inPoints(inRare(maj16), 1),
      where: 'rare answers, Maj@16',
      yes: 'RLTR’s majority of sixteen answers is more often right than RLVR’s.',
      no: 'RLTR’s majority of sixteen answers is no more often right than RLVR’s.',
      headline: true,
    },
    {
      text: 'RLVR’s accuracy is reached in fewer steps',
      paper: 'about 2.5 x fewer',
      old: inTimes(speedUp(steps, MAIN, BASE), 1),
      now: inTimes(speedUp(rare, MAIN, BASE), 1),
      where: 'rare answers',
      yes: 'RLTR reaches what RLVR ends with in fewer steps.',
      no: 'RLTR takes at least as many steps to where RLVR ends.',
      headline: true,
    },
    {
      text: 'Transferability falls under RLVR (after training less before)',
      paper: 'falls, late',
      old: inPoints(since(steps, BASE, toStart), -1),
      now: inPoints(since(better, BASE, toUnseen), -1),
      where: 'private one better, a receiver that never trained',
      yes: 'Where the better dialect is one that nobody else reads, RLVR makes answers that others cannot finish.',
      no: 'RLVR’s answers do not get harder to finish.',
      headline: true,
    },
    {
      text: 'Transferability rises under RLTR (after training less before)',
      paper: 'rises',
      old: inPoints(since(steps, MAIN, toStart), 1),
      now: inPoints(since(better, MAIN, toUnseen), 1),
      where: 'private one better, a receiver that never trained',
      yes: 'RLTR makes answers that others can finish, even where this does not serve being right.',
      no: 'RLTR’s answers do not get easier to finish.',
      headline: true,
    },
    {
      text: 'Transferability is higher than under RLVR',
      paper: 'higher',
      old: inPoints(first(evaluated('test', toStart)), 1),
      now: inPoints(inDialects(handedUnseen), 1),
      where: 'two dialects, a receiver that never trained',
      yes: 'A receiver that took no part in training finishes RLTR’s answers more often.',
      no: 'A receiver that took no part in training finishes RLTR’s answers no more often.',
      headline: true,
    },
    {
      text: 'Maj@16 falls under RLVR (after training less before)',
      paper: '81.2 to 80.2',
      old: inPoints(since(steps, BASE, majAt(16)), -1),
      now: inPoints(since(rare, BASE, majAt(16)), -1),
      where: 'rare answers',
      yes: 'Under RLVR majorities get worse.',
      no: 'Under RLVR majorities do not get worse.',
    },
    {
      text: 'Maj@16 rises under RLTR (after training less before)',
      paper: 'rises',
      old: inPoints(since(steps, MAIN, majAt(16)), 1),
      now: inPoints(since(rare, MAIN, majAt(16)), 1),
      where: 'rare answers',
      yes: 'Under RLTR majorities get better.',
      no: 'Under RLTR majorities do not get better.',
    },
    {
      text: 'A larger b gains more Maj@64 (old: b = 1 less b = 0.25; new: b = 1 less b = 0.5)',
      paper: 'more',
      old: inPoints(first(maj64, 'b100', 'b025'), 1),
      now: inPoints(inBetter(maj16, 'b100', MAIN), 1),
      where: 'private one better, Maj@16',
      yes: 'A larger b makes better majorities.',
      no: 'A larger b makes no better majorities: it pays for answers that others can finish.',
    },
    {
      text: 'A more capable receiver gains more Maj@64 (stronger less weaker)',
      paper: 'more',
      old: inPoints(first(maj64, 'strong', 'weak'), 1),
      where: 'old task only',
      yes: 'A stronger receiver makes better majorities.',
      no: 'A stronger receiver makes no better majorities.',
    },
    {
      text: 'The gain in accuracy stays out of distribution',
      paper: '89.1 to 92.0 (GSM8K)',
      old: inPoints(first(oodAccuracy), 1),
      now: inPoints(inRare(oodAccuracy), 1),
      where: 'rare answers, one number more than ever trained on',
      yes: 'With one number more than ever trained on RLTR is still more often right.',
      no: 'With one number more than ever trained on RLTR is no more often right.',
    },
    {
      text: 'The gain in Maj@64 stays out of distribution',
      paper: '92.7 to 94.2 (GSM8K)',
      old: inPoints(first(evaluated('ood', majAt(64))), 1),
      now: inPoints(inRare(oodMaj16), 1),
      where: 'rare answers, one number more than ever trained on, Maj@16',
      yes: 'With one number more than ever trained on RLTR’s majorities are still better.',
      no: 'With one number more than ever trained on RLTR’s majorities are no better.',
    },
    {
      text: 'Pass@64 is kept (against RLVR)',
      paper: 'kept',
      old: inPoints(first(evaluated('test', passAt(64))), 1, KEPT),
      now: inPoints(inRare(pass16), 1, KEPT),
      where: 'rare answers, pass@16',
      yes: 'RLTR finds a right answer among sixteen about as often as RLVR, or more often.',
      no: 'RLTR finds a right answer among sixteen less often than RLVR.',
    },
    {
      text: 'A step takes hardly longer (the reward against the rest of the step)',
      paper: '+7 %',
      old: inPercent(steps.mean(BARE, overhead), -1, DEARER),
      now: inPercent(dialects.mean(MAIN, overhead), -1, DEARER),
      where: 'two dialects, one continuation an answer',
      yes: 'The reward costs little beside the rest of a step.',
      no: 'The reward costs much of a step here: the receiver is about as large as the policy.',
    },
  ];
}
