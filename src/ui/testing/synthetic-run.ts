/**
 * Invented rows and samples for looking at the page without a trainer. Deterministic, plausible in shape, and never
 * shown to a visitor.
 */
import type { CompletionRecord, MetricsRow, SampleGroup, TimingsRow } from '../../rl/records.ts';

/** A small generator of numbers in [0, 1): enough for pictures, no part of any experiment. */
export function noise(seed: number): () => number {
  let state = (seed * 2_654_435_761) >>> 0 || 1;
  return () => {
    state ^= state << 13;
    state >>>= 0;
    state ^= state >>> 17;
    state ^= state << 5;
    state >>>= 0;
    return state / 2 ** 32;
  };
}

/** Metrics and timings of one step of an invented run. `quality` shifts how fast it learns. */
export function syntheticRow(
  step: number,
  seed: number,
  quality: number,
): [MetricsRow, TimingsRow] {
  const random = noise(seed * 7919 + step * 104_729 + 1);
  for (let i = 0; i < 8; i += 1) random();
  const wobble = (size: number) => (random() + random() + random() - 1.5) * size;
  const grown = 1 - Math.exp(-step / (70 / quality));
  const answer = 0.3 + 0.4 * quality * grown + wobble(0.07);
  const format = 0.93 + 0.06 * grown + wobble(0.01);
  const broken = seed === 1 && step >= 47 && step < 52;
  const row: Record<string, number | null> = {
    step,
    reward: answer + 0.1 * format,
    reward_std: 0.41 + wobble(0.05),
    'rewards/answer/mean': answer,
    'rewards/format/mean': format,
    'completions/mean_length': 45 - 6 * quality * grown + wobble(1.5),
    'completions/clipped_ratio': Math.max(0, 0.09 - 0.06 * grown + wobble(0.02)),
    entropy: 0.62 - 0.3 * grown + wobble(0.02),
    kl: 0.04 * grown + Math.abs(wobble(0.004)),
    'clip_ratio/low_mean': Math.abs(wobble(0.004)),
    'clip_ratio/high_mean': 0.004 + Math.abs(wobble(0.006)),
    grad_norm: broken ? null : 0.9 - 0.3 * grown + Math.abs(wobble(0.3)),
    frac_reward_zero_std: Math.max(0, 0.05 + 0.2 * grown + wobble(0.06)),
    loss: broken ? null : wobble(0.004),
    'sampling/sampling_logp_difference/max': 2e-6 + Math.abs(wobble(2e-6)),
    num_tokens: (step + 1) * 3840,
  };
  if (step % 10 === 0) {
    row['eval/accuracy'] = 0.33 + 0.33 * quality * grown + wobble(0.01);
    row['eval/accuracy_low'] = (row['eval/accuracy'] ?? 0) - 0.035;
    row['eval/accuracy_high'] = (row['eval/accuracy'] ?? 0) + 0.035;
    row['eval/maj_at_8'] = 0.5 + 0.25 * quality * grown + wobble(0.01);
    row['eval/pass_at_8'] = 0.7 + 0.18 * quality * grown + wobble(0.01);
  }
  const phases = {
    generate: 0.71 + wobble(0.02),
    score: 0.09,
    train: 0.49 + wobble(0.02),
    evaluate: 0.04,
  };
  const warm = 1 - 0.6 * Math.exp(-step / 3);
  const timings: TimingsRow = {
    step,
    step_time: phases.generate + phases.score + phases.train + phases.evaluate,
    phases,
    tokens_per_second: {
      generate: 22_200 * warm + wobble(900),
      score: 150_000 * warm + wobble(6000),
      train: 63_700 * warm + wobble(2500),
    },
  };
  return [row as MetricsRow, timings];
}

const TEXTS: readonly (readonly [string, boolean, string?])[] = [
  ['5*2=10 10+8=18 no. 8*2=16 16+5=21 yes. 8*2+5', true],
  ['8*2=16 16+5=21 yes. 8*2+5', true],
  ['8+5=13 13*2=26 no. 8*5=40 40/2=20 no. 8*5/2', false, 'gives 20'],
  ['5+8=13 13+2=15 no. 2*8=16 16+5=21 yes. 2*8+5', true],
  ['8*2=16 16-5=11 no. 8+2=10 10*5=50 no. 8*2-5', false, 'gives 11'],
  ['8-5=3 3*2=6 no. 5-2=3 3*8=24 no. 8*5=40 40-2=38 no. 8/2=4 4*5=20', false],
  ['8+8=16 16+5=21 yes. 8+8+5', false, 'uses 8 twice'],
  ['2*8=16 16+5=21 yes. 2*8+5', true],
];

/** The groups of one step: `questions` questions with eight completions each; the last question has no signal. */
export function syntheticGroups(step: number, questions = 4): SampleGroup[] {
  return Array.from({ length: questions }, (_, q) => {
    const same = q === questions - 1;
    const random = noise(step * 31 + q + 11);
    const completions = TEXTS.map((_entry, i) => completion(TEXTS[same ? 1 : i], i, random));
    const rewards = completions.map((c) => c.reward ?? 0);
    const mean = rewards.reduce((a, b) => a + b, 0) / rewards.length;
    const std = Math.sqrt(rewards.reduce((a, b) => a + (b - mean) ** 2, 0) / (rewards.length - 1));
    return {
      step,
      question: q === 2 ? `Sum of 4, 17 and ${q + 30} modulo 100` : 'Make 21 from 2, 5 and 8',
      prompt: '2,5,8>21:',
      completions: completions.map((c) => ({
        ...c,
        advantage: std > 1e-9 ? ((c.reward ?? 0) - mean) / std : 0,
      })),
    };
  });
}

function completion(
  [text, correct, note]: readonly [string, boolean, string?],
  index: number,
  random: () => number,
): CompletionRecord {
  const truncated = index === 5 && !correct;
  const pieces = truncated ? [...text] : [...text, '<eos>'];
  const logprobs = pieces.map((token) => {
    const hard = /[0-9*+/-]/.test(token) ? 1 : 0.12;
    return -(random() ** 2) * 2.6 * hard - 0.005;
  });
  // Digits are what the question tells most.
  const v = pieces.map((piece, i) => (/[0-9]/.test(piece) ? 1.7 - 0.4 * (i % 6) : 0.05));
  const rewards = { answer: correct ? 1 : 0, format: truncated ? 0 : 1 };
  return {
    role: 'solver',
    text,
    pieces,
    tokens: {
      logprob: logprobs,
      ref_logprob: logprobs.map((value) => value + (random() - 0.5) * 0.9 * random()),
      'sar/v': v,
    },
    rewards,
    reward: rewards.answer + 0.1 * rewards.format,
    advantage: 0,
    truncated,
    correct,
    shown: { sar: syntheticSar(v, logprobs) },
    ...(note && { note }),
  };
}

/** The numbers agree with one another as the term's do. */
function syntheticSar(v: readonly number[], logprobs: readonly number[]) {
  const mean = (values: readonly number[]) => values.reduce((a, b) => a + b, 0) / values.length;
  const given = Math.exp(-mean(logprobs));
  const r = 1 - Math.exp(-mean(v));
  return {
    perplexity_with_question: given,
    perplexity_without_question: given / (1 - r),
    raw: r,
    r_sa: r,
  };
}
