/** The bundled reward models, by their folder under the models' root. */
import type { Option } from './field.ts';

/** Each label names the task, and what the policy does wrong that the model was trained against. */
export const REWARD_MODELS: readonly Option[] = [
  { value: 'reward-models/chain-carry', label: 'Chain: a forgotten carry' },
  { value: 'reward-models/hops-backwards', label: 'Hops: facts read backwards' },
];
