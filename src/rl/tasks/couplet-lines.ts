/**
 * The expert's couplets: two lines of three iambs about a topic, drawn from a few frames. A capital stands for a word of its kind, `T` for
 * the topic, and the last capital of a line for a word that rhymes.
 */
import type { RandomStream } from '../random.ts';
import { CONTENT_WORDS, type ContentWord, contentWord, type WordKind } from './couplet-lexicon.ts';

const KINDS: Readonly<Record<string, WordKind>> = { N: 'noun', A: 'adjective', V: 'verb' };

/** First lines about a topic of one syllable, of two syllables, and second lines, by the kind of their last word. */
const FRAMES: Readonly<
  Record<'short' | 'long' | 'second', Readonly<Record<WordKind, readonly string[]>>>
> = {
  short: {
    noun: ['i see the T and N', 'the T is in the N', 'a T beside the N'],
    adjective: ['the T is A and A', 'so A a T so A'],
    verb: ['my T and i will V', 'the T will V and V'],
  },
  long: {
    noun: ['the T of the N', 'a T for the N'],
    adjective: ['the T A and A', 'my T is so A'],
    verb: ['the T where we V', 'my T where i V'],
  },
  second: {
    noun: ['beneath the N and N', 'we V it in the N', 'upon the L N'],
    adjective: ['and all the N is A', 'the N and N are A'],
    verb: ['beneath the N we V', 'and so we V and V', 'the L N will V'],
  },
};

export interface Couplet {
  readonly ends: readonly [string, string];
  readonly lines: readonly [string, string];
}

/** @param slips chance that the last word rhymes with nothing before it */
export function drawCouplet(topic: string, random: RandomStream, slips = 0): Couplet {
  const used = new Set([topic]);
  const long = contentWord(topic)?.stress === '10';
  // Every rhyme has three words at least, so one is left beside the topic and this one.
  const first = draw(used, random, ({ rhyme }) => rhyme !== null);
  const slip = slips > 0 && random.uniform() < slips;
  const second = draw(
    used,
    random,
    ({ rhyme }) => rhyme !== null && (rhyme === first.rhyme) !== slip,
  );
  const lines = [
    fill(random.pick(FRAMES[long ? 'long' : 'short'][first.kind]), topic, first.word, used, random),
    fill(random.pick(FRAMES.second[second.kind]), topic, second.word, used, random),
  ] as const;
  return { ends: [first.word, second.word], lines };
}

function draw(
  used: Set<string>,
  random: RandomStream,
  fits: (word: ContentWord) => boolean,
): ContentWord {
  const word = random.pick(CONTENT_WORDS.filter((one) => !used.has(one.word) && fits(one)));
  used.add(word.word);
  return word;
}

function fill(
  frame: string,
  topic: string,
  end: string,
  used: Set<string>,
  random: RandomStream,
): string {
  const places = frame.split(' ');
  return places
    .map((place, i) => {
      if (place === 'T') return topic;
      if (i === places.length - 1) return end;
      const long = place === 'L';
      const kind = long ? 'adjective' : KINDS[place];
      const stress = long ? '10' : '1';
      if (kind === undefined) return place;
      return draw(used, random, (one) => one.kind === kind && one.stress === stress).word;
    })
    .join(' ');
}
