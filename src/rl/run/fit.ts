/** Whether an experiment's prompts and completions fit its policy, known before anything is loaded. */
import { BatonError } from '../../errors.ts';
import type { Experiment } from '../experiment/schema.ts';
import { createTask } from '../tasks/index.ts';
import { longestPrompt, requireRoom } from './room.ts';

/** Positions of the bundled policies. */
export const POSITIONS: Readonly<Record<string, number>> = {
  'policies/countdown-nano': 128,
  'policies/countdown-micro': 128,
  'policies/chain-nano': 96,
  'policies/chain-steps': 128,
  'policies/chain-carry': 128,
  'policies/chain-carry-rule': 128,
  'policies/chain-carry-shown': 128,
  'policies/chain-dialects': 128,
  'policies/chain-private-better': 128,
  'policies/chain-rare': 128,
  'policies/chain-chatter': 256,
  'policies/chain-critic': 128,
  'policies/chain-critic-pico': 128,
  'policies/chain-critic-deep': 128,
  'policies/countdown-critic': 128,
  'policies/countdown-classic': 192,
  'policies/couplet-critic': 192,
  'policies/chain-checks': 256,
  'policies/word-micro': 224,
  'policies/hops-backwards': 128,
};

/** Bundled policies read character by character, with one token before the first. */
const BY_CHARACTER = {
  encode: (text: string, { addSpecial = false }: { readonly addSpecial?: boolean } = {}) =>
    new Array<number>(text.length + Number(addSpecial)).fill(0),
};

/** Experiments never change in place, so what was found of one holds. */
const found = new WeakMap<Experiment, BatonError | null>();

/** Why a run of it would be refused, with the number that would fit where there is one; null where it fits, or its policy is not a bundled one. */
export function misfitOf(experiment: Experiment): BatonError | null {
  const known = found.get(experiment);
  if (known !== undefined) return known;
  const misfit = findMisfit(experiment);
  found.set(experiment, misfit);
  return misfit;
}

function findMisfit(experiment: Experiment): BatonError | null {
  const positions = POSITIONS[experiment.policy];
  if (positions === undefined) return null;
  const task = createTask(experiment.task);
  const misfitOfPrompts = (tokens: number): BatonError | null => {
    try {
      requireRoom(experiment, tokens, BY_CHARACTER, positions);
      return null;
    } catch (error) {
      if (error instanceof BatonError) return error;
      throw error;
    }
  };
  // What fits with the longest prompt that there could be needs no search for the longest that there is.
  const { mostCharacters } = task;
  if (mostCharacters !== undefined && misfitOfPrompts(mostCharacters + 1) === null) return null;
  return misfitOfPrompts(longestPrompt(experiment, task, BY_CHARACTER));
}
