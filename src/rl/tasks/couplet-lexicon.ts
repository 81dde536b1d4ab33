/**
 * The words of couplets, made for this task: what they rhyme with, and how they are stressed (`1` a stressed syllable, `0` one that is
 * not, `?` one that may be either). A word stands in one place only, so it has one rhyme and one kind.
 */

export type WordKind = 'noun' | 'adjective' | 'verb';

export interface ContentWord {
  readonly word: string;
  readonly kind: WordKind;
  /** Words of one class rhyme. Null: the word ends no line. */
  readonly rhyme: string | null;
  readonly stress: string;
}

/** Words of one stressed syllable, by rhyme: nouns, adjectives, verbs. */
const RHYMES: Readonly<Record<string, readonly [string, string, string]>> = {
  ay: ['day way bay hay clay', 'gray', 'play stay pray'],
  ight: ['night light kite sight', 'bright white', 'fight write'],
  ain: ['rain train grain chain', 'plain', 'reign'],
  ee: ['sea tree bee key tea knee', 'free', 'flee'],
  old: ['gold fold', 'cold old bold', 'hold'],
  own: ['town crown gown', 'brown', 'drown frown'],
  ound: ['ground sound hound', 'round', 'bound'],
  ear: ['ear year deer', 'clear dear', 'hear'],
  oon: ['moon noon tune spoon', '', 'swoon'],
  all: ['wall ball hall', 'tall small', 'fall call'],
  ow: ['snow crow bow', 'slow low', 'grow row'],
  ing: ['wing king ring spring', '', 'sing cling'],
  ame: ['flame name game', 'tame lame', ''],
  ed: ['bread bed thread sled', 'red', 'spread'],
  ock: ['rock clock lock flock', '', 'knock'],
  air: ['air bear chair stair pear', 'fair bare', 'care'],
  ine: ['wine pine line vine', 'fine', 'shine dine'],
  eep: ['sheep heap', 'deep steep', 'sleep weep'],
  ill: ['hill mill bill', 'still', 'spill'],
  one: ['stone bone throne', 'lone', 'moan'],
  ake: ['lake snake cake rake', '', 'wake bake'],
  ook: ['book brook hook', '', 'look cook'],
  oad: ['road toad load', '', ''],
};

/** Topics that were never learned from: two syllables, the first one stressed. */
const LONG_NOUNS =
  'river garden candle winter summer morning window meadow apple thunder feather water shadow mountain';

const LONG_ADJECTIVES = 'golden silver quiet gentle little silent';

/** Words that hold a line together: one syllable, stressed or not as the line needs it. They may be said again. */
const SMALL_WORDS = 'the a and so is are in on of for to my we i see it will that where all how';

/** Small words of two syllables. */
const LONG_SMALL_WORDS: Readonly<Record<string, string>> = {
  beside: '01',
  beneath: '01',
  upon: '01',
  above: '01',
};

function contentWords(): ContentWord[] {
  const all: ContentWord[] = [];
  const add = (words: string, kind: WordKind, rhyme: string | null, stress: string) => {
    for (const word of words.split(' ').filter(Boolean)) all.push({ word, kind, rhyme, stress });
  };
  for (const [rhyme, [nouns, adjectives, verbs]] of Object.entries(RHYMES)) {
    add(nouns, 'noun', rhyme, '1');
    add(adjectives, 'adjective', rhyme, '1');
    add(verbs, 'verb', rhyme, '1');
  }
  add(LONG_NOUNS, 'noun', null, '10');
  add(LONG_ADJECTIVES, 'adjective', null, '10');
  return all;
}

export const CONTENT_WORDS: readonly ContentWord[] = contentWords();

const CONTENT = new Map(CONTENT_WORDS.map((entry) => [entry.word, entry]));
const SMALL = new Map<string, string>([
  ...SMALL_WORDS.split(' ').map((word) => [word, '?'] as const),
  ...Object.entries(LONG_SMALL_WORDS),
]);

/** The entry of a word that means something; undefined for small and unknown words. */
export function contentWord(word: string): ContentWord | undefined {
  return CONTENT.get(word);
}

/** How a word is stressed; undefined where the lexicon does not have it. */
export function stressOf(word: string): string | undefined {
  return CONTENT.get(word)?.stress ?? SMALL.get(word);
}

/** Whether two different words end in the same rhyme. */
export function rhymes(one: string, other: string): boolean {
  const [a, b] = [CONTENT.get(one)?.rhyme, CONTENT.get(other)?.rhyme];
  return one !== other && typeof a === 'string' && a === b;
}
