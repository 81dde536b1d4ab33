/** The charts that methods share, by id. */
import { type ChartEntry, CODEX, GAE, GRPO, OURS, PPO, RLTR, TRL, TRL_PPO } from './entry.ts';

export const CHART_ENTRIES: Readonly<Record<string, ChartEntry>> = {
  reward: {
    title: 'Reward',
    what: 'The mean over all answers of a step of what they were paid: every term times its weight, added up.',
    normal: 'It rises, quickly at first, and wobbles with the questions of each step.',
    otherwise:
      'If it stays flat, look at No signal: groups whose answers all score the same teach nothing. If it rises and accuracy does not, read the best paid answers.',
    equation: 'R = frac{1}{N} sum_{i=1}^N sum_k w_k r_k(y_i)',
    source: TRL,
  },
  'reward-part': {
    title: 'A reward term',
    what: 'The mean of one reward term over the answers of a step, before its weight.',
    normal:
      'Terms move at their own pace: form is learned in a few steps, the answer takes longer.',
    otherwise:
      'A term that rises alone, while the answer falls, is being hacked. Lower its weight or permute it to see what it does.',
    equation: 'r_k = frac{1}{N} sum_{i=1}^N r_k(y_i)',
    source: TRL,
  },
  loss: {
    title: 'Loss',
    what: 'What the optimiser lowers. It is there for its gradient, which raises what scored above the rest of its group and lowers what scored below.',
    normal: 'For GRPO and its relatives it stays near 0 and may rise. For SFT and DPO it falls.',
    otherwise: 'Do not read success from it. Watch the reward, the accuracy and the gradient norm.',
    equation:
      'L = - sum_i w_i sum_t min(ρ_{i,t} A_i, "clip"(ρ_{i,t}, 1-ε, 1+ε_"high") A_i) + β KL_{i,t}',
    source: GRPO,
  },
  entropy: {
    title: 'Entropy',
    what: 'How undecided the policy is at a token, averaged over the tokens of a step.',
    normal: 'It falls slowly as the policy learns.',
    otherwise:
      'Near 0 every answer is the same and nothing new is found: raise the temperature or lower the rate. If it rises while the reward falls, the rate is too high.',
    equation: 'H = - sum_v π(v) "log" π(v)',
    source: TRL,
  },
  'no-signal': {
    title: 'No signal',
    what: 'The share of groups whose answers all got the same reward. Their advantages are 0.',
    normal:
      'Between 0 and 0.7. It grows at the end, when most questions are always answered rightly.',
    range: { column: 'frac_reward_zero_std', low: 0, high: 0.7 },
    otherwise:
      'Near 1 nothing is learned: raise the temperature, ask for more answers to a question, or take easier or harder questions.',
    equation: 'f = frac{1}{G} sum_g 1["std"(r_g) = 0]',
    source: `${TRL}: frac_reward_zero_std`,
  },
  'grad-norm': {
    title: 'Gradient norm',
    what: 'The length of the gradient of all weights together, before it is clipped.',
    normal: 'Steady, below or about the gradient clip.',
    otherwise:
      'Single peaks are cut by the clip. If it grows step after step, lower the learning rate; if it is 0, no group has a signal.',
    equation: 'n = sqrt{sum_j g_j^2}',
    source: TRL,
  },
  'cut-off': {
    title: 'Cut off',
    what: 'The share of answers that met the token budget before they ended.',
    normal: 'Near 0 once the policy ends its answers by itself.',
    otherwise:
      'If it grows, answers run away or the budget is short: allow longer answers, or leave cut ones out of the loss.',
    equation: 'f = frac{1}{N} sum_i 1[y_i "has no end"]',
    source: `${TRL}: completions/clipped_ratio`,
  },
  kl: {
    title: 'KL to the reference',
    what: 'How far the policy is from the frozen reference at the tokens that it wrote, as the k3 estimate, per token.',
    normal: 'It starts at 0 and grows to some hundredths or tenths of a nat.',
    range: 'unknown',
    otherwise:
      'Above 1 nat the policy has forgotten much of what it knew: lower the rate or raise beta. Without beta no reference is kept and nothing is measured.',
    equation: 'KL = e^{d} - d - 1, d = "log" π_"ref" - "log" π_θ',
    source: `${TRL}; ${GRPO}, eq. 4`,
  },
  clip: {
    title: 'Clipped tokens',
    what: 'The share of tokens whose ratio left the clip, so that they have no gradient: high where they became likelier, low where less likely.',
    normal: '0 with one pass per batch, up to a tenth or two with several.',
    range: 'unknown',
    otherwise: 'At three tenths a step goes too far: lower the rate or make fewer passes.',
    equation: 'ρ = frac{π_θ(y_t)}{π_"old"(y_t)} < 1 - ε "or" ρ > 1 + ε_"high"',
    source: `${TRL}: clip_ratio; ${PPO}`,
  },
  sampler: {
    title: 'Sampler gap',
    what: 'The largest difference between the log-prob of a token when it was sampled and when it was trained on.',
    normal: 'About one part in a million: two kernels, the same weights.',
    otherwise:
      'Above 1e-4 the two disagree. Run the check on the Kernels page, and report what it says.',
    equation: 'd = "max"_t |"log" π_"train"(y_t) - "log" π_"sample"(y_t)|',
    source: `${TRL}: sampling_logp_difference`,
  },
  rate: {
    title: 'Learning rate',
    what: 'The learning rate of the step, after schedule and warm-up.',
    normal: 'As the schedule says: constant, or falling to 0 at the end.',
    otherwise:
      'If training stalls at the end of a falling schedule, it has come to rest: that is what the schedule is for.',
    equation: 'η_t = η "schedule"(t)',
    source: TRL,
  },
  accuracy: {
    title: 'Accuracy, held out',
    what: 'How often answers to held-out questions are right, by the verifier, with the 95 % interval. Maj@k lets k answers vote, pass@k asks whether any of them is right.',
    normal:
      'It rises more slowly than the reward. The band is as wide as so few questions make it.',
    otherwise:
      'If it falls while the reward rises, the reward is hacked. If pass@k falls while accuracy rises, the policy grows sure and tries less.',
    equation: 'a = frac{1}{n k} sum_{q=1}^n sum_{j=1}^k 1[y_{q,j} "is right"]',
    source: `${OURS}; pass@k: ${CODEX}`,
  },
  'accuracy-ood': {
    title: 'Accuracy, out of distribution',
    what: 'The accuracy on questions of a kind that is never trained on: longer, or with larger numbers.',
    normal: 'Lower than on held-out questions; it may rise with it or stay.',
    otherwise:
      'If it falls while held-out accuracy rises, what is learned holds only for what was seen.',
    equation: 'a = frac{1}{n k} sum_{q=1}^n sum_{j=1}^k 1[y_{q,j} "is right"]',
    source: OURS,
  },
  length: {
    title: 'Completion length',
    what: 'The mean number of tokens of an answer, its end token included.',
    normal: 'It settles where the task needs it.',
    otherwise:
      'If it grows without more accuracy, something pays for length; try the loss dr_grpo. If it falls to nothing, look whether the answers still say anything.',
    equation: 'l = frac{1}{N} sum_i |y_i|',
    source: `${TRL}: completions/mean_length`,
  },
  transfer: {
    title: 'Transferability',
    what: 'The share of held-out answers, cut anywhere, that another model finishes rightly; the thin line is that model without any help.',
    normal: 'Above the thin line, and higher for later cuts.',
    otherwise:
      'On the thin line nothing was handed over. If it rises while accuracy falls, the receiver does the work. It is never read without accuracy and length.',
    equation: 'T = frac{1}{N} sum_i 1[y_{i,<=τ} ⊕ z_i "is right"], z_i ∼ "receiver"',
    source: RLTR,
  },
  'transfer-ood': {
    title: 'Transferability',
    what: 'Transferability of answers to questions of a kind that is never trained on.',
    normal:
      'Lower than on held-out questions, for the receiver has not seen such questions either.',
    otherwise: 'Read it against the thin line: only what is above it was handed over.',
    equation: 'T = frac{1}{N} sum_i 1[y_{i,<=τ} ⊕ z_i "is right"]',
    source: RLTR,
  },
  'win-rate': {
    title: 'Win rate',
    what: 'How often a hidden judge prefers the policy’s answer to the expert’s; ties count half. Training never sees this judge.',
    normal: 'Below a half, and rising: at a half the policy is as good as the expert.',
    otherwise:
      'If the reward rises and this does not, the policy pleases its critic and not the judge.',
    equation: 'w = frac{1}{N} sum_i (1["wins"] + frac{1}{2} 1["ties"])',
    source: OURS,
  },
  'win-rate-parts': {
    title: 'What the judge finds',
    what: 'The single questions that the hidden judge asks of an answer, each as the share of answers that it approves.',
    normal: 'They rise together, form before sense.',
    otherwise: 'The part that stays behind says what answers lack.',
    equation: 'w_j = frac{1}{N} sum_i 1["the judge approves" y_i "in" j]',
    source: OURS,
  },
  dialects: {
    title: 'Dialects',
    what: 'The share of answers written in each of the task’s dialects, and in none of them.',
    normal: 'One comes to lead: the one that is paid better, or written more surely.',
    otherwise:
      'If a dialect wins that others cannot read, compare transferability: the reward does not ask for being understood.',
    equation: 'f_d = frac{1}{N} sum_i 1["dialect"(y_i) = d]',
    source: OURS,
  },
  chatter: {
    title: 'Chatter',
    what: 'The share of tokens that say nothing new: fillers, repeated steps, the question once more.',
    normal: 'It falls where length costs something, and stays where it does not.',
    otherwise:
      'If it grows, something pays for length or for certainty. Look which term rises with it.',
    equation: 'c = frac{"tokens of chatter"}{"tokens"}',
    source: OURS,
  },
  'transfer-reward': {
    title: 'Transfer reward',
    what: 'The share of a step’s answers, cut anywhere, that frozen receivers finish rightly, and the same receivers from scratch.',
    normal: 'Above the thin line, and rising.',
    otherwise: 'At 0 or 1 all answers earn the same: take another receiver, or cut elsewhere.',
    equation: 'r_"transfer" = frac{1}{m} sum_{j=1}^m 1[y_{<=τ} ⊕ z_j "is right"]',
    source: RLTR,
  },
  'transfer-reward-by-cut': {
    title: 'Transfer by cut',
    what: 'The transfer reward of the last steps by how much of the answer the receiver saw.',
    normal: 'It rises to the right: the more is seen, the easier it is to finish.',
    otherwise:
      'Where it is flat, the beginning of the answer holds nothing that helps, or holds the answer already.',
    equation: 'T(τ) = P("right" | "share seen" = τ)',
    source: RLTR,
  },
  'transfer-gain': {
    title: 'Over scratch',
    what: 'What the receivers’ success is above their own from scratch: what answers handed over.',
    normal: 'Above 0.',
    otherwise: 'At 0 answers help no receiver; below 0 they mislead it.',
    equation: 'g = T - T_"scratch"',
    source: RLTR,
  },
  'transfer-group-std': {
    title: 'Spread',
    what: 'How far apart the transfer rewards of the answers to one question are.',
    normal: 'Above 0: only what differs within a question teaches.',
    otherwise: 'At 0 the receiver treats all answers alike. Take another receiver or more cuts.',
    equation: 's = "mean"_q "std"(r_{q,1} ... r_{q,G})',
    source: RLTR,
  },
  'transfer-icc': {
    title: 'Reliability',
    what: 'How much of the differences between answers is there again when they are finished a second time: an intraclass correlation.',
    normal: 'Between 0.1 and 0.5. It jumps, because few answers are tried twice.',
    range: { column: 'rewards/transfer/icc', low: 0.1, high: 0.5 },
    otherwise: 'Near 0 the value is luck: take more continuations or cuts.',
    equation: 'ICC = frac{"between" - "within"}{"between" + "within"}',
    source: OURS,
  },
  'transfer-leakage': {
    title: 'Leaked',
    what: 'The share of cuts whose visible part is a right answer already.',
    normal: 'Low, and higher for tasks whose answer is one number.',
    otherwise:
      'If it is high, cut earlier or switch on the leakage guard: there is nothing left to hand over.',
    equation: 'f = frac{1}{N} sum_i 1[y_{i,<=τ} "is right"]',
    source: RLTR,
  },
  'explained-variance': {
    title: 'Value',
    what: 'How much of what the returns vary by the value foretold.',
    normal: 'From 0 towards 1 within the first tens of steps.',
    range: 'unknown',
    otherwise: 'At or below 0 the value misleads: raise its rate, or use lambda 1.',
    equation: 'ev = 1 - frac{"var"(R - V)}{"var"(R)}',
    source: TRL_PPO,
  },
  'value-loss': {
    title: 'Value loss',
    what: 'The squared error of the value against the returns.',
    normal: 'It falls fast and then follows the spread of the rewards.',
    otherwise: 'If it grows, lower the value’s rate.',
    equation: 'L_V = frac{1}{2} (V - R)^2',
    source: PPO,
  },
  'value-clip': {
    title: 'Clipped values',
    what: 'The share of values that moved further than their clip within a step.',
    normal: 'Near 0.',
    otherwise: 'If it is high, the value’s rate is too high for its clip.',
    equation: '|V - V_"old"| > ε_V',
    source: TRL_PPO,
  },
  'approx-kl': {
    title: 'Step length',
    what: 'How far the updates of one step moved the policy from the one that sampled.',
    normal: 'Below some hundredths of a nat.',
    range: 'unknown',
    otherwise: 'If it grows, make fewer epochs or lower the rate.',
    equation: 'd = frac{1}{2} "mean" ("log" ρ)^2',
    source: TRL_PPO,
  },
  speed: {
    title: 'Tokens per second',
    what: 'Tokens per second of each phase: written, scored, trained on.',
    normal: 'It is steady after the first steps, in which kernels are compiled.',
    otherwise: 'If it falls during a run, the machine is hot or busy with something else.',
    equation: 'v = frac{"tokens"}{"seconds"}',
    source: OURS,
  },
  'step-time': {
    title: 'Time of one step',
    what: 'Where the seconds of one step go, by phase.',
    normal:
      'Generation and training share most of it; scoring adds a few per cent, with receivers up to a half.',
    range: 'unknown',
    otherwise:
      'If generation leads, answers are long; if scoring does, receivers are slow or many.',
    equation: 't = t_"generate" + t_"score" + t_"train"',
    source: OURS,
  },
  pareto: {
    title: 'Accuracy against length',
    what: 'Each run as a point: how long its answers are and how often they are right. The dotted line joins the points that no other beats in both.',
    normal: 'Up is better, left is shorter.',
    otherwise:
      'A point below where training began has lost what it knew, however short its answers are.',
    equation: 'p "beats" q: l_p <= l_q "and" a_p >= a_q',
    source: OURS,
  },
  'maj-at-k': {
    title: 'Maj@k',
    what: 'How often the answer that most of k answers agree on is right.',
    normal: 'It rises with k and levels off.',
    otherwise:
      'If it does not rise with k, wrong answers agree with each other as much as right ones.',
    equation: 'maj = P("most common of" k "answers is right")',
    source: OURS,
  },
  'pass-at-k': {
    title: 'Pass@k',
    what: 'How often at least one of k answers is right: what choosing well could reach.',
    normal: 'It rises with k.',
    otherwise:
      'If training raises accuracy and lowers this at large k, the policy has become sure and narrow.',
    equation: 'pass = 1 - frac{C(n-c, k)}{C(n, k)}',
    source: CODEX,
  },
  'transfer-by-cut': {
    title: 'Transferability',
    what: 'Transferability of an evaluation by how much of the answer the receiver saw.',
    normal: 'It rises to the right.',
    otherwise: 'A dip tells where answers say something that leads astray.',
    equation: 'T(τ) = P("right" | "share seen" = τ)',
    source: RLTR,
  },
  tournament: {
    title: 'Tournament',
    what: 'How often the winner of a tournament among N answers is right, with the critic as the judge.',
    normal: 'Above accuracy, below pass@N.',
    otherwise: 'If it lies below Maj@N, the vote chooses better than the critic.',
    equation: 'critic = P("winner of" N "is right")',
    source: 'Escaping the Verifier (RARO), test-time selection',
  },
  'value/mean': {
    title: 'Value of steps',
    what: 'What going on from a step is worth, found by trying: the mean reward of the continuations, over all steps.',
    normal: 'It rises with the reward.',
    otherwise: 'If it jumps from step to step, take more continuations.',
    equation: 'V(s) = frac{1}{K} sum_{k=1}^K R(s ⊕ z_k)',
    source: `VinePPO (arXiv 2410.01679), section 4; ${GAE}`,
  },
};
