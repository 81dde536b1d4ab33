/** How an expert writes what is learned from, and what questions weigh: settings of supervised training and of recipes. */
import { choice, number } from './field.ts';

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
  prompt_loss_weight: number({
    label: 'Weight of questions',
    help: 'What a token of the question weighs in the loss beside one of the answer.',
    min: 0,
    max: 1,
    step: 0.05,
    default: 0,
  }),
};
