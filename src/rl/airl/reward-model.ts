/**
 * A learned reward as a thing of its own: the weights of a discriminator, and how its logits become rewards. As a folder it is a model for token classification
 * with one label, whose config.json also has `reward`: the granularity, interval and clip that it was trained with.
 */
import { badFile } from '../../errors.ts';
import { type ModelConfig, modelConfigJson, parseModelConfig } from '../../model/config.ts';
import { type ParameterLayout, parameterLayout } from '../../model/parameters.ts';
import type { ScalarWeights } from '../../model/weights.ts';
import type { Values } from '../experiment/field.ts';
import type { TraceOptions } from '../tasks/task.ts';
import type { readingFields } from './reading-fields.ts';

/** How logits become rewards: where they are read, and the clip. */
export type RewardReading = Values<ReturnType<typeof readingFields>>;

/** What makes a learner a reward model: how it is read, and how the experts write that it tells from the policy. */
export interface RewardUse {
  readonly reading: RewardReading;
  readonly experts: TraceOptions;
}

/** The weights of a learner with a scalar head. */
export interface ScalarModel {
  readonly layout: ParameterLayout;
  readonly parameters: Float32Array<ArrayBuffer>;
  readonly scalar: ScalarWeights;
}

/** The same model without its token head, whose output matrix goes where it is one of its own. */
export function withoutTokenHead({ layout, parameters, scalar }: ScalarModel): ScalarModel {
  const bare = parameterLayout(layout.config, undefined, false);
  const kept = new Float32Array(bare.count);
  const placeOf = new Map(layout.tensors.map((tensor) => [tensor.name, tensor.offset]));
  for (const { name, offset, size } of bare.tensors) {
    const from = placeOf.get(name) ?? 0;
    kept.set(parameters.subarray(from, from + size), offset);
  }
  return { layout: bare, parameters: kept, scalar };
}

/** The config.json of a reward model: a class of transformers with one label, and how it is read. */
export function rewardConfigJson(
  config: ModelConfig,
  { granularity, interval, reward_clip }: RewardReading,
): Readonly<Record<string, unknown>> {
  const family = config.model_type === 'qwen2' ? 'Qwen2' : 'Llama';
  return {
    ...modelConfigJson(config),
    architectures: [`${family}ForTokenClassification`],
    id2label: { 0: 'reward' },
    label2id: { reward: 0 },
    reward: { granularity, interval, reward_clip },
  };
}

/** The same, from the parsed config.json of the policy that the reward model is a copy of. @throws BadFile */
export function rewardConfigBeside(
  policy: unknown,
  reading: RewardReading,
): Readonly<Record<string, unknown>> {
  return rewardConfigJson(parseModelConfig(policy), reading);
}

const GRANULARITIES = ['sparse', 'step', 'interval', 'dense'] as const;

/**
 * How a parsed config.json says that its model is read; null where it does not say.
 * @throws BatonError BadFile naming the part that is wrong
 */
export function readingOf(json: unknown): RewardReading | null {
  const reward = isRecord(json) ? json.reward : undefined;
  if (reward === undefined || reward === null) return null;
  const refuse = (key: string, why: string) =>
    badFile(`config.json.reward${key}`, `config.json: reward${key} ${why}`);
  if (!isRecord(reward)) throw refuse('', 'is not an object');
  const { granularity: said, interval, reward_clip } = reward;
  const granularity = GRANULARITIES.find((one) => one === said);
  if (granularity === undefined)
    throw refuse('.granularity', `is none of ${GRANULARITIES.join(', ')}`);
  if (typeof interval !== 'number' || !Number.isInteger(interval) || interval < 1)
    throw refuse('.interval', 'is not a whole number of 1 or more');
  if (typeof reward_clip !== 'number' || !(reward_clip > 0 && Number.isFinite(reward_clip)))
    throw refuse('.reward_clip', 'is not a number above 0');
  return { granularity, interval, reward_clip };
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
