import type { CompletionRecord } from '../../rl/records.ts';
import { sarShown } from './sar-shown.ts';

/** What the colour of a token says. */
export type ColourMode = 'logprob' | 'reference' | 'question' | 'advantage';

/** A mode's name, its fixed boundaries (so that two steps can be compared), and whether it has a positive arm. */
export interface Mode {
  readonly id: ColourMode;
  readonly label: string;
  readonly boundaries: readonly [number, number, number, number];
  readonly both: boolean;
}

/** In the order of the menu. Boundaries are magnitudes; nats for all but the advantage. */
export const MODES: readonly Mode[] = [
  { id: 'logprob', label: 'log-prob', boundaries: [0.1, 0.5, 1, 2], both: false },
  {
    id: 'reference',
    label: 'change since reference',
    boundaries: [0.02, 0.1, 0.3, 1],
    both: true,
  },
  { id: 'question', label: 'what the question adds', boundaries: [0.1, 0.5, 1, 1.5], both: true },
  { id: 'advantage', label: 'advantage', boundaries: [0.1, 0.5, 1, 1.5], both: true },
];

/** The mode of an id. */
export function modeOf(id: ColourMode): Mode {
  return MODES.find((mode) => mode.id === id) ?? MODES[0];
}

/** The modes that these answers have values for, in the order of the menu. */
export function modesFor(completions: readonly CompletionRecord[]): Mode[] {
  const reference = completions.some((completion) => completion.refLogprobs);
  const question = completions.some((completion) => sarShown(completion)?.v);
  return MODES.filter(
    ({ id }) => (id !== 'reference' || reference) && (id !== 'question' || question),
  );
}

/** The mode that is shown: the chosen one where it can be; unchosen, what the question adds wherever that was measured. */
export function shownMode(chosen: ColourMode | undefined, usable: readonly Mode[]): Mode {
  return usable.find(({ id }) => id === (chosen ?? 'question')) ?? modeOf('logprob');
}

/** The number of token `i` in a mode: nats, or the answer's advantage. Undefined where it was not measured. */
export function tokenValue(
  completion: CompletionRecord,
  i: number,
  mode: ColourMode,
): number | undefined {
  if (mode === 'advantage') return completion.advantage;
  if (mode === 'question') return sarShown(completion)?.v?.[i];
  const logprob = completion.logprobs[i];
  if (mode === 'logprob') return logprob;
  const reference = completion.refLogprobs?.[i];
  return reference === undefined ? undefined : logprob - reference;
}

/** The class of a value: '' within the first boundary, n1 to n4 below, p1 to p4 above where the mode has that arm. */
export function colourStep(value: number | undefined, mode: Mode): string {
  if (value === undefined || Number.isNaN(value)) return '';
  const size = Math.abs(value);
  const step = mode.boundaries.filter((boundary) => size >= boundary).length;
  if (step === 0 || (value > 0 && !mode.both)) return '';
  return `${value < 0 ? 'n' : 'p'}${step}`;
}

/** A signed number with a true minus: +1.05, −0.33, 0.00. */
export function signed(value: number, decimals = 2): string {
  if (Number.isNaN(value)) return 'not finite';
  const text = Math.abs(value).toFixed(decimals);
  if (Number(text) === 0) return text;
  return `${value < 0 ? '−' : '+'}${text}`;
}

/** A number that is not above 0 by nature (a log-prob): −1.17, 0.00. */
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
