/**
 * Reads chains in any dialect, with chatter or without: which pieces between commas are steps, which of them say again what stands
 * there already, and where nothing is said at all. Linear in the length of the text.
 */
import { type DialectId, inDigits } from './chain-dialects.ts';
import { everyPiece } from './step-text.ts';

const DIGITS = '(?:0|[1-9][0-9]?)';
const LETTERS = '(?:a|[b-j][a-j]?)';
const stepIn = (number: string) => `${number}(?:\\+${number})+=${number}`;
/** Fillers, `check ` and the question said again. */
const WORDS = new RegExp(`^(?:[a-z]+ |${DIGITS}(?:\\+${DIGITS})+ )*`);
const STEP = new RegExp(`^(?:${stepIn(DIGITS)}|${stepIn(LETTERS)})$`);
const CHECKS = /(?:^| )check $/;

/** A piece between commas. */
export interface ChainPiece {
  /** Character offsets of its words (fillers), which may be none, and of the rest. */
  readonly from: number;
  readonly wordsTo: number;
  readonly to: number;
  /** The rest, without the words. */
  readonly text: string;
  /**
   * `step`: the next addition. `stray`: an addition that does not follow. `repeat`: one that stands there already. `repair`: in a check, one
   * that does not. `words`: words alone. `odd`: none of these.
   */
  readonly kind: 'step' | 'stray' | 'repeat' | 'repair' | 'words' | 'odd';
  readonly step: Reckoned | null;
}

interface Reckoned {
  readonly left: number;
  readonly rights: readonly number[];
  readonly result: number;
  readonly letters: boolean;
}

export interface ChainReading {
  readonly pieces: readonly ChainPiece[];
  readonly dialect: DialectId | null;
}

/** @param text the steps, without `;` and answer */
export function readChain(terms: readonly number[], text: string): ChainReading {
  const pieces: ChainPiece[] = [];
  const seen = new Set<string>();
  const walk = new Walk(terms);
  let checking = false;
  let from = 0;
  everyPiece(text, ',', (piece) => {
    const words = WORDS.exec(piece)?.[0] ?? '';
    const rest = piece.slice(words.length);
    if (CHECKS.test(words)) checking = true;
    const step = reckoned(rest);
    const known = seen.has(rest);
    seen.add(rest);
    const next = step !== null && !checking && walk.take(step, known);
    const kind = kindOf({ words, rest, step, known, checking, next });
    const place = { from, wordsTo: from + words.length, to: from + piece.length };
    pieces.push({ ...place, text: rest, kind, step });
    from += piece.length + 1;
    return true;
  });
  return { pieces, dialect: walk.dialect() };
}

function kindOf(of: {
  readonly words: string;
  readonly rest: string;
  readonly step: Reckoned | null;
  readonly known: boolean;
  readonly checking: boolean;
  readonly next: boolean;
}): ChainPiece['kind'] {
  if (of.step === null) return of.rest === '' && of.words !== '' ? 'words' : 'odd';
  if (of.next) return 'step';
  if (of.known) return 'repeat';
  return of.checking ? 'repair' : 'stray';
}

function reckoned(text: string): Reckoned | null {
  if (!STEP.test(text)) return null;
  const letters = text >= 'a';
  const [sum, result] = (letters ? inDigits(text) : text).split('=');
  const [left, ...rights] = sum.split('+').map(Number);
  return { left, rights, result: Number(result), letters };
}

/** Goes along the terms with the steps, in the direction that the first step takes. */
class Walk {
  readonly #terms: readonly number[];
  #order: readonly number[] | null = null;
  #running = 0;
  #at = 1;
  /** Steps in letters, and steps with several additions, of all. */
  #letters = 0;
  #leaps = 0;
  #steps = 0;

  constructor(terms: readonly number[]) {
    this.#terms = terms;
  }

  /** Whether a step is the next one. One that is not is gone on from, unless it repeats another. */
  take(step: Reckoned, known: boolean): boolean {
    const order = this.#order ?? this.#begin(step);
    const next = order !== null && this.#follows(step, order);
    if (!next && known) return false;
    this.#running = step.result;
    this.#at += step.rights.length;
    this.#steps += 1;
    this.#letters += Number(step.letters);
    this.#leaps += Number(step.rights.length > 1);
    return next;
  }

  /** The dialect of all steps; null where they are of several, or of none. */
  dialect(): DialectId | null {
    if (this.#order === null) return null;
    const forward = this.#order === this.#terms;
    if (this.#letters > 0) {
      return forward && this.#letters === this.#steps && this.#leaps === 0 ? 'private' : null;
    }
    if (this.#leaps > 0) return forward ? 'leaps' : null;
    return forward ? 'public' : 'reversed';
  }

  #begin(step: Reckoned): readonly number[] | null {
    if (this.#steps > 0) return null;
    for (const order of [this.#terms, this.#terms.toReversed()]) {
      this.#running = order[0];
      if (!this.#follows(step, order)) continue;
      this.#order = order;
      return order;
    }
    return null;
  }

  #follows({ left, rights }: Reckoned, order: readonly number[]): boolean {
    const fits = rights.every((right, i) => right === order[this.#at + i]);
    if (left === this.#running && fits) return true;
    const [right] = rights;
    return rights.length === 1 && right === this.#running && left === order[this.#at];
  }
}
