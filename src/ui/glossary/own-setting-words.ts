/** Settings that single methods have of their own. */
import type { WordTable } from './setting-words.ts';

const GAE = 'A_t = sum_l (γ λ)^l δ_{t+l}, δ_t = r_t + γ V_{t+1} - V_t';
const GAME = 'R_"critic" = 1["right"] + τ_"crit" 1["tie"]';
const READ = 'r_t = "clip"(f_t, -c, c)';
const BCE = 'L = - frac{1}{2} ((1-e) "log" σ(f_"expert") + (1-e) "log" σ(-f_"policy"))';

export const OWN_WORDS: WordTable = {
  // PPO and VinePPO
  'method.value_learning_rate': [
    'About ten times the policy’s.',
    'If explained variance stays at 0, raise it; if it falls below 0, lower it.',
    'V ← V - η_V ∇ L_V',
  ],
  'method.vf_coef': [
    '0.1.',
    'With a detached value it does nothing; else lower it if the policy’s answers suffer.',
    'L = L_"policy" + c L_V',
  ],
  'method.cliprange_value': [
    '0.2, or off.',
    'If many values are clipped, widen it.',
    '|V - V_"old"| <= ε_V',
  ],
  'method.value_detach': [
    'On: the value reads the policy and leaves it alone.',
    'Off only to see what a shared trunk does.',
  ],
  'method.gamma': [
    '1: answers end, so nothing needs discounting.',
    'Lower it if only early tokens should count.',
    GAE,
  ],
  'method.gamma@airl': [
    '0.9.',
    'Lower it if advantages of long answers swing.',
    'A_t = sum_l γ^l r_{t+l}',
  ],
  'method.lam': [
    '0.95; 1 where the value cannot be trusted yet.',
    'If explained variance is low, take 1.',
    GAE,
  ],
  'method.whiten_advantages': [
    'On.',
    'Off if you compare sizes of advantages between steps.',
    'A ← frac{A - "mean"}{"std"}',
  ],
  'method.whiten_rewards': [
    'Off.',
    'On if rewards of very different sizes make the value jump.',
    'r ← frac{r}{"std"}',
  ],
  'method.kl_coef': [
    '0, or 0.05 as in TRL 1.10.',
    'If the policy drifts, raise it; if the reward cannot rise, lower it.',
    'r_t = - k KL_t',
  ],
  'method.kl_estimator': [
    'k1.',
    'Take k3 if negative estimates disturb you: it is never below 0.',
    'k_1 = "log" ρ, k_3 = e^{-k_1} + k_1 - 1',
  ],
  'method.missing_eos_penalty': [
    'Off.',
    'If answers do not end, set it to about what a right answer earns.',
    'r ← r - p',
  ],
  'method.num_mc_samples': [
    '4 here, 9 in the paper.',
    'If values of steps jump, raise it; each costs a generation.',
    'V(s) = frac{1}{K} sum_k R(s ⊕ z_k)',
  ],
  // SFT and experts
  'method.target': ['trace.', 'answer where reasoning is to be left out.'],
  'method.failed_tries': ['1: none.', 'Add failed tries if the policy never tries twice.'],
  'method.give_up': ['0 to 0.2.', 'Raise it if wrong answers never end.'],
  'method.slips': ['0.', 'Raise it for a policy that knows more than it shows.'],
  'method.misconceptions': ['None.', 'Add one for a policy with something to unlearn.'],
  'method.operands': ['any.', 'larger-first halves the facts that a very small model must learn.'],
  'method.style': ['terse.', 'wordy or mixed if answers are to have words.'],
  'method.dialects': ['public.', 'Mix two to see which one training keeps.'],
  'method.dialect_slips': [
    'None.',
    'Make one dialect less sure than another to see which is learned.',
  ],
  'method.chatter': ['0.', 'Raise it for a policy that talks.'],
  'method.chatter_kind': ['filler.', 'question to have the question said again.'],
  'method.check_repairs': ['Off.', 'On to teach checking.'],
  'method.prompt_loss_weight': [
    '0.',
    'Raise it a little for a model that has to learn the questions’ form too.',
    'L = L_"answer" + c L_"question"',
  ],
  'method.max_answer_length': [
    'As long as the longest expert’s answer.',
    'If fewer answers are judged than asked for, raise it.',
  ],
  // RARO
  'method.verdicts': [
    '1 to 4.',
    'If the policy’s reward is noisy, raise it.',
    'R_"policy" = frac{1}{n} sum_j R_j',
  ],
  'method.tau_crit': [
    '0.5 to 0.6.',
    'If the critic always ties, lower it; if it guesses, raise it.',
    GAME,
  ],
  'method.tau_pol': [
    '0.5 to 0.6.',
    'If the policy is content with ties, lower it.',
    'R_"policy" = 1["named"] + τ_"pol" 1["tie"]',
  ],
  'method.lambda_pol': [
    '1.',
    'If the critic runs ahead, raise it.',
    'L = λ_"pol" L_"pol" + λ_"crit" L_"crit"',
  ],
  'method.lambda_crit': [
    '1.',
    'If the critic lags behind, raise it.',
    'L = λ_"pol" L_"pol" + λ_"crit" L_"crit"',
  ],
  'method.replay_share': [
    'A quarter to a half.',
    'If nearly all pairs are equal, raise it.',
    'n_"old" = s n',
  ],
  'method.replay_capacity': ['Some hundreds.', 'If replayed pairs are very old, lower it.'],
  'method.separate_critic': [
    'Off: one model in two roles.',
    'On if the roles disturb each other; it costs memory.',
  ],
  'method.binary_critic': ['Off.', 'On only as an ablation.'],
  'method.both_orders': [
    'Off, or on where the critic has an order bias.',
    'On if the order bias leaves 0; it doubles the verdicts.',
  ],
  'method.permuted': [
    'Off.',
    'On to see whether the reward does anything: what still changes is not its doing.',
    'r_i ← r_{"other"(i)}',
  ],
  'method.critic_reasoning': ['On.', 'Off makes a blind critic of a small model.'],
  'method.max_critic_length': [
    'Somewhat above the longest verdict.',
    'If verdicts cannot be read, raise it.',
  ],
  'method.expert_noise': [
    '0.',
    'Raise it to see how much a wrong expert does.',
    'P("wrong expert") = e',
  ],
  // DPO
  'method.label_smoothing': [
    '0 for DPO, 0.1 for AIRL.',
    'If logits or leads grow without end, raise it.',
    'L = - (1-e) "log" σ(h) - e "log" σ(-h)',
  ],
  'method.label_smoothing@airl': ['0.1.', 'If most rewards stand at the clip, raise it.', BCE],
  'method.rounds': ['3.', 'If a round ends before its lead grows, make fewer.'],
  'method.compare': ['completions.', 'answers where the reasoning is to be left alone.'],
  // OPSD
  'method.teacher': [
    'start, as in the paper.',
    'current if the teacher should learn too; it can then run off with the policy.',
  ],
  'method.shown': [
    'trace, as in the paper.',
    'answer for a policy that has learned to read the annotator’s prompt.',
  ],
  'method.gamma@opsd': [
    '0, as in the paper.',
    'Raise it if a token should answer for what it leads to.',
    'A_t = sum_l γ^l r_{t+l}',
  ],
  // AIRL
  'method.granularity': [
    'dense to see most, sparse to be hacked least.',
    'If the reward is hacked, read it at fewer places.',
    READ,
  ],
  'method.interval': ['8.', 'Longer if neighbouring rewards are noise.', READ],
  'method.reward_clip': [
    '3.',
    'If most rewards stand at the clip, raise it or smooth the labels.',
    READ,
  ],
  'method.advantage_form': [
    'mean.',
    'token if single steps should be blamed; it is less stable.',
    'A_i = frac{R_i - "mean"}{"std"}',
  ],
  'method.center_rewards': ['On.', 'Off only as a control.', 'A_i = R_i - "mean" R'],
  'method.reward_loss': ['bce.', 'pairwise if questions differ much in difficulty.', BCE],
  'method.reward_trunk': [
    'trained.',
    'frozen if it wins at once; own if the reward shall know nothing of the policy.',
  ],
  'method.reward_learning_rate': [
    'About ten times the policy’s.',
    'If it guesses, raise it; if it has won, lower it.',
  ],
  'method.reward_updates': ['1 to 4.', 'If its reward is hacked, raise it.'],
  'method.reward_warmup_steps': [
    '50 to 250.',
    'If it still guesses when the policy begins, raise it.',
  ],
  'method.reward_order': [
    'update_first, as in the authors’ code.',
    'score_first if it must not have seen what it scores.',
  ],
  'method.freeze_reward': ['Off.', 'On to see a reward being hacked.'],
  'method.perturbed_share': ['A quarter.', 'If it does not see mistakes, raise it.'],
  'method.replay_share@airl': ['A quarter.', 'If old tricks come back, raise it.', 'n_"old" = s n'],
  'method.replay_capacity@airl': [
    'Some hundreds.',
    'If it learns from answers that nobody gives any more, lower it.',
  ],
  'method.label_switching': [
    'Off: it is a verifier in disguise.',
    'On only to compare with the authors’ later code.',
  ],
  'method.expert_noise@airl': ['0.', 'Raise it to see how much a wrong expert does.'],
};
