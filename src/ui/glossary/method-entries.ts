/** The charts that one method has of its own, by id. The large chart of a method stands under its first column. */
import { AIRL, type ChartEntry, DPO, OPSD, RARO } from './entry.ts';

const RATIONALIZATION = 'The baselines of Escaping the Verifier; STaR (arXiv 2203.14465)';

export const METHOD_ENTRIES: Readonly<Record<string, ChartEntry>> = {
  'rewards/policy/mean': {
    title: 'Rewards of policy and critic',
    what: 'What the policy is paid for being taken for the expert, and the critic for telling which answer is the expert’s.',
    normal:
      'The policy’s reward need not rise: it is won against a critic that gets better too. Both near the line of ties mean that the critic can no longer tell.',
    otherwise:
      'Read the accuracy instead. If both stand on a line of ties from the start, the critic sees nothing: let a tie pay less.',
    equation: 'R_"policy" = 1["names the policy’s"] + τ_"pol" 1["tie"]',
    source: RARO,
  },
  'rewards/learned/mean': {
    title: 'Learned reward',
    what: 'The mean logit of the discriminator along the policy’s answers, kept within its clip: above 0 they are taken for the expert’s.',
    normal: 'It rises, and falls back when the discriminator learns the policy’s new ways.',
    otherwise:
      'If it rises while accuracy falls, the reward is hacked: let the discriminator learn more often.',
    equation: 'r_t = "clip"(f_t, -c, c)',
    source: AIRL,
  },
  'teacher/divergence': {
    title: 'Divergence from the teacher',
    what: 'How much less likely the teacher finds the policy’s tokens than the policy does, per token. The teacher is the same model with the expert’s trace in its prompt.',
    normal: 'Above 0 at the start, and falling.',
    otherwise:
      'If it begins above 1, the model does not know such prompts and has nothing to teach: begin with one that does. If it falls while accuracy does, the teacher is wrong.',
    equation: 'd = "mean"("log" π(y_t | x) - "log" π_"teacher"(y_t | x, c))',
    source: OPSD,
  },
  'critic/accuracy': {
    title: 'Critic right',
    what: 'Of the verdicts that name an answer, how many name the expert’s.',
    normal: 'Above what a tie pays; 0.5 is a coin.',
    otherwise:
      'Below that line a critic does best to tie always. Let a tie pay it less, or begin with one that sees more.',
    equation: 'a = P("right" | "names one")',
    source: RARO,
  },
  'critic/tie_rate': {
    title: 'Ties',
    what: 'The share of verdicts that are ties, of all pairs and of those whose answers differ.',
    normal: 'It grows as the policy comes to write as the expert does.',
    otherwise: 'At 1 from early on nothing is learned: let a tie pay the critic less.',
    equation: 'f = P("tie")',
    source: RARO,
  },
  'critic/order_bias': {
    title: 'Order bias',
    what: 'How much oftener the critic names the answer that is shown first.',
    normal: 'Within a tenth of 0.',
    range: { column: 'critic/order_bias', low: -0.1, high: 0.1 },
    otherwise: 'At 0.5 or -0.5 it does not read: show both orders.',
    equation: 'b = P("names the first" | "names one") - 0.5',
    source: RARO,
  },
  'critic/pairs': {
    title: 'Judged',
    what: 'How many answers of the step were shown to the critic.',
    normal: 'All of them, as the line says.',
    otherwise:
      'If fewer, answers are cut off, cannot be read, or are longer than the critic is shown.',
    equation: 'n = N - "cut off" - "not shown"',
    source: RARO,
  },
  'critic/replay_age': {
    title: 'Replay age',
    what: 'How many steps old the replayed pairs are, on average.',
    normal: 'It grows until the store is full, then stays.',
    otherwise:
      'If it is very high, keep fewer pairs: the critic then learns from answers that nobody gives any more.',
    equation: 'd = "mean"(t - t_"pair")',
    source: RARO,
  },
  'critic/unreadable': {
    title: 'Unreadable',
    what: 'The share of verdicts that do not end in a tag that can be read.',
    normal: 'Near 0.',
    otherwise: 'Allow longer verdicts, or begin with a policy that knows the critic’s form.',
    equation: 'f = P("no verdict")',
    source: RARO,
  },
  'critic/identical': {
    title: 'Pairs',
    what: 'The share of pairs whose two answers are equal, and of those whose expert is wrong.',
    normal:
      'Equal pairs grow as the policy learns; wrong experts are as many as the experiment asks for.',
    otherwise: 'If nearly all are equal, ask harder questions or replay more earlier pairs.',
    equation: 'f = P("policy’s" = "expert’s")',
    source: RARO,
  },
  'discriminator/accuracy': {
    title: 'Told from the expert',
    what: 'How often the discriminator tells an expert’s trace from the policy’s, before it learns from them.',
    normal: 'About 0.5 to 0.7: it falls towards 0.5 as the policy comes nearer to the experts.',
    range: { column: 'discriminator/accuracy', low: 0.48, high: 0.72 },
    otherwise:
      'At 0.5 from the start the reward is noise: let it learn faster. At 1 all answers are paid alike: let it learn more slowly or smooth its labels.',
    equation: 'a = frac{1}{2} P(f > 0 | "expert") + frac{1}{2} P(f < 0 | "policy")',
    source: AIRL,
  },
  'discriminator/calibration_error': {
    title: 'Calibration error',
    what: 'How far the discriminator’s probability that a trace is the expert’s lies from the share that is: the mean distance over ten bins of the probability.',
    normal:
      'Low, but not 0: a step has few traces for ten bins. Where it tells all traces, smoothed labels hold it off by as much as they are smoothed.',
    otherwise:
      'If it grows, the discriminator is surer than it is right: smooth its labels more, or let it learn more slowly.',
    equation: 'E = sum_b frac{n_b}{n} |p_b - e_b|',
    source: 'Naeini, Cooper and Hauskrecht 2015',
  },
  'which-of-sixteen': {
    title: 'Chosen answer is right',
    what: 'How often the answer that is chosen among N is right, by who chooses: a vote, the policy’s own log-probability, or the learned reward.',
    normal:
      'Where mistakes are rare the vote is hard to beat. Where the mistake is the rule, only the reward gains.',
    otherwise:
      'If the reward chooses no better than one sample, it does not see this policy’s mistakes. “Used elsewhere” says where it does.',
    equation: 'P("right" | "best of" N)',
    source: AIRL,
  },
  reliability: {
    title: 'As a judge',
    what: 'Whether the reward’s probability that an answer is right is the share that is, bin by bin (ECE is the mean distance), and how often it ranks a right answer above a wrong one (AUROC).',
    normal:
      'AUROC above one half. The probability need not fit: the reward learned to tell experts from a policy, and nobody told it what is right.',
    otherwise:
      'At an AUROC of one half it does not see the mistakes. If only the probability is off, choosing by it still works.',
    equation: 'E = sum_b frac{n_b}{n} |p_b - r_b|',
    source: 'Naeini, Cooper and Hauskrecht 2015; AUROC as the Mann-Whitney statistic',
  },
  'discriminator/loss': {
    title: 'Discriminator’s loss',
    what: 'The cross-entropy of telling experts from others.',
    normal: 'Below 0.69, what guessing costs.',
    otherwise: 'At 0.69 it guesses; near 0 it has won and its reward says little.',
    equation: 'L = - "log" σ(f_"expert") - "log" σ(-f_"policy")',
    source: AIRL,
  },
  'discriminator/gap': {
    title: 'Gap',
    what: 'The mean logit of experts less that of the policy.',
    normal: 'Above 0, and falling as the policy comes nearer.',
    otherwise: 'If it grows without end, smooth the labels or clip the reward.',
    equation: 'g = "mean" f_"expert" - "mean" f_"policy"',
    source: AIRL,
  },
  'discriminator/expert': {
    title: 'Logits',
    what: 'The mean logits of experts, of the policy, and of experts with a mistake put in.',
    normal: 'Experts above 0, the others below and rising.',
    otherwise:
      'If perturbed experts stand with the experts, it does not see mistakes: perturb more of them.',
    equation: 'f = "log" frac{D}{1-D}',
    source: AIRL,
  },
  'discriminator/clipped': {
    title: 'Rewards at the clip',
    what: 'The share of rewards that stand at the clip, where they no longer tell answers apart.',
    normal: 'Below a third.',
    range: { column: 'discriminator/clipped', low: 0, high: 0.33 },
    otherwise: 'Clip later, or smooth the labels more.',
    equation: 'f = P(|f_t| >= c)',
    source: AIRL,
  },
  'rewards/margins': {
    title: 'Lead of the expert’s answer',
    what: 'By how much the expert’s answer leads the policy’s own in implied reward.',
    normal: 'From 0 in every round, then growing.',
    otherwise:
      'If it does not grow, raise the rate. If accuracy falls all the same, make more rounds.',
    equation: 'h = β (Δ_"expert" - Δ_"policy"), Δ = "log" π - "log" π_"ref"',
    source: DPO,
  },
  'rewards/accuracies': {
    title: 'Expert’s answer ahead',
    what: 'The share of pairs in which the expert’s answer is ahead.',
    normal: 'From a half to near 1 within a round.',
    range: 'unknown',
    otherwise: 'If it stays at a half, nothing is learned from the pairs: they may be equal.',
    equation: 'a = P(h > 0)',
    source: DPO,
  },
  'rewards/chosen': {
    title: 'Implied reward of the expert’s answer',
    what: 'The implied reward of the expert’s answer: how much likelier it became than under the reference.',
    normal: 'Above 0, or a little below while the other falls further.',
    otherwise: 'If it falls far below 0, both answers become unlikely: raise beta.',
    equation: 'β ("log" π(y_"expert") - "log" π_"ref"(y_"expert"))',
    source: DPO,
  },
  'rewards/rejected': {
    title: 'Implied reward of the policy’s answer',
    what: 'The implied reward of the policy’s own earlier answer.',
    normal: 'Below 0.',
    otherwise: 'If it rises with the other, the two answers are much alike.',
    equation: 'β ("log" π(y_"own") - "log" π_"ref"(y_"own"))',
    source: DPO,
  },
  'rationales/kept': {
    title: 'Lessons',
    what: 'The share of questions whose written reasoning was short enough and became a lesson.',
    normal: 'Near 1.',
    otherwise: 'If it is low, allow longer answers.',
    equation: 'f = frac{"lessons"}{"questions"}',
    source: RATIONALIZATION,
  },
  'rationales/agree': {
    title: 'Reasoning that ends at the answer',
    what: 'How often reasoning that was written with the answer in sight ends at that answer.',
    normal: 'High, since the answer was there to be copied.',
    otherwise: 'If it is low, the lessons teach reasoning that leads elsewhere.',
    equation: 'f = P("ends at the answer")',
    source: RATIONALIZATION,
  },
};
