/** What the paper of RARO found, and what is claimed here besides. */
import { type Finding, inPercent, inPoints } from '../lib/findings.ts';
import type { ResultsOf } from '../lib/study.ts';
import { winRate, wins } from './couplet.ts';
import { accuracy, criticAccuracy, RARO, RLVR, SFT, tiesOnIdentical } from './numbers.ts';
import { winnerLess } from './tournament.ts';

/** The paper's two largest: a tie pays the critic this much, so a pick that is right less often does not pay. */
const TIE_PAYS = 0.55;

/** What is asked of RARO wherever a verifier can watch. @param headline stands in the README */
function watched(of: ResultsOf, part: string, where: string, headline?: true): Finding[] {
  const results = of(part);
  const less = (base: string) => results.difference(RARO, base, accuracy);
  const shared = { where, ...(headline && { headline }) };
  return [
    {
      ...shared,
      text: 'RARO gets better without a verifier (accuracy, after training less before)',
      paper: 'rises',
      now: inPoints(
        results.mean(
          RARO,
          results.sinceStart('test', (e) => e.accuracy),
        ),
        1,
      ),
      yes: 'A critic that has only an expert’s answers makes the policy more often right.',
      no: 'The policy does not get more often right.',
    },
    {
      ...shared,
      text: 'RARO is above SFT on the expert’s answers',
      paper: '54.4 to 40.7 % (Countdown 1.5B)',
      now: inPoints(less(SFT), 1),
      yes: 'RARO is more often right than SFT on the same answers.',
      no: 'SFT on the same answers is at least as often right.',
    },
    {
      ...shared,
      text: 'RARO is a little below RLVR',
      paper: '54.4 to 57.7 % (Countdown 1.5B)',
      now: inPoints(less(RLVR), -1),
      yes: 'A verifier is worth more than the critic.',
      no: 'The critic does as well as a verifier.',
    },
    {
      ...shared,
      text: 'The tournament adds to accuracy (winner among 16 less one sample)',
      paper: '57.5 to 68.4 % (DeepMath 7B)',
      now: inPoints(results.mean(RARO, winnerLess('one_sample')), 1),
      yes: 'What the critic chooses is more often right than one answer.',
      no: 'What the critic chooses is no more often right than one answer.',
    },
  ];
}

export function paperFindings(of: ResultsOf): Finding[] {
  const results = of('chain');
  const less = (arm: string, base = RARO) => results.difference(arm, base, accuracy);
  const removed = (arm: string, what: string, yes: string, no: string): Finding => ({
    text: `${what} hurts (accuracy, less RARO’s)`,
    paper: 'hurts',
    now: inPoints(less(arm), -1),
    where: 'chains',
    yes,
    no,
  });
  return [
    ...watched(of, 'chain', 'chains', true),
    ...watched(of, 'countdown', 'Countdown, small'),
    ...watched(of, 'countdown-classic', 'Countdown, classic'),
    {
      text: 'A larger policy does better with RARO (accuracy, 4 × 64 less 2 × 32)',
      paper: 'rises with size',
      now: inPoints(of('sizes').difference('raro-large', 'raro-small', accuracy), 1),
      where: 'chains, three sizes',
      yes: 'RARO makes more of a larger policy.',
      no: 'RARO makes no more of a larger policy.',
    },
    {
      text: 'Where nobody can verify, RARO wins more often against the expert than SFT does',
      paper: '25.0 to 5.9 % (poetry 7B)',
      now: inPoints(of('couplet').difference(RARO, SFT, winRate), 1),
      where: 'couplets',
      yes: 'RARO’s couplets are better than those of SFT.',
      no: 'RARO’s couplets are no better than those of SFT.',
      headline: true,
    },
    removed(
      'no-tie',
      'No tie',
      'A critic that must guess is noise where both answers are right.',
      'Without ties it does as well.',
    ),
    removed(
      'blind',
      'No reasoning of the critic',
      'A critic that does not work the answer out cannot tell.',
      'Without reasoning it does as well.',
    ),
    removed(
      'binary',
      'One answer at a time',
      'A critic that sees one answer alone does worse.',
      'A critic that sees one answer alone does as well.',
    ),
    {
      text: 'A longer budget helps (answers of 16 tokens at most, less RARO’s 64)',
      paper: '33.1 to 61.3 % (Countdown, 256 to 4,096 tokens)',
      now: inPoints(less('short-16'), -1),
      where: 'chains',
      yes: 'An answer that may not be written out is less often right.',
      no: 'A short budget does as well.',
    },
    removed(
      'separate',
      'Weights of its own',
      'A critic apart from the policy does worse.',
      'A critic apart from the policy does as well.',
    ),
    removed(
      'no-replay',
      'No replay',
      'Without earlier pairs the critic forgets.',
      'Without replay it does as well.',
    ),
  ];
}

export function ownFindings(of: ResultsOf): Finding[] {
  const results = of('chain');
  const less = (arm: string) => results.difference(arm, RARO, accuracy);
  const ours = { paper: '' } as const;
  return [
    {
      ...ours,
      text: `The critic becomes better than what a tie pays (right when it names one, border ${TIE_PAYS})`,
      now: inPercent(results.mean(RARO, criticAccuracy), 1, TIE_PAYS),
      where: 'chains, last 20 steps',
      yes: 'The critic sees: naming one pays more than tying.',
      no: 'The critic stays blind: tying pays more.',
      headline: true,
    },
    {
      ...ours,
      text: 'It ties on equal answers more often than a critic without ties',
      now: inPoints(results.difference(RARO, 'no-tie', tiesOnIdentical), 1),
      where: 'chains, last 20 steps',
      yes: 'What pays is learned: ties go to equal answers.',
      no: 'Ties are not learned.',
    },
    ...(
      [
        ['chain', 'chains'],
        ['countdown', 'Countdown, small'],
        ['countdown-classic', 'Countdown, classic'],
      ] as const
    ).map(
      ([part, where]): Finding => ({
        ...ours,
        text: 'The critic chooses better than the majority does (winner among 16 less Maj@16)',
        now: inPoints(of(part).mean(RARO, winnerLess('majority')), 1),
        where,
        yes: 'The critic is worth more than a vote.',
        no: 'A vote does as well, and needs no critic.',
      }),
    ),
    {
      ...ours,
      text: 'RARO’s couplets get better (wins against the expert, after training less before)',
      now: inPoints(of('couplet').mean(RARO, of('couplet').sinceStart('test', wins)), 1),
      where: 'couplets',
      yes: 'Where nobody can verify, the critic still teaches.',
      no: 'The couplets do not get better.',
    },
    {
      ...ours,
      text: 'The policy learns more where its loss weighs more (both roles one half, less RARO’s 1/9 and 8/9)',
      now: inPoints(less('even'), 1),
      where: 'chains',
      yes: 'The paper’s weights slow this policy down.',
      no: 'The weights of the roles do not matter.',
    },
    ...(
      [
        ['rationalization', 'rationalization'],
        ['dpo', 'iterative DPO'],
        ['dpo-answers', 'iterative DPO on answers after reasoning'],
        ['logit', 'RL-Logit, log-probability'],
        ['probability', 'RL-Logit, probability'],
      ] as const
    ).map(
      ([arm, name]): Finding => ({
        ...ours,
        text: `RARO is above ${name}`,
        now: inPoints(results.difference(RARO, arm, accuracy), 1),
        where: 'chains',
        yes: 'RARO is more often right.',
        no: 'RARO is no more often right.',
      }),
    ),
    {
      ...ours,
      text: 'With every fourth expert’s answer wrong the policy still gets better (after training less before)',
      now: inPoints(
        results.mean(
          'noise-25',
          results.sinceStart('test', (e) => e.accuracy),
        ),
        1,
      ),
      where: 'chains',
      yes: 'The game bears wrong experts.',
      no: 'Wrong experts undo it.',
    },
  ];
}
