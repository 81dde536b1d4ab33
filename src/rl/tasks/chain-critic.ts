/**
 * The critic of chains whose answer stands apart. It reads `3+8+5|16|14:`, works the sum out itself, writes each answer down with y or n as it agrees, and then
 * its verdict: `3+8=11,11+5=16;16?16y?14n>x`. Without the answers written down, a model of a hundred thousand parameters never learned to compare.
 */
import { drawAlone, drawVerdict } from '../critic/draw-verdict.ts';
import { surfaceForm } from '../critic/surface.ts';
import { readAlone, readVerdict, writeAlone, writeVerdict } from '../critic/verdict.ts';
import type { RandomStream } from '../random.ts';
import { type ChainForm, chainTrace } from './chain-trace.ts';
import type { CriticTraceOptions, TaskCritic } from './task.ts';

interface Terms {
  readonly terms: readonly number[];
}

const NUMBER = /^(0|[1-9][0-9]?)$/;

/** What a wrong answer is off by, modulo 100: a slip in either digit, or two. */
const MISSES: readonly number[] = [1, 2, 10, 11, 89, 90, 98, 99];

export function chainCritic(modulus: number): TaskCritic<Terms> {
  const form: ChainForm = { modulus, apart: true };
  const sumOf = ({ terms }: Terms) => terms.reduce((sum, term) => (sum + term) % modulus, 0);

  /** The critic's own reasoning, and how it writes an answer down. */
  const own = ({ terms }: Terms, random: RandomStream, options: CriticTraceOptions) => {
    const work = chainTrace(terms, random, options, form);
    const end = work.slice(work.lastIndexOf(';') + 1);
    const agrees = (answer: string) => answer === end;
    return { work, agrees, note: (answer: string) => `?${answer}${agrees(answer) ? 'y' : 'n'}` };
  };

  return {
    legend: 'The sum worked out, then each answer with y or n: whether it is that sum.',
    answer: (_, completion) => {
      const at = completion.lastIndexOf(';');
      const answer = surfaceForm(completion.slice(at + 1));
      return at >= 0 && NUMBER.test(answer) ? answer : null;
    },
    prompt: ({ data }, first, second) => `${data.terms.join('+')}|${first}|${second}:`,
    trace: ({ data }, first, second, random, options = {}) => {
      const { work, agrees, note } = own(data, random, options);
      const verdict = writeVerdict(drawVerdict(agrees(first), agrees(second), random, options));
      return options.reasoning === false ? verdict : work + note(first) + note(second) + verdict;
    },
    read: readVerdict,
    wrong: ({ data }, random) => `${(sumOf(data) + random.pick(MISSES)) % modulus}`,
    alone: {
      prompt: ({ data }, answer) => `${data.terms.join('+')}|${answer}:`,
      trace: ({ data }, answer, random, options = {}) => {
        const { work, agrees, note } = own(data, random, options);
        const verdict = writeAlone(drawAlone(agrees(answer), random, options));
        return options.reasoning === false ? verdict : work + note(answer) + verdict;
      },
      read: readAlone,
    },
  };
}
