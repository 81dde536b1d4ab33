/** What the losses are called, and numbers of very different sizes in one unit. */
import type { EveryLoss } from '../../rl/objectives/every-loss.ts';
import type { ObjectiveSettings } from '../../rl/objectives/settings.ts';
import { formatNumber } from '../format.ts';
import { signed } from '../samples/token-colour.ts';

export const LOSS_NAMES: Readonly<Record<EveryLoss, string>> = {
  grpo: 'GRPO',
  bnpo: 'BNPO',
  dapo: 'DAPO',
  dr_grpo: 'Dr. GRPO',
  gspo: 'GSPO',
  cispo: 'CISPO',
  ppo: 'PPO',
};

/** What makes each of them what it is. */
export const LOSS_SAYS: Readonly<Record<EveryLoss, string>> = {
  grpo: 'The mean over answers of the mean over their tokens: a token of a long answer weighs less.',
  bnpo: 'The mean over all tokens of the batch. Here a step is one batch, so it is the same as DAPO.',
  dapo: 'The mean over all tokens of the step: every token weighs the same.',
  dr_grpo: 'A sum with a fixed divisor: the length of an answer changes nothing for its tokens.',
  gspo: 'One ratio for the whole answer, the geometric mean of its tokens’ ratios, with very tight bounds.',
  cispo: 'The ratio is a fixed weight on the log-prob, and is capped: no token loses its push.',
  ppo: 'An advantage for every token, from the values of a critic.',
};

/** Where the ratio is held. */
export function boundsText(loss: EveryLoss, settings: ObjectiveSettings): string {
  const { epsilon, epsilon_high, delta } = settings;
  if (loss === 'cispo') return `weight up to ${formatNumber(epsilon_high ?? epsilon)}`;
  const short = (value: number) => String(Number(value.toFixed(4)));
  const high = 1 + (epsilon_high ?? epsilon);
  return `${short(1 - epsilon)} to ${short(high)}${delta === null ? '' : `, cap ${short(delta)}`}`;
}

/** A power of ten in which the largest of some numbers has one to three digits before the point. */
export function unitOf(largest: number): number {
  if (!(largest > 0) || !Number.isFinite(largest)) return 0;
  return 3 * Math.floor(Math.log10(largest) / 3);
}

/** A number in units of 10^unit, with three digits or so and its sign. */
export function inUnit(value: number, unit: number): string {
  const scaled = value / 10 ** unit;
  const size = Math.abs(scaled);
  return signed(scaled, size >= 99.95 ? 0 : size >= 9.995 ? 1 : 2);
}

const RAISED = ['⁰', '¹', '²', '³', '⁴', '⁵', '⁶', '⁷', '⁸', '⁹'];

/** 10⁻⁶ */
export function powerText(unit: number): string {
  const digits = [...String(Math.abs(unit))].map((digit) => RAISED[Number(digit)]).join('');
  return unit === 0 ? '1' : `10${unit < 0 ? '⁻' : ''}${digits}`;
}
