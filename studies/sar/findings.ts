/** What the paper of SAR found, old task beside new, and what is claimed here besides. */
import type { Test } from '../lib/claims.ts';
import { type Finding, inPercent, inPoints, inTimes } from '../lib/findings.ts';
import { overhead } from '../lib/overhead.ts';
import type { Results } from '../lib/results.ts';
import type { ResultsOf } from '../lib/study.ts';
import { aboveAtEqualLength } from './equal-length.ts';
import { kindTests } from './kinds.ts';
import { accuracy, BASE, chatterShare, length, MAIN } from './numbers.ts';

/** R_SA may take this share of the rest of a step before it is called dear. */
const DEARER = 0.05;
/** Losing less than this is keeping. */
const KEPT = -0.02;

/** The tests of the paper's findings about training, which are the same on every task. */
function tests(results: Results) {
  const times = (measure: typeof length, direction: 1 | -1, arm = MAIN, base = BASE, border = 1) =>
    inTimes(results.ratio(arm, base, measure), direction, border);
  return {
    accuracy: times(accuracy, 1),
    length: times(length, -1),
    ppoAccuracy: times(accuracy, 1, 'ppo-sar-020', 'ppo'),
    ppoLength: times(length, -1, 'ppo-sar-020', 'ppo'),
    o1: inPoints(aboveAtEqualLength(results, 'o1-'), 1),
    er: inPoints(aboveAtEqualLength(results, 'er-'), 1),
    confidence: inPoints(results.difference(MAIN, 'confidence', accuracy), 1),
    aloneAccuracy: inPoints(results.difference('alone', BASE, accuracy), -1),
    aloneLength: times(length, -1, 'alone', BASE, 0.5),
    time: inPercent(results.mean(MAIN, overhead), -1, DEARER),
  } satisfies Record<string, Test>;
}

export function paperFindings(of: ResultsOf): Finding[] {
  const [old, now] = [tests(of('countdown')), tests(of('chatter'))];
  const [oldKinds, kinds] = ['countdown', 'chatter'].map((part) => kindTests(of(part).probe));
  const both = (id: keyof typeof old) => ({ old: old[id], now: now[id], where: 'chatter' });
  const bothKinds = (id: 'redundant' | 'wrong') => ({
    ...(oldKinds && { old: oldKinds[id] }),
    ...(kinds && { now: kinds[id] }),
    where: 'chatter, before any training',
  });
  return [
    {
      text: 'Accuracy rises a little against GRPO (α = 0.2)',
      paper: '1.02 x (four models)',
      ...both('accuracy'),
      yes: 'SA-GRPO is a little more often right.',
      no: 'SA-GRPO is no more often right.',
      headline: true,
    },
    {
      text: 'Answers get shorter (α = 0.2)',
      paper: '0.70 to 0.76 x',
      ...both('length'),
      yes: 'SA-GRPO writes shorter answers than GRPO.',
      no: 'SA-GRPO’s answers are no shorter than GRPO’s.',
      headline: true,
    },
    {
      text: 'Accuracy rises a little against PPO (α = 0.2)',
      paper: 'rises',
      ...both('ppoAccuracy'),
      yes: 'On PPO, too, it is a little more often right.',
      no: 'On PPO it is no more often right.',
    },
    {
      text: 'Answers get shorter than under PPO (α = 0.2)',
      paper: 'shorter',
      ...both('ppoLength'),
      yes: 'On PPO, too, answers get shorter.',
      no: 'On PPO answers get no shorter.',
    },
    {
      text: 'More accurate than the O1 penalty at equal length',
      paper: 'above',
      ...both('o1'),
      yes: 'At equal length R_SA is more often right than the O1 penalty.',
      no: 'At equal length the O1 penalty is at least as often right.',
      headline: true,
    },
    {
      text: 'More accurate than the ER penalty at equal length',
      paper: 'above',
      ...both('er'),
      yes: 'At equal length R_SA is more often right than the ER penalty.',
      no: 'At equal length the ER penalty is at least as often right.',
      headline: true,
    },
    {
      text: 'More accurate than with confidence instead',
      paper: '+1.6 points (Qwen3-4B)',
      ...both('confidence'),
      yes: 'Being sure of an answer is a worse reward than R_SA.',
      no: 'Being sure of an answer is no worse a reward than R_SA.',
    },
    {
      text: 'Alone it loses accuracy',
      paper: '69.1 to 21.0 % (Qwen3-4B)',
      ...both('aloneAccuracy'),
      yes: 'Without the answer’s reward R_SA ruins the policy.',
      no: 'Without the answer’s reward R_SA keeps the policy.',
      headline: true,
    },
    {
      text: 'Alone it makes answers very short',
      paper: '0.08 x (1031 to 84 tokens)',
      ...both('aloneLength'),
      yes: 'Without the answer’s reward answers lose more than half of their length.',
      no: 'Without the answer’s reward answers keep more than half of the length that GRPO leaves them.',
    },
    {
      text: 'A step does not take longer: time of R_SA beside the rest of the step',
      paper: 'not longer in all',
      ...both('time'),
      yes: 'R_SA costs little of a step.',
      no: 'R_SA costs more than a twentieth of a step: one more forward pass.',
    },
    {
      text: 'R_SA puts right and concise above right and redundant',
      paper: 'above',
      ...bothKinds('redundant'),
      yes: 'R_SA prefers what is said once.',
      no: 'R_SA does not prefer what is said once.',
    },
    {
      text: 'R_SA puts partly right above wrong',
      paper: 'above',
      ...bothKinds('wrong'),
      yes: 'R_SA prefers answers to the question that was asked.',
      no: 'R_SA does not prefer answers to the question that was asked.',
    },
  ];
}

export function ownFindings(of: ResultsOf): Finding[] {
  const [chatter, apart] = ['chatter', 'apart'].map(of);
  const kinds = kindTests(chatter.probe);
  const oldKinds = kindTests(of('countdown').probe);
  const ours = { paper: '' } as const;
  return [
    {
      ...ours,
      text: 'Answers get shorter at an accuracy that is kept (α = 0.2, accuracy less GRPO’s)',
      now: inPoints(chatter.difference(MAIN, BASE, accuracy), 1, KEPT),
      where: 'chatter',
      yes: 'What goes is not needed for being right.',
      no: 'Shorter answers cost accuracy.',
    },
    {
      ...ours,
      text: 'What goes is chatter (share of tokens, α = 0.2 less GRPO)',
      now: inPoints(chatter.difference(MAIN, BASE, chatterShare), -1),
      where: 'chatter',
      yes: 'SA-GRPO chatters less than GRPO.',
      no: 'SA-GRPO chatters no less than GRPO.',
      headline: true,
    },
    {
      ...ours,
      text: 'It is what R_SA says: permuted within its groups it does not do it (length, α = 0.2 against permuted)',
      now: inTimes(chatter.ratio(MAIN, 'permuted', length), -1),
      where: 'chatter',
      yes: 'A reward of the same size and spread that says nothing leaves answers longer.',
      no: 'A reward that says nothing does the same.',
      headline: true,
    },
    {
      ...ours,
      text: 'Where the long part of an answer carries weight, R_SA is more accurate than the O1 penalty at equal length',
      now: inPoints(aboveAtEqualLength(apart, 'o1-'), 1),
      where: 'where they might part',
      yes: 'There R_SA and the O1 penalty part.',
      no: 'There, too, the O1 penalty is at least as often right.',
    },
    {
      ...ours,
      text: 'and than the ER penalty',
      now: inPoints(aboveAtEqualLength(apart, 'er-'), 1),
      where: 'where they might part',
      yes: 'There R_SA and the ER penalty part.',
      no: 'There, too, the ER penalty is at least as often right.',
    },
    ...(['partly', 'copied'] as const).map((id): Finding => {
      const now = kinds?.[id];
      const before = oldKinds?.[id];
      return {
        ...ours,
        text:
          id === 'partly'
            ? 'R_SA puts right above partly right'
            : 'R_SA puts right above the copied question',
        ...(before && { old: before }),
        ...(now && { now }),
        where: now ? 'chatter, before any training' : 'Countdown, before any training',
        yes:
          id === 'partly'
            ? 'R_SA knows a little of what is right.'
            : 'Copying the question does not pay.',
        no:
          id === 'partly'
            ? 'R_SA does not know right from nearly right.'
            : 'Copying the question pays.',
      };
    }),
  ];
}
