/** The reward model that a run trains beside its policy. */
import type { RewardReading } from '../rl/airl/reward-model.ts';
import type { Experiment } from '../rl/experiment/schema.ts';
import { methodOf } from '../rl/methods/index.ts';

/** How the reward model of a run is read; null where its method trains none. */
export function rewardReading({ method }: Pick<Experiment, 'method'>): RewardReading | null {
  const learners = Object.values(methodOf(method).needs.learners ?? {});
  const [reading] = learners.flatMap(({ reward }) => (reward ? [reward.reading] : []));
  if (!reading) return null;
  const { granularity, interval, reward_clip } = reading;
  return { granularity, interval, reward_clip };
}
