/**
 * The critic of couplets. It reads the topic and two couplets, `moon#...#...:`, writes down how the lines of each end with y or n as they rhyme, and then its verdict:
 * `gray play?y;gray sing?n>x`. Rhyme is knowledge of words, as sums are in Chain; it knows nothing else of what the hidden judge asks.
 */
import { drawAlone, drawVerdict } from '../critic/draw-verdict.ts';
import { surfaceForm } from '../critic/surface.ts';
import { readAlone, readVerdict, writeAlone, writeVerdict } from '../critic/verdict.ts';
import { rhymes } from './couplet-lexicon.ts';
import { drawCouplet } from './couplet-lines.ts';
import type { TaskCritic } from './task.ts';

interface Topic {
  readonly topic: string;
}

/** The last words of the first two lines, and whether they rhyme. */
function endsOf(answer: string): { readonly right: boolean; readonly text: string } {
  const ends = answer.split('\n', 2).map((line) => line.slice(line.lastIndexOf(' ') + 1));
  const right = ends.length === 2 && rhymes(ends[0], ends[1]);
  return { right, text: `${ends.join(' ')}?${right ? 'y' : 'n'}` };
}

export const coupletCritic: TaskCritic<Topic> = {
  legend: 'The words that end the lines of each couplet, with y or n: whether they rhyme.',
  answer: (_, completion) => {
    const answer = surfaceForm(completion.slice(completion.lastIndexOf(';') + 1));
    return answer.split('\n', 3).length === 2 ? answer : null;
  },
  prompt: ({ data }, first, second) => `${data.topic}#${first}#${second}:`,
  trace: (_, first, second, random, options = {}) => {
    const [one, two] = [endsOf(first), endsOf(second)];
    const verdict = writeVerdict(drawVerdict(one.right, two.right, random, options));
    return options.reasoning === false ? verdict : `${one.text};${two.text}${verdict}`;
  },
  read: readVerdict,
  wrong: ({ data }, random) => drawCouplet(data.topic, random, 1).lines.join('\n'),
  alone: {
    prompt: ({ data }, answer) => `${data.topic}#${answer}:`,
    trace: (_, answer, random, options = {}) => {
      const { right, text } = endsOf(answer);
      const verdict = writeAlone(drawAlone(right, random, options));
      return options.reasoning === false ? verdict : text + verdict;
    },
    read: readAlone,
  },
};
