/** The presets, in the order of the panel. Adding one takes a file and a line here. */
import { type Experiment, parseExperiment } from '../schema.ts';
import { chainMinute } from './chain-minute.ts';
import { chainPpo } from './chain-ppo.ts';
import { chainVineppo } from './chain-vineppo.ts';
import { collapse } from './collapse.ts';
import { countdownGrpo } from './countdown-grpo.ts';
import { countdownKl } from './countdown-kl.ts';
import { countdownLengthNormalised } from './countdown-length-normalised.ts';
import { countdownMicro } from './countdown-micro.ts';
import { countdownTwoIterations } from './countdown-two-iterations.ts';
import type { Preset } from './preset.ts';
import { rltrAgainstRlvr } from './rltr-against-rlvr.ts';
import { sarAgainstGrpo } from './sar-against-grpo.ts';
import { sarCollapse } from './sar-collapse.ts';
import { sftChain } from './sft-chain.ts';

export const PRESETS: readonly Preset[] = [
  countdownGrpo,
  countdownMicro,
  chainMinute,
  chainPpo,
  chainVineppo,
  sftChain,
  countdownKl,
  countdownTwoIterations,
  countdownLengthNormalised,
  rltrAgainstRlvr,
  sarAgainstGrpo,
  collapse,
  sarCollapse,
];

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
