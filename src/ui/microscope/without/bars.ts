/** The bars over the tokens: one scale for all lines of an answer, and the words for who does not see them. */
import { linearScale, type Scale } from '../../plot/scale.ts';
import { signed } from '../../samples/token-colour.ts';
import { spoken } from '../../samples/visible-text.ts';
import type { AnswerScore } from './score-answers.ts';

/** What is always in view, nats, so that small values look small. */
const LEAST = { low: -1, high: 2 } as const;

export function barScale(v: readonly number[]): Scale {
  return linearScale(Math.min(LEAST.low, ...v), Math.max(LEAST.high, ...v));
}

/** A bar's upper edge and height as shares of the plot, from above. */
export function barOf(value: number, { low, high }: Scale): { top: number; height: number } {
  const at = (y: number) => (high - y) / (high - low);
  const [top, bottom] = value > 0 ? [at(value), at(0)] : [at(0), at(value)];
  return { top, height: bottom - top };
}

/** What an answer's bars amount to, in one sentence. */
export function barSentence({ tokens, v }: AnswerScore): string {
  if (!v || v.length === 0) return 'Not known for this answer.';
  const most = v.indexOf(Math.max(...v));
  const least = v.indexOf(Math.min(...v));
  const name = (i: number) => `token ${i + 1}, ${spoken(tokens[i])}, ${signed(v[i])} nats`;
  const mean = v.reduce((sum, value) => sum + value, 0) / v.length;
  return `What the question adds to each of ${v.length} tokens: ${signed(mean)} nats on average, most at ${name(most)}, least at ${name(least)}.`;
}
