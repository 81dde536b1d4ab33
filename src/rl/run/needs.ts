/** What a run needs: what its method says, and the models that its reward terms ask. */
import type { Experiment } from '../experiment/schema.ts';
import { methodOf } from '../methods/index.ts';
import type { LearnerNeed, Needs } from '../methods/method.ts';
import { type TermModel, termModels, termReceivers } from '../rewards/index.ts';
import { onKernels } from '../rewards/transfer/receiver-list.ts';

/** The model that a term asks as a learner: read from a folder, with a scalar head alone, and never trained. */
export function termNeed({ folder, setting }: Pick<TermModel, 'folder' | 'setting'>): LearnerNeed {
  return {
    ...{ tokenHead: false, frozen: true, scalar: { rows: 'at', trunk: 'detached' } },
    ...{ called: `reward model ${folder}`, from: { folder, setting } },
  };
}

/** The learners of terms have the terms' names. */
export function needsOf({ method, rewards }: Pick<Experiment, 'method' | 'rewards'>): Needs {
  const { needs, rewarded } = methodOf(method);
  const asked = rewarded ? termModels(rewards) : [];
  if (asked.length === 0) return needs;
  const own = asked.map((one) => [one.term, termNeed(one)] as const);
  return { ...needs, learners: { ...needs.learners, ...Object.fromEntries(own) } };
}

/** The receivers that reward terms and evaluations have on the run's own device. */
export function receiversOf({
  rewards,
  evaluation,
}: Pick<Experiment, 'rewards' | 'evaluation'>): readonly string[] {
  const evaluating = onKernels(evaluation.receivers, evaluation.receiver_backend);
  return [...new Set([...termReceivers(rewards), ...evaluating])];
}
