/**
 * Term `learned`: a reward model that was trained elsewhere and stays as it is. It says one number per token, which is clipped where it is read and
 * filled back; the value is the mean over the completion's tokens. A completion without tokens is not scored.
 *
 * Source: AIRL for reasoning, its reward used on another task, policy or method. A frozen reward is found out in time: the policy learns what it
 * pays by mistake.
 */
import { badConfig } from '../../errors.ts';
import { readingFields } from '../airl/reading-fields.ts';
import { meanRewards } from '../airl/returns.ts';
import { placesOf, tokenRewards } from '../airl/token-rewards.ts';
import { text } from '../experiment/field.ts';
import { REWARD_MODELS } from '../experiment/reward-models.ts';
import { requireIds } from './needs.ts';
import { defineReward, weight } from './reward.ts';

/** A bundled model's id, or on the command line a folder below the current one. */
const FOLDER = /^[A-Za-z0-9][\w.-]*(\/[A-Za-z0-9][\w.-]*)+$|^$/;

const options = {
  weight: weight(1, { source: 'ours' }),
  reward_model: text({
    label: 'Reward model',
    help: 'A bundled reward model, or the folder of one, such as RUN/reward-model on the command line. It is not trained. A run needs one.',
    pattern: FOLDER,
    form: 'a folder with at least one slash and no dots before a name, such as "run/reward-model"',
    maxLength: 200,
    options: [{ value: '', label: 'None' }, ...REWARD_MODELS],
    free: true,
    default: '',
  }),
  ...readingFields(),
};

export const learned = defineReward({
  label: 'Learned',
  description: 'How much a reward model that stays as it is takes the completion for an expert’s.',
  formula: 'mean over tokens of clip(f, −c, c), where f is read',
  options,
  model: ({ reward_model: folder }) => ({ folder, setting: 'reward_model' }),
  create: ({ reward_clip, ...reading }) => {
    return {
      score: async (batch, { task, frozen }) => {
        requireIds('learned', batch);
        if (!frozen)
          throw badConfig('reward_model', 'There is nothing here that can open a reward model');
        const asked = batch.filter(({ completionIds }) => completionIds.length > 0);
        const said = await frozen.values('learned', asked);
        const rowOf = new Map(asked.map((completion, i) => [completion, said[i]]));
        const logits = batch.map((completion) => rowOf.get(completion) ?? null);
        let [read, clipped] = [0, 0];
        const rewards = batch.map((completion, i) => {
          const row = logits[i];
          if (row === null) return null;
          const places = placesOf({ task, tokenizer: frozen.tokenizer }, completion, reading);
          read += places.length;
          clipped += places.filter((place) => Math.abs(row[place]) >= reward_clip).length;
          return tokenRewards(row, places, reward_clip);
        });
        return {
          values: meanRewards(rewards),
          used: logits.map((row) => (row === null ? {} : { last: row[row.length - 1] })),
          tokens: {
            reward: rewards.map((row) => row && Array.from(row)),
            logit: logits.map((row) => row && Array.from(row)),
          },
          metrics: { clipped: read === 0 ? Number.NaN : clipped / read },
        };
      },
    };
  },
});
