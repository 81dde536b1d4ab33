/** Settings that methods share. */
import type { WordTable } from './setting-words.ts';

const LOSS = 'L = sum_i w_i sum_t L_{i,t}';
const CLIPPED = 'L_{i,t} = - min(ρ A, "clip"(ρ, 1-ε, 1+ε_"high") A)';
const ADVANTAGE = 'A_i = frac{r_i - "mean"(r)}{"std"(r)}';
const ADAM = 'θ ← θ - η frac{m}{sqrt{v} + ε}';
const SAMPLED = 'p_v = frac{e^{z_v / T}}{sum_u e^{z_u / T}}';

export const METHOD_WORDS: WordTable = {
  'method.name': [
    'GRPO where a program can judge answers; RARO or AIRL where only an expert’s answers are there.',
    'If the page refuses it, the task lacks what the method needs; the sentence says what.',
  ],
  'method.loss_type': [
    'dapo or dr_grpo. They differ in what a token of a long answer weighs.',
    'If answers grow for no reason, take dr_grpo: its divisor is fixed, so length earns nothing.',
    LOSS,
  ],
  'method.scale_rewards': [
    'group in GRPO, none in Dr. GRPO.',
    'If groups that are nearly all right make large steps, take none: dividing by a tiny deviation blows them up.',
    ADVANTAGE,
  ],
  'method.importance_sampling_level': [
    'token for most losses, sequence for GSPO.',
    'If ratios of long answers jump, take sequence, with a much smaller clip.',
    's = "exp"(frac{1}{|y|} sum_t "log" ρ_t)',
  ],
  'method.epsilon': [
    '0.2 per token; some 3e-4 where one ratio serves a whole answer.',
    'If many tokens are clipped, lower the rate or make fewer passes before you widen it.',
    CLIPPED,
  ],
  'method.epsilon_high': [
    'As epsilon, or 0.28 as in DAPO, so that rare tokens may become likelier.',
    'If entropy collapses, raise it a little; if it explodes, lower it.',
    CLIPPED,
  ],
  'method.delta': [
    'Off, or 2 to 4.',
    'If single bad answers make huge steps, set it: it bounds the ratio where the advantage is negative.',
    'L = - min(min(ρ, δ) A, "clip"(ρ) A)',
  ],
  'method.beta': [
    '0 in most recent runs, up to 0.04.',
    'If the policy forgets what it knew, raise it; if nothing moves, lower it.',
    'L = L_"policy" + β KL',
  ],
  'method.beta@dpo': [
    '0.1.',
    'If both answers become unlikely, raise it; if nothing is learned, lower it.',
    'L = - "log" σ(β (Δ_"expert" - Δ_"policy"))',
  ],
  'method.beta@raro': [
    '0.001, in both roles.',
    'If the critic’s form falls apart, raise it.',
    'L = L_"policy" + β KL',
  ],
  'method.use_bias_correction_kl': [
    'Off here, on in TRL 1.13. Without a KL weight it does nothing.',
    'With several passes and a large beta, switch it on: the slope is then that of the true divergence.',
    'L = L_"policy" + β ρ KL',
  ],
  'method.entropy_coef': [
    '0, or some thousandths.',
    'If entropy collapses, raise it; if answers become noise, lower it.',
    'L = L_"policy" - c H',
  ],
  'method.mask_truncated_completions': [
    'Off; on in DAPO.',
    'If many answers are cut off, switch it on, so that length is not punished by chance.',
    'w_i = 0 "where" y_i "is cut off"',
  ],
  'method.num_generations': [
    '8 to 16. More tell answers apart where few are right.',
    'If groups have no signal, raise it; if steps are slow, lower it and ask more questions.',
    ADVANTAGE,
  ],
  'method.num_generations@ppo': [
    '1 to 8: PPO compares with its value, not within the group.',
    'If the value learns slowly, ask more questions rather than more answers.',
    'A_t = R_t - V_t',
  ],
  'method.num_generations@vineppo': [
    '2 to 8. Each answer costs many continuations.',
    'If steps are slow, lower it before you lower the continuations.',
    'A_t = V(s_{t+1}) - V(s_t)',
  ],
  'method.num_generations@dpo': [
    '1 to 4 pairs.',
    'If a round learns little, raise it.',
    'L = - "log" σ(h)',
  ],
  'method.prompts_per_step': [
    '8 to 64 questions.',
    'If the reward jumps from step to step, raise it; if memory is short, lower it.',
    'N = "questions" * G',
  ],
  'method.num_iterations': [
    '1: every ratio is then 1 and clipping does nothing.',
    'Two to four save sampling. If many tokens are clipped, go back.',
    'ρ = frac{π_θ}{π_"old"}',
  ],
  'method.num_ppo_epochs': [
    '1 to 4.',
    'If the step length or the clipped share grows, make fewer.',
    'ρ = frac{π_θ}{π_"old"}',
  ],
  'method.num_mini_batches': [
    '1 to 4.',
    'If updates are noisy, cut the batch into fewer parts.',
    'n = "epochs" * "minibatches"',
  ],
  'method.temperature': [
    '1, so that what is sampled is what is trained.',
    'If groups have no signal, raise it; if answers become noise, lower it.',
    SAMPLED,
  ],
  'method.top_p': [
    '1, off.',
    'Below 1 rare tokens are never tried: raise it if nothing new is found.',
    'sum_{v "kept"} p_v >= "top p"',
  ],
  'method.top_k': [
    '0, off.',
    'A small k makes answers alike: raise it if nothing new is found.',
    'v "among the" k "largest" p_v',
  ],
  'method.min_p': [
    'Off, or 0.02 to 0.1.',
    'If noise spoils answers at a high temperature, raise it.',
    'p_v >= "min p" * "max" p',
  ],
  'method.max_completion_length': [
    'Somewhat above the longest right answer.',
    'If answers are cut off, raise it; memory and time grow with it.',
    '|y| <= "longest"',
  ],
  'method.learning_rate': [
    '1e-5 to 1e-3 for models of this size, 1e-6 for large ones.',
    'If the loss stops being a number or entropy jumps, halve it; if nothing moves in fifty steps, double it.',
    ADAM,
  ],
  'method.lr_scheduler_type': [
    'constant here, linear in TRL 1.13.',
    'If the end of a run is noisy, take cosine or linear.',
    'η_t = η "schedule"(t)',
  ],
  'method.warmup_steps': [
    '0 to 20.',
    'If the first steps do harm, raise it.',
    'η_t = η min(1, frac{t}{"warm-up"})',
  ],
  'method.adam_beta1': ['0.9.', 'If updates swing, raise it a little.', 'm ← β_1 m + (1 - β_1) g'],
  'method.adam_beta2': [
    '0.999; 0.95 to 0.99 for short runs.',
    'If the rate seems wrong for many steps after a jump, lower it.',
    'v ← β_2 v + (1 - β_2) g^2',
  ],
  'method.adam_epsilon': ['1e-8.', 'If tiny gradients make large steps, raise it.', ADAM],
  'method.weight_decay': [
    '0 for short runs.',
    'If weights grow over thousands of steps, set 0.01 to 0.1.',
    'θ ← θ - η λ θ',
  ],
  'method.max_grad_norm': [
    '0.5 to 1.',
    'If the gradient norm is always above it, the rate is really set by this: raise it or lower the rate.',
    'g ← g min(1, frac{"clip"}{"norm"})',
  ],
  'method.fp16': [
    'Off; on where memory is short.',
    'If a step stops at a number above 65,504, switch it off.',
  ],
};
