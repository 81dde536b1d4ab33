/**
 * Couplet: two rhyming lines on a topic word. Prompt `moon:`, completion `gray day;the moon is cold and gray` and on a line of its own `we write it in the day`.
 * What stands before the last semicolon is reasoning: here the words that end the lines.
 *
 * There is no verifier. Who learns has demonstrations only; `couplet-judge.ts` judges, and only evaluation may call it.
 *
 * Splits, by topic: a fixed fifth of the nouns of one syllable is `test`; `ood` are topics of two syllables, which need other lines.
 */
import { badConfig } from '../../errors.ts';
import { type RandomStream, randomStream } from '../random.ts';
import { coupletCritic } from './couplet-critic.ts';
import { CONTENT_WORDS, contentWord } from './couplet-lexicon.ts';
import { drawCouplet } from './couplet-lines.ts';
import { requirePlain } from './plain-traces.ts';
import { HELD_OUT_ONE_IN, spreadHash } from './split.ts';
import { defineTask, type Question, type Split, type Task, type TraceOptions } from './task.ts';

interface CoupletData {
  readonly topic: string;
}

const TOPICS = CONTENT_WORDS.filter(({ kind }) => kind === 'noun').map(({ word }) => word);

function ask(topic: string): Question<CoupletData> {
  return { prompt: `${topic}:`, title: `Two rhyming lines about ${topic}`, data: { topic } };
}

function splitOfTopic(topic: string): Split | null {
  const entry = contentWord(topic);
  if (entry?.kind !== 'noun') return null;
  if (entry.stress === '10') return 'ood';
  return spreadHash(`couplet:${topic}`) % HELD_OUT_ONE_IN === 0 ? 'test' : 'train';
}

class CoupletTask implements Task<CoupletData> {
  readonly id = 'couplet';
  readonly label = 'Couplet';
  readonly description = 'Two rhyming lines of three iambs about a topic. No program judges them.';
  readonly legend =
    'Before `;` stand the words that end the lines, which is the reasoning. After it come the two lines.';
  readonly emptyPrompt = ':';
  readonly critic = coupletCritic;

  /** All topics of a split in an order shuffled by the seed, and then again in another. */
  question(split: Split, index: number, seed: number): Question<CoupletData> {
    const pool = TOPICS.filter((topic) => splitOfTopic(topic) === split);
    const random = randomStream(seed, `task/couplet/${split}`, Math.floor(index / pool.length));
    return ask(random.shuffle(pool)[index % pool.length]);
  }

  readQuestion(prompt: string): Question<CoupletData> {
    const topic = prompt.slice(0, -1);
    if (!prompt.endsWith(':') || !TOPICS.includes(topic)) {
      throw badConfig(
        'question',
        'The prompt is not a Couplet question',
        'Ask like moon:, with a topic that the lexicon has.',
      );
    }
    return ask(topic);
  }

  splitOf({ data }: Question<CoupletData>): Split | null {
    return splitOfTopic(data.topic);
  }

  expertAnswer({ data: { topic } }: Question<CoupletData>): string {
    const random = randomStream(spreadHash(topic), 'task/couplet/expert');
    return drawCouplet(topic, random).lines.join('\n');
  }

  reasoning(completion: string): string {
    return completion.slice(0, completion.lastIndexOf(';') + 1);
  }

  expertTrace(
    { data: { topic } }: Question<CoupletData>,
    random: RandomStream,
    options: TraceOptions = {},
  ): string {
    if (options.failedTries?.slice(1).some((weight) => weight !== 0)) {
      throw badConfig(
        'failedTries',
        'A couplet is not found by trying, so there are no failed tries',
      );
    }
    requirePlain(options, 'is not for Couplet', 'Leave the setting out.');
    const { ends, lines } = drawCouplet(topic, random, options.slips);
    return `${ends.join(' ')};${lines.join('\n')}`;
  }

  stepBoundaries(completion: string): number[] {
    const ends: number[] = [];
    for (let i = 0; i < completion.length; i++) {
      if (',;\n'.includes(completion[i])) ends.push(i + 1);
    }
    if (completion.length > 0 && ends[ends.length - 1] !== completion.length)
      ends.push(completion.length);
    return ends;
  }
}

export const couplet = defineTask({
  label: 'Couplet',
  description: 'Two rhyming lines on a topic word; nobody tells right from wrong.',
  options: {},
  create: () => new CoupletTask(),
});
