/** What terms need beyond text, refused in the same words by all of them; and completions grouped by question. */
import { type BatonError, badConfig } from '../../errors.ts';
import { hasVerifier, type VerifiedTask } from '../tasks/task.ts';
import type { Completion, PolicyService, RewardContext } from './reward.ts';

function needsModel(term: string): BatonError {
  return badConfig(
    'model',
    `The term ${term} needs a model: text alone has no tokens and no probabilities`,
    'Score with one (`--model DIR` on the command line), or leave the term out.',
  );
}

/** The policy that a term needs. @throws BatonError `BadConfig` on the field `model` where there is none. */
export function requirePolicy(term: string, { policy }: RewardContext): PolicyService {
  if (!policy) throw needsModel(term);
  return policy;
}

/**
 * Refuses a batch that is text only. A completion that really has no tokens passes.
 * @throws BatonError `BadConfig` on the field `model`
 */
export function requireTokens(term: string, batch: readonly Completion[]): void {
  const missing = batch.some(
    ({ text, completionIds, logprobs }) =>
      (text !== '' && completionIds.length === 0) || logprobs.length !== completionIds.length,
  );
  if (missing) throw needsModel(term);
}

/** The same for terms that need no log-probs. @throws BatonError `BadConfig` on the field `model` */
export function requireIds(term: string, batch: readonly Completion[]): void {
  if (batch.some(({ text, completionIds }) => text !== '' && completionIds.length === 0))
    throw needsModel(term);
}

/**
 * The task of a batch, for terms that have to know right from wrong.
 * @throws BatonError `BadConfig` on the field `task.id`; an experiment that lists such a term is refused before it gets here
 */
export function requireVerifier(term: string, { task }: Pick<RewardContext, 'task'>): VerifiedTask {
  if (hasVerifier(task)) return task;
  throw badConfig(
    'task.id',
    `The term ${term} needs a verifier, and the task ${task.id} has none`,
    'Choose another task, or leave the term out.',
  );
}

/** Completions of each question, by group number. */
export function byGroup(batch: readonly Completion[]): ReadonlyMap<number, readonly Completion[]> {
  const groups = new Map<number, Completion[]>();
  for (const completion of batch) {
    const members = groups.get(completion.group);
    if (members) members.push(completion);
    else groups.set(completion.group, [completion]);
  }
  return groups;
}
