/** The charts of single reward terms. */
import { AIRL, type ChartEntry, OURS, RLTR, SAR } from './entry.ts';

const L1 = 'O1-Pruner (arXiv 2501.12570), in the form of SAR’s code';
const ER =
  'Training Language Models to Reason Efficiently (arXiv 2502.04463), in the form of SAR’s code';

export const TERM_ENTRIES: Readonly<Record<string, ChartEntry>> = {
  'rewards/answer': {
    title: 'Answer',
    what: 'The share of answers that the verifier finds right.',
    normal: 'It rises; this is what most experiments are for.',
    otherwise:
      'If it stays at 0 nobody finds a right answer to learn from: take easier questions or a policy that knows more.',
    equation: 'r(y) = 1[y "is right"]',
    source: OURS,
  },
  'rewards/format': {
    title: 'Format',
    what: 'The share of answers that have the task’s form, right or wrong.',
    normal: 'Near 1 within a few steps.',
    range: { column: 'rewards/format/mean', low: 0.9, high: 1 },
    otherwise:
      'If it is low, the policy was not warmed up for this task. If it alone rises, it is paid too much.',
    equation: 'r(y) = 1[y "is well formed"]',
    source: OURS,
  },
  'rewards/transfer': {
    title: 'Transfer',
    what: 'How often a frozen receiver finishes the answer rightly from a random place.',
    normal: 'It rises with the answer.',
    otherwise:
      'If it rises while answers shorten to nothing, the receiver does the work: pay right answers only.',
    equation: 'r(y) = frac{1}{m} sum_{j=1}^m 1[y_{<=τ} ⊕ z_j "is right"]',
    source: RLTR,
  },
  'rewards/sar': {
    title: 'Self-aligned',
    what: 'How much the question lowers the perplexity of the answer, R_SA.',
    normal: 'Between 0 and 1, and rising.',
    otherwise:
      'Below 0 answers are likelier without their question: they are generic, or only an echo.',
    equation: 'R_{SA} = frac{ppl(a) - ppl(a|q)}{ppl(a)}',
    source: SAR,
  },
  'rewards/length_o1': {
    title: 'Length (O1)',
    what: 'How much shorter an answer is than the mean of its group.',
    normal: 'Near 0 on average, since it compares within a group.',
    otherwise: 'If accuracy falls with the length, lower its weight.',
    equation: 'r(y) = frac{"mean" |y_g|}{|y|} - 1',
    source: L1,
  },
  'rewards/length_er': {
    title: 'Length (ER)',
    what: 'A price on length among the right answers of a group.',
    normal: 'Near its middle, since it compares within a group.',
    otherwise: 'If accuracy falls with the length, lower its weight.',
    equation: 'r(y) = 1["right"] (1 - σ(frac{|y| - "mean"}{"std"}))',
    source: ER,
  },
  'rewards/confidence': {
    title: 'Confidence',
    what: 'How likely the policy finds its own answer, whatever it says.',
    normal: 'It rises by itself as entropy falls.',
    otherwise:
      'If the answer does not rise with it, it is paid for being sure and not for being right.',
    equation: 'r(y) = frac{1}{|y|} sum_t "log" π(y_t)',
    source: SAR,
  },
  'rewards/random': {
    title: 'Random',
    what: 'A coin for each answer: the control that says nothing.',
    normal: 'At its probability, whatever is learned.',
    otherwise: 'If accuracy rises under it alone, what rises is not this reward’s doing.',
    equation: 'r(y) ∼ "Bernoulli"(p)',
    source: OURS,
  },
  'rewards/rl_logit': {
    title: 'RL-Logit',
    what: 'How likely the expert’s answer is after the policy’s reasoning.',
    normal: 'It rises; there is no verifier in it.',
    otherwise:
      'If accuracy does not follow, reasoning makes the answer likely without leading to it.',
    equation: 'r(z) = "log" p(a | q, z)',
    source: 'The baselines of Escaping the Verifier (RARO); docs/methods/rl-logit.md',
  },
  'rewards/learned': {
    title: 'Learned',
    what: 'What a reward model that was trained elsewhere says of the answer; it is not trained here.',
    normal: 'It rises; accuracy should follow.',
    otherwise:
      'If accuracy falls while it rises, the model is being hacked: stop earlier, or train it against the new answers.',
    equation: 'r(y) = "mean"_t "clip"(f_t, -c, c)',
    source: AIRL,
  },
};
