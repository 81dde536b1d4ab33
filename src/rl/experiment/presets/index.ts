/** The presets, in the order of the panel. Adding one takes a file and a place on a shelf here. */
import { type Experiment, parseExperiment } from '../schema.ts';
import { airlAgainstSft } from './airl-against-sft.ts';
import { airlDense } from './airl-dense.ts';
import { blindCritic } from './blind-critic.ts';
import { chainMinute } from './chain-minute.ts';
import { chainPpo } from './chain-ppo.ts';
import { chainVineppo } from './chain-vineppo.ts';
import { chatter } from './chatter.ts';
import { collapse } from './collapse.ts';
import { countdownGrpo } from './countdown-grpo.ts';
import { countdownKl } from './countdown-kl.ts';
import { countdownLengthNormalised } from './countdown-length-normalised.ts';
import { countdownMicro } from './countdown-micro.ts';
import { countdownTwoIterations } from './countdown-two-iterations.ts';
import { frozenReward } from './frozen-reward.ts';
import { leaveIt } from './leave-it.ts';
import type { Preset } from './preset.ts';
import { privateBetter } from './private-better.ts';
import { randomReward } from './random-reward.ts';
import { rareAnswers } from './rare-answers.ts';
import { raroAgainstRlvr } from './raro-against-rlvr.ts';
import { raroTies } from './raro-ties.ts';
import { raroTournament } from './raro-tournament.ts';
import { rltrAgainstRlvr } from './rltr-against-rlvr.ts';
import { sarAgainstGrpo } from './sar-against-grpo.ts';
import { sarAlone } from './sar-alone.ts';
import { sarCollapse } from './sar-collapse.ts';
import { sftChain } from './sft-chain.ts';
import { twoDialects } from './two-dialects.ts';
import { voteIsWrong } from './vote-is-wrong.ts';

/** Presets that belong together, under a heading of the panel's list. */
export interface Shelf {
  readonly label: string;
  readonly presets: readonly Preset[];
}

export const SHELVES: readonly Shelf[] = [
  { label: 'First', presets: [countdownGrpo, countdownMicro, chainMinute] },
  {
    label: 'What a reward prefers',
    presets: [twoDialects, privateBetter, rareAnswers, chatter],
  },
  { label: 'Without a verifier', presets: [raroAgainstRlvr, raroTies, raroTournament] },
  { label: 'A reward that is learned', presets: [voteIsWrong, airlAgainstSft, airlDense] },
  {
    label: 'Failures, on purpose',
    presets: [leaveIt, sarAlone, sarCollapse, collapse, randomReward, blindCritic, frozenReward],
  },
  {
    label: 'Methods and settings',
    presets: [
      ...[chainPpo, chainVineppo, sftChain],
      ...[countdownKl, countdownTwoIterations, countdownLengthNormalised],
    ],
  },
  { label: 'Where nothing shows', presets: [rltrAgainstRlvr, sarAgainstGrpo] },
];

export const PRESETS: readonly Preset[] = SHELVES.flatMap(({ presets }) => presets);

/** The preset of a first visit: the small policy on software adapters, the larger one on a GPU. */
export function defaultPreset(software: boolean): Preset {
  return software ? countdownGrpo : countdownMicro;
}

/** The preset of that id, or undefined. */
export function findPreset(id: string): Preset | undefined {
  return PRESETS.find((preset) => preset.id === id);
}

/** The whole experiment of a preset. Throws where a preset itself is wrong, which a test rules out. */
export function presetExperiment(preset: Preset): Experiment {
  const parsed = parseExperiment(preset.experiment);
  if (!parsed.ok) {
    throw new Error(`preset ${preset.id}: ${parsed.problems.map((p) => p.message).join('; ')}`);
  }
  return parsed.experiment;
}
