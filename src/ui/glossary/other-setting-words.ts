/** Settings of the run, its task, its rewards, its evaluations and its log. */
import type { WordTable } from './setting-words.ts';

const TOTAL = 'R = sum_k w_k r_k';
const CUT = 'n = floor(τ |y|)';
const READ = 'r_t = "clip"(f_t, -c, c)';
const COST = ['0.1 to 0.5.', 'If accuracy falls with the length, lower it.', TOTAL] as const;

export const OTHER_WORDS: WordTable = {
  seed: [
    'Any number. The same one gives the same bits on the same machine.',
    'One seed proves little: run five, and read the interval.',
  ],
  steps: ['60 to 300 here.', 'If curves still rise at the end, ask for more.'],
  policy: [
    'The one that was made for the task.',
    'If hardly any answer is right at step 0, take one that knows more.',
  ],
  'task.id': [
    'Chain to see something in a minute, Countdown to see search.',
    'If all answers are right, or none, take another task or other numbers.',
  ],
  'task.form': ['small.', 'classic is much harder: take it with a larger policy.'],
  'task.min_terms': ['2.', 'Raise it if questions are too easy.'],
  'task.max_terms': ['3 to 4.', 'Lower it if hardly any answer is right.'],
  'task.largest_term': ['99.', 'Lower it if hardly any answer is right.'],
  'task.answer_apart': [
    'Off; on for dialects, chatter and critics.',
    'On where a critic has to see the answer alone.',
  ],
  'task.min_steps': ['1.', 'Raise it if stories are too easy.'],
  'task.max_steps': ['2.', 'Lower it if hardly any answer is right.'],
  'task.largest': ['12.', 'Lower it if sums go wrong, not stories.'],
  'task.distractors': ['Off.', 'On to see whether the policy reads the question.'],
  'task.min_hops': ['2.', 'Raise it if questions are too easy.'],
  'task.max_hops': ['3.', 'Lower it if hardly any answer is right.'],
  'task.distractor_facts': ['4.', 'More to see whether the policy follows facts or guesses.'],
  'task.letters': ['12.', 'More if paths repeat too often.'],
  'rewards.*.term': [
    'answer, and often format beside it.',
    'Where no verifier is to be used, rl_logit or a learned reward.',
    TOTAL,
  ],
  'rewards.*.weight': [
    '1 for what counts, 0.1 to 0.5 for what helps, 0 to watch.',
    'If a helper is learned and the answer is not, lower the helper.',
    TOTAL,
  ],
  'rewards.*.weight@answer': [
    '1.',
    'Set it to 0 to watch the answer while something else pays.',
    TOTAL,
  ],
  'rewards.*.weight@format': ['0.1.', 'If form is learned and the answer is not, lower it.', TOTAL],
  'rewards.*.weight@transfer': [
    '0.5.',
    'If answers shorten to nothing, lower it or pay right answers only.',
    TOTAL,
  ],
  'rewards.*.weight@sar': ['0.2.', 'If accuracy falls, lower it.', 'R = r_"answer" + α R_{SA}'],
  'rewards.*.weight@length_o1': COST,
  'rewards.*.weight@length_er': COST,
  'rewards.*.weight@confidence': ['0.1 to 0.5.', 'If entropy collapses, lower it.', TOTAL],
  'rewards.*.weight@random': [
    '1, alone: it is a control.',
    'Beside other terms it only adds noise.',
    TOTAL,
  ],
  'rewards.*.weight@rl_logit': ['1.', 'Beside a verifier, lower it.', TOTAL],
  'rewards.*.weight@learned': ['1.', 'If it is hacked, lower it or stop earlier.', TOTAL],
  'rewards.*.permuted': [
    'Off.',
    'On to see whether a term does anything: what still changes is not its doing.',
    'r_i ← r_{"other"(i)}',
  ],
  'rewards.*.receivers': [
    'A receiver somewhat weaker than the policy.',
    'If one solves everything or nothing, take another.',
    'r = frac{1}{m} sum_j r_j',
  ],
  'rewards.*.backend': [
    'kernels.',
    'An ONNX runtime where the GPU is busy, or for a decoder of your own.',
  ],
  'rewards.*.tau': ['uniform.', 'An interval if cuts at the ends say nothing.', CUT],
  'rewards.*.tau_fixed': ['0.5.', 'Later if receivers fail, earlier if they always succeed.', CUT],
  'rewards.*.tau_low': ['0.2.', 'Raise it if receivers fail.', CUT],
  'rewards.*.tau_high': ['0.8.', 'Lower it if the answer is already visible.', CUT],
  'rewards.*.shared_tau': ['Off.', 'On if luck of the cut drowns what differs.', CUT],
  'rewards.*.cuts': ['1.', 'More if the reliability is low.', 'r = frac{1}{c} sum_j r_j'],
  'rewards.*.continuations': ['1.', 'More if the reliability is low.', 'r = frac{1}{n} sum_j r_j'],
  'rewards.*.receiver_temperature': [
    'That of the rollout.',
    '0 to take luck out.',
    'p_v = frac{e^{z_v / T}}{sum_u e^{z_u / T}}',
  ],
  'rewards.*.receiver_max_length': ['What the policy’s own limit leaves.', 'Shorter to save time.'],
  'rewards.*.grading': ['joined.', 'continuation to judge what the receiver wrote alone.'],
  'rewards.*.leakage_guard': ['Off.', 'On if many prefixes hold the answer already.'],
  'rewards.*.right_only': [
    'Off.',
    'On if answers shorten to nothing and receivers do the work.',
    'r ← r * 1["right"]',
  ],
  'rewards.*.blank_prefix': ['Off.', 'On as a control: what is left is the receiver’s own doing.'],
  'rewards.*.reliability_questions': ['1.', 'More to read the reliability sooner.'],
  'rewards.*.scratch_samples': ['1.', '0 to save time; the thin line is then missing.'],
  'rewards.*.floor': ['-1.', 'Lower it if many answers stand on it.', 'R_{SA} >= "floor"'],
  'rewards.*.gate': ['Off.', 'On if wrong answers earn too much.', 'r ← r * 1["right"]'],
  'rewards.*.form': [
    'ratio for R_SA, log_probability for RL-Logit.',
    'Take the logarithm where values crowd at one end.',
    'R = frac{ppl(a) - ppl(a|q)}{ppl(a)} "or" "log" ppl(a) - "log" ppl(a|q)',
  ],
  'rewards.*.form@rl_logit': [
    'log_probability.',
    'probability if very unlikely answers should earn nothing.',
    'R = "log" p(a | q, z)',
  ],
  'rewards.*.probability': ['0.5.', '0 and 1 pay all alike.', 'r ∼ "Bernoulli"(p)'],
  'rewards.*.reward_model': [
    'The reward-model folder of an AIRL run.',
    'If it is refused, the sentence says which part does not fit.',
  ],
  'rewards.*.granularity': [
    'As the model was trained to be read.',
    'At fewer places if it is hacked.',
    READ,
  ],
  'rewards.*.interval': ['8.', 'Longer if neighbouring rewards are noise.', READ],
  'rewards.*.reward_clip': ['3.', 'Raise it if most rewards stand at the clip.', READ],
  'evaluation.every': ['10 to 20 steps.', 'Seldom, if evaluations take more time than training.'],
  'evaluation.prompts': [
    '64 to 256.',
    'More if the band is wider than what you look for.',
    '"half width" = 1.96 sqrt{frac{a(1-a)}{n}}',
  ],
  'evaluation.samples': [
    '4.',
    'More to read pass@k at larger k.',
    'pass = 1 - frac{C(n-c, k)}{C(n, k)}',
  ],
  'evaluation.ood': ['Off.', 'On to see whether what is learned holds elsewhere.'],
  'evaluation.receivers': [
    'None.',
    'Name one that the reward does not use, to see whether handing over is general.',
  ],
  'evaluation.receiver_backend': ['kernels.', 'An ONNX runtime for a decoder of your own.'],
  'evaluation.transfer_answers': ['1.', 'More if transferability jumps.'],
  'evaluation.tournament': [
    '0, or 8 where there is a critic.',
    'Fewer if evaluations take long.',
    'matches = N - 1',
  ],
  'logging.sample_groups': [
    '4.',
    'More to read more; the page keeps a budget of steps either way.',
  ],
};
