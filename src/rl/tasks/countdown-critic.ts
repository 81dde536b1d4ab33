/**
 * The critic of Countdown. It reads the question and two expressions, `3 5 7=26#3*7+5#(3+5)*7:`, works both out, writes what each comes to with y or n as
 * it solves the question, and then its verdict: `3*7=21,21+5=26?26y;3+5=8,8*7=56?56n>x`. Tries that were given up are no part of an answer.
 */
import { drawAlone, drawVerdict } from '../critic/draw-verdict.ts';
import { surfaceForm } from '../critic/surface.ts';
import { readAlone, readVerdict, writeAlone, writeVerdict } from '../critic/verdict.ts';
import { expressionOf, reaches, workOut } from './countdown-expression.ts';
import { type Rules, randomTry } from './countdown-search.ts';
import type { CountdownData } from './countdown-verify.ts';
import { equal, whole, write } from './ratio.ts';
import type { TaskCritic } from './task.ts';

export function countdownCritic(rules: Rules): TaskCritic<CountdownData> {
  /** The work on one answer, and whether it solves the question. */
  const worked = (data: CountdownData, answer: string) => {
    const done = workOut(answer, rules.fractions);
    const right = done !== null && reaches(done, data);
    const end = done?.value ? write(done.value) : '';
    return { right, text: `${done?.steps ?? ''}?${end}${right ? 'y' : 'n'}` };
  };
  const asked = ({ numbers, target }: CountdownData) => `${numbers.join(' ')}=${target}`;

  return {
    legend:
      'Each expression worked out, then what it comes to, with y or n: whether that is the target.',
    answer: (_, completion) => expressionOf(lineOf(completion)),
    prompt: ({ data }, first, second) => `${asked(data)}#${first}#${second}:`,
    trace: ({ data }, first, second, random, options = {}) => {
      const [one, two] = [worked(data, first), worked(data, second)];
      const verdict = writeVerdict(drawVerdict(one.right, two.right, random, options));
      return options.reasoning === false ? verdict : `${one.text};${two.text}${verdict}`;
    },
    read: readVerdict,
    wrong: ({ data: { numbers, target } }, random) => {
      // The last two numbers have a sum and a difference, and these differ, so this ends.
      for (;;) {
        const { text, end } = randomTry(numbers, rules, 'any', random);
        const expression = expressionOf(text);
        if (expression !== null && !equal(end, whole(target))) return expression;
      }
    },
    alone: {
      prompt: ({ data }, answer) => `${asked(data)}#${answer}:`,
      trace: ({ data }, answer, random, options = {}) => {
        const { right, text } = worked(data, answer);
        const verdict = writeAlone(drawAlone(right, random, options));
        return options.reasoning === false ? verdict : text + verdict;
      },
      read: readAlone,
    },
  };
}

/** The last try in the common surface form. */
function lineOf(completion: string): string {
  return surfaceForm(completion.slice(completion.lastIndexOf(';') + 1));
}
