/** What the paper of AIRL found, and what is claimed here besides. */
import { estimate } from '../../src/rl/over-seeds.ts';
import { type Finding, inPoints } from '../lib/findings.ts';
import type { Results } from '../lib/results.ts';
import type { ResultsOf } from '../lib/study.ts';
import {
  chosenLess,
  gainOf,
  hit,
  hitLess,
  judgesOf,
  over,
  overQuestions,
  ownHitLessChance,
} from './judge-numbers.ts';
import { accuracy, largestFall, rewardRise } from './numbers.ts';
import { GRANULARITIES, OPSD, RANDOM, RLVR, SFT } from './setting.ts';

const CHAINS = 'chains, carry 4 in 10';
const RULE = 'chains, carry 6 in 10';
const HOPS = 'hops';
const COUNTDOWN = 'countdown';
const WORD = 'word problems';
const SHOWN = 'chains, a policy that can read a trace';

const WRONG_EXPERTS = [
  { arm: 'noise-10', who: 'every tenth' },
  { arm: 'noise-25', who: 'every fourth' },
] as const;

/** The granularity whose mean accuracy is highest. */
function best(results: Results): string {
  const mean = (id: string) => results.mean(id, accuracy)?.mean ?? Number.NEGATIVE_INFINITY;
  return GRANULARITIES.reduce<string>((a, b) => (mean(b) > mean(a) ? b : a), GRANULARITIES[0]);
}

function ofPolicies(results: Results, where: string, headline?: true): Finding[] {
  const chosen = best(results);
  const shared = { where, ...(headline && { headline }) };
  return [
    {
      ...shared,
      text: `The best granularity (here ${chosen}) is above SFT (accuracy)`,
      paper: '79 to 56 % (GSM8K, 3B, sparse)',
      now: inPoints(results.difference(chosen, SFT, accuracy), 1),
      yes: 'The learned reward does better than copying the same traces.',
      no: 'Copying the same traces does at least as well.',
    },
    {
      where,
      text: 'Denser is harder to train (accuracy, dense less sparse)',
      paper: '79 to 4 % (GSM8K, 3B)',
      now: inPoints(results.difference('dense', 'sparse', accuracy), -1),
      yes: 'A reward at every token trains a worse policy.',
      no: 'A reward at every token trains as good a policy.',
    },
    {
      where,
      text: 'Sparse trains most stably (largest fall of accuracy during a run, dense less sparse)',
      paper: 'said',
      now: inPoints(results.difference('dense', 'sparse', largestFall), 1),
      yes: 'Read at every token, the policy loses more on its way.',
      no: 'Read at the end alone, the policy loses as much on its way.',
    },
  ];
}

function ofJudges(results: Results): Finding[] {
  const rule = { from: 'rule' } as const;
  const carry = { from: 'carry' } as const;
  const pairs = judgesOf(results, { from: 'carry', granularity: 'sparse' }).flatMap((sparse) => {
    const dense = judgesOf(results, carry).find(({ seed }) => seed === sparse.seed);
    const [a, b] = [dense && hit('largest_drop')(dense), hit('lowest_reward')(sparse)];
    return a === undefined || b === undefined ? [] : [a - b];
  });
  return [
    {
      text: 'Reranking gains over one sample (mean reward, N = 16)',
      paper: 'up to +17.4 points',
      now: inPoints(over(results, carry, chosenLess('mean', 'one_sample')), 1),
      where: CHAINS,
      yes: 'What the reward chooses is more often right than one answer.',
      no: 'What the reward chooses is no more often right than one answer.',
      headline: true,
    },
    {
      text: 'Majority vote is better than the learned reward (vote less mean reward, N = 16)',
      paper: '+12 points (GSM8K, Llama-3.2-3B)',
      now: inPoints(over(results, carry, chosenLess('majority', 'mean')), 1),
      where: CHAINS,
      yes: 'The vote is better.',
      no: 'The learned reward is at least as good as the vote.',
    },
    {
      text: 'A denser reward finds the first error better (dense, largest drop, less sparse, lowest; by step)',
      paper: 'interval best, up to 86.1 % on its own grid',
      now: inPoints(estimate(pairs), 1),
      where: CHAINS,
      yes: 'Read at every token, the reward says where.',
      no: 'Read at every token, the reward says no better where.',
    },
    {
      text: 'Rewards transfer to another policy (4 in 10 on 6 in 10: mean reward less one sample, N = 16)',
      paper: 'positive',
      now: inPoints(
        over(results, { from: 'carry', on: 'rule' }, chosenLess('mean', 'one_sample')),
        1,
      ),
      where: `${CHAINS}, on ${RULE}`,
      yes: 'It chooses well among answers of a policy that it never saw.',
      no: 'It does not help with another policy.',
    },
    {
      text: 'Rewards transfer to another task (chains on hops: mean reward less one sample, N = 16)',
      paper: 'positive',
      now: inPoints(
        over(results, { from: 'carry', on: 'hops' }, chosenLess('mean', 'one_sample')),
        1,
      ),
      where: `${CHAINS}, on ${HOPS}`,
      yes: 'It chooses well on a task that it never saw.',
      no: 'It does not help on another task.',
    },
    {
      text: 'The policy’s own log-probability finds the first error too (less chance, by step)',
      paper: '94.1 % (one backbone)',
      now: { ...inPoints(overQuestions(results, rule, ownHitLessChance), 1), over: 'questions' },
      where: RULE,
      yes: 'The policy’s own doubt points at the error.',
      no: 'The policy does not doubt where it is wrong as a rule.',
    },
  ];
}

export function paperFindings(of: ResultsOf): Finding[] {
  return [
    ...ofPolicies(of('chain'), CHAINS, true),
    ...ofPolicies(of('rule'), RULE),
    ...ofPolicies(of('hops'), HOPS),
    ...ofPolicies(of('countdown'), COUNTDOWN),
    ...ofPolicies(of('word'), WORD),
    ...ofJudges(of('judges')),
    {
      text: 'A frozen reward collapses (accuracy, less that of the one that learns on)',
      paper: 'collapse',
      now: inPoints(of('chain').difference('frozen', 'dense', accuracy), -1),
      where: CHAINS,
      yes: 'The policy finds out a reward that no longer learns.',
      no: 'A reward that no longer learns does as well.',
      headline: true,
    },
    {
      text: 'Without centring in the group it is worse (accuracy, less that with it)',
      paper: '.51 to .50, or .71 to .36',
      now: inPoints(of('chain').difference('no-centring', 'dense', accuracy), -1),
      where: CHAINS,
      yes: 'Not compared within its group, the reward trains a worse policy.',
      no: 'Not compared within its group, the reward trains as good a policy.',
    },
    {
      text: 'Label switching, which uses the answer key, helps (accuracy, less that without)',
      paper: '31 to 56 % pass@1',
      now: inPoints(of('chain').difference('switching', 'dense', accuracy), 1),
      where: CHAINS,
      yes: 'A discriminator that is told which answers are right teaches more.',
      no: 'Being told which answers are right does not help.',
    },
  ];
}

/** That the policy gets better, and that it is not for growing surer alone. */
function corrected(results: Results, where: string, headline?: true): Finding[] {
  const shared = { paper: '', where, ...(headline && { headline }) };
  return [
    {
      ...shared,
      text: 'The policy gets better without a verifier (dense, after training less before)',
      now: inPoints(
        results.mean(
          'dense',
          results.sinceStart('test', (e) => e.accuracy),
        ),
        1,
      ),
      yes: 'A reward learned from experts’ traces corrects the mistake.',
      no: 'A reward learned from experts’ traces does not correct the mistake.',
    },
    {
      ...shared,
      text: 'It gets better than with a random reward (dense less random)',
      now: inPoints(results.difference('dense', RANDOM, accuracy), 1),
      yes: 'The reward says something: it is not that any reward does.',
      no: 'A random reward does as much.',
    },
  ];
}

export function ownFindings(of: ResultsOf): Finding[] {
  const [results, models] = [of('chain'), of('judges')];
  const ours = { paper: '' } as const;
  const rule = { from: 'rule' } as const;
  return [
    ...corrected(results, CHAINS),
    ...corrected(of('rule'), RULE, true),
    ...corrected(of('hops'), HOPS),
    ...corrected(of('countdown'), COUNTDOWN),
    ...corrected(of('word'), WORD),
    {
      ...ours,
      text: 'RLVR is above AIRL, dense (accuracy)',
      now: inPoints(results.difference(RLVR, 'dense', accuracy), 1),
      where: CHAINS,
      yes: 'A verifier is worth more than the learned reward.',
      no: 'The learned reward does as well as a verifier.',
    },
    {
      ...ours,
      text: 'A frozen reward is hacked: it rises more than that of one that learns on',
      now: {
        ours: results.difference('frozen', 'dense', rewardRise),
        show: (value) => value.toFixed(2),
        unit: 'nats',
        direction: 1,
        border: 0,
      },
      where: CHAINS,
      yes: 'The policy raises the frozen reward.',
      no: 'The policy does not raise the frozen reward more.',
    },
    ...WRONG_EXPERTS.map(
      ({ arm, who }): Finding => ({
        ...ours,
        text: `Wrong experts do harm (${who} wrong, less none)`,
        now: inPoints(results.difference(arm, 'dense', accuracy), -1),
        where: CHAINS,
        yes: 'The policy learns less from experts that are wrong.',
        no: 'The policy bears so many wrong experts.',
      }),
    ),
    {
      ...ours,
      text: 'OPSD is above AIRL, dense, where the policy can read a trace (accuracy)',
      now: inPoints(of('shown').difference(OPSD, 'dense', accuracy), 1),
      where: SHOWN,
      yes: 'A policy that reads its expert’s trace teaches itself more than a learned reward does.',
      no: 'The learned reward does as well.',
    },
    {
      ...ours,
      text: 'Where the mistake is the rule, the vote is wrong: it is below one sample (N = 16)',
      now: { ...inPoints(overQuestions(models, rule, gainOf('majority')), -1), over: 'questions' },
      where: RULE,
      yes: 'Voting chooses the common mistake.',
      no: 'Voting does no harm.',
      headline: true,
    },
    {
      ...ours,
      text: 'There the learned reward is above the vote (mean reward less vote, N = 16)',
      now: inPoints(over(models, rule, chosenLess('mean', 'majority')), 1),
      where: RULE,
      yes: 'The reward follows the expert, not the many.',
      no: 'The reward does no better than the vote.',
      headline: true,
    },
    {
      ...ours,
      text: 'The largest drop finds the first error better than the lowest reward (by step)',
      now: inPoints(over(models, rule, hitLess('largest_drop', 'lowest_reward')), 1),
      where: RULE,
      yes: 'Every token after an error looks wrong; the drop is where it happens.',
      no: 'The lowest reward is as good a sign.',
    },
    {
      ...ours,
      text: 'Random slips are not seen: no gain over one sample (mean reward, N = 16)',
      now: inPoints(over(models, { from: 'slips' }, chosenLess('mean', 'one_sample')), 1),
      where: 'chains, slips at random',
      yes: 'Against the expectation, the reward sees bad luck too.',
      no: 'The reward sees systematic differences, and not bad luck.',
    },
  ];
}
