/** All reward terms by id. A new term is one file and one line here. */
import { badConfig } from '../../errors.ts';
import type { Shape } from '../experiment/field.ts';
import type { OneOf } from '../experiment/structure.ts';
import { answer } from './answer.ts';
import type { WeightedTerm } from './combine.ts';
import { confidence } from './confidence.ts';
import { format } from './format.ts';
import { learned } from './learned.ts';
import { lengthEr } from './length-er.ts';
import { lengthO1 } from './length-o1.ts';
import { random } from './random.ts';
import type { RewardKind } from './reward.ts';
import { rlLogit } from './rl-logit.ts';
import { sar } from './sar.ts';
import { transfer } from './transfer/transfer.ts';

export const rewards = {
  answer,
  format,
  transfer,
  sar,
  length_o1: lengthO1,
  length_er: lengthEr,
  confidence,
  random,
  rl_logit: rlLogit,
  learned,
};

export type RewardId = keyof typeof rewards;

/** A term's id and settings, as they stand in an experiment. */
export type RewardConfig = OneOf<'term', typeof rewards>;

/** A model folder that a term asks, and the path of the setting that names it. */
export interface TermModel {
  readonly term: RewardId;
  readonly folder: string;
  readonly setting: string;
}

/** The models that the listed terms ask and nobody trains. */
export function termModels(configs: readonly RewardConfig[]): TermModel[] {
  return configs.flatMap(({ term, ...options }, i) => {
    const asked = (rewards[term] as unknown as RewardKind<Shape>).model?.(options);
    return asked ? [{ term, folder: asked.folder, setting: `rewards.${i}.${asked.setting}` }] : [];
  });
}

/** The receivers that the listed terms have on the run's own device. */
export function termReceivers(configs: readonly RewardConfig[]): string[] {
  return configs.flatMap(({ term, ...options }) => [
    ...((rewards[term] as unknown as RewardKind<Shape>).receivers?.(options) ?? []),
  ]);
}

/** The terms that an experiment lists. @throws BatonError `BadConfig` where a term is listed twice. */
export function createRewards(configs: readonly RewardConfig[]): WeightedTerm[] {
  return configs.map(({ term: name, ...options }, i) => {
    if (configs.findIndex((config) => config.term === name) !== i) {
      throw badConfig(
        `rewards.${i}.term`,
        `The term ${name} is listed twice`,
        'Remove one of them.',
      );
    }
    // The schema has paired each id with its own options; TypeScript cannot follow a pairing through a lookup.
    const term = (rewards[name] as unknown as RewardKind<Shape>).create(options);
    return { name, weight: options.weight, permuted: options.permuted, term };
  });
}
