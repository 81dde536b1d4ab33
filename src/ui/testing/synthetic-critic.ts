/** Invented numbers and verdicts of a critic, for looking at RARO on the page without a trainer. Never shown to a visitor. */
import type { CompletionRecord, SampleGroup } from '../../rl/records.ts';
import { noise } from './synthetic-run.ts';

/** What RARO's rows have beside others. */
export function syntheticCriticRow(step: number, seed: number): Readonly<Record<string, number>> {
  const random = noise(seed * 31 + step * 7 + 5);
  for (let i = 0; i < 8; i += 1) random();
  const wobble = (size: number) => (random() - 0.5) * size;
  const grown = 1 - Math.exp(-step / 30);
  return {
    'rewards/policy/mean': 0.52 - 0.06 * grown + wobble(0.05),
    'rewards/critic/mean': 0.48 + 0.16 * grown + wobble(0.05),
    'critic/pairs': 64,
    'critic/accuracy': 0.5 + 0.25 * grown + wobble(0.08),
    'critic/tie_rate': 0.5 + 0.3 * grown + wobble(0.05),
    'critic/tie_rate_differing': 0.45 - 0.25 * grown + wobble(0.06),
    'critic/order_bias': 0.06 - 0.05 * grown + wobble(0.05),
    'critic/unreadable': Math.max(0, 0.03 - 0.02 * grown + wobble(0.01)),
    'critic/identical': 0.66 + 0.1 * grown + wobble(0.05),
    'critic/expert_wrong': 0,
    ...(step > 1 && { 'critic/replay_age': step / 2 }),
  };
}

const PAIR = { question: '3+8+5+1:', first: '17', second: '18', expert: '1' } as const;
const REASONING = '3+8=11,11+5=16,16+1=17;17';

/** One pair of the step and, from the second on, an earlier one. */
export function syntheticPairs(step: number): SampleGroup[] {
  const ages = step > 1 ? [null, step - 1] : [null];
  return ages.map((age) => ({
    ...{ step, question: '3+8+5+1', prompt: '3+8+5+1|17|18:' },
    completions: ['x', 't', 't', 'x'].map((letter, i) => verdict(letter, i % 2 === 1, age)),
  }));
}

function verdict(letter: string, turned: boolean, age: number | null): CompletionRecord {
  const { question, first, second } = PAIR;
  const [one, other, expert] = turned ? [second, first, '2'] : [first, second, PAIR.expert];
  const said = letter === 't' ? 'tie' : '1';
  const note = (answer: string) => `?${answer}${answer === first ? 'y' : 'n'}`;
  const text = `${REASONING}${note(one)}${note(other)}>${letter}`;
  const pieces = [...text, '<eos>'];
  const critic = said === 'tie' ? 0.55 : Number(said === expert);
  const policy = said === 'tie' ? 0.6 : Number(said !== expert);
  return {
    ...{ role: 'critic', text, pieces, truncated: false, rewards: { critic }, reward: critic },
    ...{ tokens: { logprob: pieces.map((_, i) => -0.05 * (i % 4)) }, advantage: 0 },
    shown: { critic: { question, first: one, second: other, expert, verdict: said, policy, age } },
  };
}
