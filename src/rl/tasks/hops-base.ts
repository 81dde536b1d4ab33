/**
 * The questions of the task `hops`: a small knowledge base of facts such as `a>c`, and how many of them to follow from where.
 * Prompt `a>c,b>d,c>f,f>b;>>a:` asks what is two hops from a. A letter has at most one fact, so there is one way to go.
 */
import { badConfig } from '../../errors.ts';
import type { RandomStream } from '../random.ts';

/** `a>c`: what follows a is c. */
export type Fact = readonly [from: string, to: string];

export interface HopsData {
  /** In the order in which they are told. */
  readonly facts: readonly Fact[];
  readonly start: string;
  readonly hops: number;
}

/** What a question has beside its path. */
export interface BaseSize {
  /** Facts that are not needed. */
  readonly distractors: number;
  /** The first letters of the alphabet, this many, are what facts are about. */
  readonly letters: number;
}

const ALPHABET = [...'abcdefghijklmnopqrstuvwxyz'];
/** One sign a hop, so that a question with one hop more has no sign that was never seen. */
const FORM = /^([a-z]>[a-z](?:,[a-z]>[a-z]){0,25});(>{1,9})([a-z]):$/;

export function writeHops({ facts, start, hops }: HopsData): string {
  return `${facts.map(([from, to]) => `${from}>${to}`).join(',')};${'>'.repeat(hops)}${start}:`;
}

/** @throws BadConfig on the field `question` where a prompt is not in the form, tells a letter's fact twice or cannot be answered */
export function readHops(prompt: string): HopsData {
  const [, told, signs, start] = FORM.exec(prompt) ?? [];
  if (told === undefined) throw refusal('The prompt is not a question of hops');
  const facts = told.split(',').map((fact): Fact => [fact[0], fact[2]]);
  const twice = facts.find(([from], i) => facts.findIndex((other) => other[0] === from) < i);
  if (twice) throw refusal(`There are two facts about ${twice[0]}`);
  const data = { facts, start, hops: signs.length };
  const path = pathOf(data);
  if (path.length <= data.hops) {
    throw refusal(`No fact says what follows ${path[path.length - 1]}`);
  }
  return data;
}

function refusal(message: string) {
  return badConfig(
    'question',
    message,
    'Ask like a>c,b>d,c>f;>>a: with one > for each hop, at most 9, and one fact a letter.',
  );
}

/** What follows a letter; undefined where no fact says it. */
export function follower(facts: readonly Fact[], of: string): string | undefined {
  return facts.find(([from]) => from === of)?.[1];
}

/** The letters from the start to the answer; shorter than hops + 1 where the facts end before. */
export function pathOf({ facts, start, hops }: HopsData): string[] {
  const path = [start];
  while (path.length <= hops) {
    const next = follower(facts, path[path.length - 1]);
    if (next === undefined) break;
    path.push(next);
  }
  return path;
}

/** Different letters, one more than hops. */
export function drawPath(random: RandomStream, hops: number, { letters }: BaseSize): string[] {
  return random.shuffle(ALPHABET.slice(0, letters)).slice(0, hops + 1);
}

/**
 * A knowledge base around a path: the facts along it and those beside it, in any order. Facts beside it may start at the answer, so that where
 * facts end says nothing, and may lead to any letter.
 */
export function drawBase(
  random: RandomStream,
  path: readonly string[],
  { distractors, letters }: BaseSize,
): HopsData {
  const hops = path.length - 1;
  const all = ALPHABET.slice(0, letters);
  const others = all.filter((letter) => !path.slice(0, hops).includes(letter));
  const along = path.slice(1).map((to, i): Fact => [path[i], to]);
  const beside = random
    .shuffle(others)
    .slice(0, distractors)
    .map((from): Fact => [from, random.pick(all.filter((letter) => letter !== from))]);
  return { facts: random.shuffle([...along, ...beside]), start: path[0], hops };
}

/** Whether every letter is among the first so many. */
export function withinLetters({ facts }: HopsData, letters: number): boolean {
  const known = ALPHABET.slice(0, letters);
  return facts.flat().every((letter) => known.includes(letter));
}
