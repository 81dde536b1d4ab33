/**
 * The hidden judge of couplets: rhyme, metre, topic and no repetition. Training must never see it, so it is no part of the task; only
 * evaluation may call it. It does not judge sense.
 */
import { contentWord, rhymes, stressOf } from './couplet-lexicon.ts';

export interface CoupletJudgement {
  /** The lines end in different words of one rhyme. */
  readonly rhyme: boolean;
  /** Both lines are three iambs of known words. */
  readonly metre: boolean;
  /** The topic is named. */
  readonly topic: boolean;
  /** No word that means something stands there twice. */
  readonly fresh: boolean;
  /** How many of the four hold. */
  readonly score: number;
}

const FEET = '010101';

/** Judges what stands after the last semicolon. Anything but two lines has none of the four. Never throws; linear in the text's length. */
export function judgeCouplet(topic: string, completion: string): CoupletJudgement {
  const answer = completion.slice(completion.lastIndexOf(';') + 1);
  const lines = answer.split('\n', 3).map((line) => line.trim().split(/\s+/));
  const two = lines.length === 2 && lines.every(([first]) => first !== '');
  const words = lines.flat();
  const rhyme = two && rhymes(lines[0][lines[0].length - 1], lines[1][lines[1].length - 1]);
  const metre = two && lines.every(isIambic);
  const named = two && words.includes(topic);
  const meaning = words.filter((word) => contentWord(word));
  const fresh = two && meaning.length > 0 && new Set(meaning).size === meaning.length;
  const score = [rhyme, metre, named, fresh].filter(Boolean).length;
  return { rhyme, metre, topic: named, fresh, score };
}

/** Two couplets on one topic. */
export interface CoupletPair {
  readonly topic: string;
  readonly policy: string;
  readonly expert: string;
}

/** How often the judge scores the policy's couplet above the expert's, ties counted as half; null without pairs. */
export function winRate(pairs: readonly CoupletPair[]): number | null {
  if (pairs.length === 0) return null;
  const won = pairs.map(({ topic, policy, expert }) => {
    const lead = judgeCouplet(topic, policy).score - judgeCouplet(topic, expert).score;
    return (Math.sign(lead) + 1) / 2;
  });
  return won.reduce((sum, x) => sum + x, 0) / pairs.length;
}

/** Whether known words fill the three feet exactly; a syllable that may be either fits everywhere. */
function isIambic(words: readonly string[]): boolean {
  let at = 0;
  for (const word of words) {
    for (const syllable of stressOf(word) ?? 'unknown') {
      if (syllable !== '?' && syllable !== FEET[at]) return false;
      at++;
    }
    if (at > FEET.length) return false;
  }
  return at === FEET.length;
}
