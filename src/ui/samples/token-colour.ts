/** The numbers of a completion's tokens, whatever they are called: which there are, their colours and their words. */
import type { CompletionRecord } from '../../rl/records.ts';
import { TOKEN_NUMBERS, type TokenNumber, tokenNumber } from '../../rl/token-numbers.ts';

/** A token number under its name. */
export interface Mode extends TokenNumber {
  readonly id: string;
}

/** The mode of a name. */
export function modeOf(id: string): Mode {
  return { id, ...tokenNumber(id) };
}

/** The advantage of the whole answer is that of each of its tokens, where they have none of their own. */
const OF_ANSWER = 'advantage';

/** What the tokens of these answers can be coloured by: what is known first, in its order, then other names as they come. */
export function modesFor(completions: readonly CompletionRecord[]): Mode[] {
  const none =
    completions.length > 0 && completions.every(({ advantage }) => advantage === undefined);
  const own = completions.flatMap(({ tokens }) => Object.keys(tokens));
  return named(none ? own : [OF_ANSWER, ...own]);
}

/** The numbers that each token of an answer has of its own, in the same order. */
export function numbersOf({ tokens }: CompletionRecord): Mode[] {
  return named(Object.keys(tokens));
}

function named(names: readonly string[]): Mode[] {
  const order = Object.keys(TOKEN_NUMBERS);
  const place = (name: string) => (order.includes(name) ? order.indexOf(name) : order.length);
  return [...new Set(names)].sort((a, b) => place(a) - place(b)).map(modeOf);
}

/** The mode that is shown: the chosen one where it can be; unchosen, the one that leads. */
export function shownMode(chosen: string | undefined, usable: readonly Mode[]): Mode {
  const wanted = usable.find(({ id, leads }) => (chosen === undefined ? leads : id === chosen));
  return wanted ?? modeOf('logprob');
}

/** The number of token `i` as it is shown. Undefined where it was not measured. */
export function tokenValue(
  { tokens, advantage }: CompletionRecord,
  i: number,
  { id, takenFrom }: Mode,
): number | undefined {
  const recorded = tokens[id];
  if (!recorded) return id === OF_ANSWER ? advantage : undefined;
  if (takenFrom === undefined) return recorded[i];
  const whole = tokens[takenFrom];
  return whole && whole[i] - recorded[i];
}

/** The class of a value: '' near the centre, n1 to n4 below it, p1 to p4 above, where the mode has that arm. */
export function colourStep(
  value: number | undefined,
  { centre, boundaries, arms }: Pick<Mode, 'centre' | 'boundaries' | 'arms'>,
): string {
  if (value === undefined || Number.isNaN(value)) return '';
  const size = Math.abs(value - centre);
  const step = boundaries.filter((boundary) => size >= boundary).length;
  const arm = value < centre ? 'below' : 'above';
  if (step === 0 || (arms !== 'both' && arms !== arm)) return '';
  return `${arm === 'below' ? 'n' : 'p'}${step}`;
}

/** A token's number in words: with its sign where it lies on both sides of 0. */
export function valueText(value: number, { arms, centre }: Mode): string {
  return arms === 'both' && centre === 0 ? signed(value) : negative(value);
}

/** A signed number with a true minus: +1.05, −0.33, 0.00. */
export function signed(value: number, decimals = 2): string {
  if (Number.isNaN(value)) return 'not finite';
  const text = Math.abs(value).toFixed(decimals);
  if (Number(text) === 0) return text;
  return `${value < 0 ? '−' : '+'}${text}`;
}

/** A number whose sign says nothing, such as a log-prob: −1.17, 0.00. */
export function negative(value: number, decimals = 2): string {
  return signed(value, decimals).replace('+', '');
}

/** exp of a log-prob as a share: 31 %, 0.4 %, below 0.1 %. */
export function probability(logprob: number): string {
  const share = 100 * Math.exp(logprob);
  if (Number.isNaN(share)) return 'not finite';
  if (share >= 99.95) return share >= 99.995 ? '100 %' : '99.9 %';
  if (share < 0.1) return 'below 0.1 %';
  return `${share >= 10 ? share.toFixed(0) : share.toFixed(1)} %`;
}
