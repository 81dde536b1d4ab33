/** The steps of a Countdown completion, as far as they can be read. */
import { NUMBER_PATTERN, type Operator, type Ratio, read } from './ratio.ts';

export interface Step {
  readonly text: string;
  readonly op: Operator;
  readonly left: Ratio;
  readonly right: Ratio;
  readonly result: Ratio;
}

/** The most numbers in a question of either form. */
export const MOST_COUNTDOWN_NUMBERS = 4;

const STEP = new RegExp(`^(${NUMBER_PATTERN})([-+*/])(${NUMBER_PATTERN})=(${NUMBER_PATTERN})$`);

/** The step that a text writes, or null. Long text is refused without being searched. */
export function readStep(text: string): Step | null {
  const match = STEP.exec(text);
  if (match === null) return null;
  const left = read(match[1]);
  const right = read(match[3]);
  const result = read(match[4]);
  if (left === null || right === null || result === null) return null;
  return { text, op: match[2] as Operator, left, right, result };
}

/** The steps of the last try, at most `most` of them; null where one cannot be read. */
export function readSteps(completion: string, most: number): readonly Step[] | null {
  const steps: Step[] = [];
  for (const piece of completion.slice(completion.lastIndexOf(';') + 1).split(',', most)) {
    const step = readStep(piece);
    if (step === null) return null;
    steps.push(step);
  }
  return steps;
}
