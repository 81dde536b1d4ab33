/** What an experiment may not ask for where its task has no verifier. */
import type { RewardConfig } from '../rewards/index.ts';
import type { TaskConfig } from '../tasks/index.ts';
import { needsVerifier } from './catalog.ts';
import { show } from './field.ts';

/** The fields that need a verdict, each with a sentence that names it, for a task whose answers cannot be judged. */
export function needingVerdict({
  task,
  rewards,
  evaluation,
}: {
  readonly task: TaskConfig;
  readonly rewards: readonly RewardConfig[];
  readonly evaluation: { readonly receivers: string };
}): { readonly field: string; readonly message: string }[] {
  const why = `the task ${show(task.id)} has no verifier`;
  const refused = (field: string, words: string) => ({ field, message: `${field} ${words}` });
  const problems = rewards.flatMap((reward, index) =>
    needsVerifier(reward)
      ? [
          refused(
            `rewards.${index}.term`,
            `is ${show(reward.term)}, which must know right from wrong; ${why}`,
          ),
        ]
      : [],
  );
  if (evaluation.receivers === '') return problems;
  const receivers = refused(
    'evaluation.receivers',
    `is ${show(evaluation.receivers)}; ${why}, so nobody can tell what they finish rightly: allowed is nothing`,
  );
  return [...problems, receivers];
}
