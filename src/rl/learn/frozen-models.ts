/** Models with a scalar head as reward terms see them: asked without gradient, and never trained. */
import { badConfig } from '../../errors.ts';
import type { Learner } from '../../model/learner.ts';
import type { Tokenizer } from '../../model/tokenizer.ts';
import type { FrozenModels } from '../rewards/reward.ts';
import { NotFinite } from './finite.ts';
import type { BatchPlan } from './pack.ts';
import { score } from './score.ts';

/** @param modelOf a term's model, and the path of the setting that names it */
export function frozenModels(
  tokenizer: Tokenizer,
  plan: BatchPlan,
  modelOf: (term: string) => { readonly learner: Learner; readonly setting: string },
): FrozenModels {
  return {
    tokenizer,
    values: async (term, pairs) => {
      const { learner, setting } = modelOf(term);
      const examples = pairs.map(({ promptIds: prompt, completionIds: completion }) => ({
        ...{ role: 'solver', group: 0, truncated: false, columns: {}, prompt, completion },
      }));
      try {
        const { values } = await score(learner, examples, plan);
        return values ?? [];
      } catch (error) {
        if (!(error instanceof NotFinite)) throw error;
        throw badConfig(
          setting,
          'The reward model gives a number that is not finite',
          'Choose another reward model.',
        );
      }
    },
  };
}
