/**
 * What a critic says, and how it is written: `>x` names the first answer, `>y` the second, `>t` neither. The text before it is reasoning.
 * A critic that judges one answer alone writes `>y` where it takes it for the expert's, and `>n` otherwise.
 */

/** The answer that a critic takes for the expert's: the first, the second, or neither. */
export type CriticVerdict = '1' | '2' | 'tie';

/** Whose a critic takes a single answer to be. */
export type AloneVerdict = 'expert' | 'policy';

export const VERDICTS: readonly CriticVerdict[] = ['1', '2', 'tie'];

const TAG = '>';
const PAIR: Readonly<Record<string, CriticVerdict>> = { x: '1', y: '2', t: 'tie' };
const ALONE: Readonly<Record<string, AloneVerdict>> = { y: 'expert', n: 'policy' };

/**
 * The verdict at the very end of a critic's text, given without its end token. Null where the text does not end with a tagged verdict, wherever else one stands.
 * A text that met its token budget has no end, so whoever knows that must not ask.
 */
export function readVerdict(text: string): CriticVerdict | null {
  return tagged(text, PAIR);
}

/** The same for a critic that judges one answer alone. */
export function readAlone(text: string): AloneVerdict | null {
  return tagged(text, ALONE);
}

export function writeVerdict(verdict: CriticVerdict): string {
  return TAG + letterOf(verdict, PAIR);
}

export function writeAlone(verdict: AloneVerdict): string {
  return TAG + letterOf(verdict, ALONE);
}

/** The same verdict on the same answers in the other order. */
export function turned(verdict: CriticVerdict): CriticVerdict {
  if (verdict === 'tie') return 'tie';
  return verdict === '1' ? '2' : '1';
}

function tagged<V>(text: string, letters: Readonly<Record<string, V>>): V | null {
  const letter = text.slice(-1);
  return text.at(-2) === TAG && Object.hasOwn(letters, letter) ? letters[letter] : null;
}

function letterOf<V>(verdict: V, letters: Readonly<Record<string, V>>): string {
  return Object.keys(letters).find((letter) => letters[letter] === verdict) ?? '';
}
