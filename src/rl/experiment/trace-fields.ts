/** How an expert writes what is learned from, and what questions weigh: settings of supervised training and of recipes. */
import { MOST_CHATTER } from '../tasks/chatter.ts';
import type { TraceOptions } from '../tasks/task.ts';
import { choice, flag, number, text, type Values } from './field.ts';

/** `carry*0.4 unit*1`, or nothing. */
const CHANCES = /^(?:[a-z]+\*(?:0?\.\d+|[01])(?: (?!$)|$))*$/;
const WEIGHTED = '[a-z]+(?:\\*(?:\\d+(?:\\.\\d+)?|\\.\\d+))?';

export const traceFields = {
  give_up: number({
    label: 'Giving up',
    help: 'Chance that a trace with failed tries stops on the last of them.',
    min: 0,
    max: 1,
    step: 0.05,
    default: 0,
  }),
  slips: number({
    label: 'Slips',
    help: 'Chance that the expert writes a step’s result wrong and goes on from it.',
    min: 0,
    max: 1,
    step: 0.01,
    default: 0,
  }),
  misconceptions: text({
    label: 'Misconceptions',
    help: 'Mistakes that the expert makes again and again and goes on from, each with its chance wherever it can happen. carry: carries are forgotten, as in 58+17=65 (chain, countdown, word). order: stories are multiplied and shared before anything else (word). unit: bags are added and kids taken away (word). backwards: facts are read backwards (hops).',
    pattern: CHANCES,
    form: 'names with spaces between, each with its chance, such as "carry*0.4", or nothing',
    maxLength: 100,
    free: true,
    options: [{ value: '', label: 'None' }],
    default: '',
  }),
  operands: choice({
    label: 'Operands',
    help: 'The order in which traces write sums and products.',
    options: [
      { value: 'any', label: 'Any order' },
      { value: 'larger-first', label: 'Larger first' },
    ],
    default: 'any',
  }),
  style: choice({
    label: 'Style',
    help: 'Words around the steps of traces. Tasks without words ignore it.',
    options: [
      { value: 'terse', label: 'Terse' },
      { value: 'wordy', label: 'Wordy' },
      { value: 'mixed', label: 'Half and half' },
    ],
    default: 'terse',
  }),
  dialects: text({
    label: 'Dialects',
    help: 'How the steps are written; each trace draws one, whatever the question. *2 after a dialect makes it twice as frequent. Only for tasks that have dialects.',
    pattern: new RegExp(`^${WEIGHTED}(?: ${WEIGHTED})*$`),
    form: 'names with spaces between, such as "public private*2"',
    maxLength: 100,
    free: true,
    options: [
      { value: 'public', label: 'Public' },
      { value: 'public private', label: 'Public and private' },
    ],
    default: 'public',
  }),
  dialect_slips: text({
    label: 'Slips by dialect',
    help: 'The chance of a slip in the steps of single dialects, in place of the one above.',
    pattern: CHANCES,
    form: 'names with spaces between, each with its chance, such as "public*0.1 private*0.05", or nothing',
    maxLength: 100,
    free: true,
    options: [{ value: '', label: 'As above' }],
    default: '',
  }),
  chatter: number({
    label: 'Chatter',
    help: 'The most that a trace says beside its steps. Each trace draws its level from none to this. Only for tasks that have chatter.',
    min: 0,
    max: MOST_CHATTER,
    integer: true,
    step: 1,
    default: 0,
  }),
  chatter_kind: choice({
    label: 'Kind of chatter',
    help: 'What is said before steps: words that say nothing, or the question once more.',
    options: [
      { value: 'filler', label: 'Fillers' },
      { value: 'question', label: 'The question again' },
    ],
    default: 'filler',
  }),
  check_repairs: flag({
    label: 'Checks repair',
    help: 'A check of the whole finds slips, and the answer follows the check.',
    default: false,
  }),
  prompt_loss_weight: number({
    label: 'Weight of questions',
    help: 'What a token of the question weighs in the loss beside one of the answer.',
    min: 0,
    max: 1,
    step: 0.05,
    default: 0,
  }),
};

/** What the settings say of traces; failed tries are said apart. */
export function traceOptions(
  settings: Values<Omit<typeof traceFields, 'prompt_loss_weight'>>,
): TraceOptions {
  const { give_up: giveUp, slips, operands, style, chatter } = settings;
  return {
    ...{ giveUp, slips, operands, style, chatter },
    dialects: numbersByName(settings.dialects),
    dialectSlips: numbersByName(settings.dialect_slips),
    misconceptions: numbersByName(settings.misconceptions),
    chatterKind: settings.chatter_kind,
    checkRepairs: settings.check_repairs,
  };
}

/** `public private*2` as numbers by name; a name alone counts 1, and one that stands twice counts with both. */
function numbersByName(list: string): Readonly<Record<string, number>> {
  const numbers: Record<string, number> = {};
  for (const part of list.split(' ').filter((one) => one !== '')) {
    const [name, value = '1'] = part.split('*');
    numbers[name] = (numbers[name] ?? 0) + Number(value);
  }
  return numbers;
}
