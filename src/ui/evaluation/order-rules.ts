/** What may be asked for: the choices of the form, what it starts with, and which lists of receivers it takes. No DOM. */
import type { LabState } from '../../lab/protocol.ts';
import type { EvaluationOrder } from '../../rl/evaluate/order.ts';
import { holdsTournaments } from '../../rl/evaluate/tournament-runs.ts';
import type { Experiment } from '../../rl/experiment/schema.ts';
import { RECEIVER_LIST_OR_NONE } from '../../rl/rewards/transfer/receiver-list.ts';

export const SPLITS = ['test', 'ood'] as const;
export type AskedSplit = (typeof SPLITS)[number];
export const SPLIT_NAMES: Readonly<Record<AskedSplit, string>> = {
  test: 'Held out',
  ood: 'Out of distribution',
};
export const PROMPTS = [16, 32, 64, 128, 256, 512] as const;
export const SAMPLES = [1, 4, 16, 64, 256] as const;
/** Answers of each question that receivers take over, at ten cuts each. */
const HANDED_OVER = 1;

/** What the form holds. */
export interface Asked {
  readonly split: AskedSplit;
  /** Questions. */
  readonly prompts: number;
  /** Answers to each. */
  readonly samples: number;
  readonly receivers: string;
  readonly backend: EvaluationOrder['receiver_backend'];
  /** Whether the critic chooses among the answers. */
  readonly tournament: boolean;
}

/** What the form shows before anybody has touched it: receivers and their backend are the experiment's own. */
export function firstAsked(experiment: Experiment): Asked {
  const tournament = experiment.evaluation.tournament > 0;
  return { split: 'test', prompts: 64, samples: 16, tournament, ...receiversOf(experiment) };
}

/** The receivers that the experiment itself names, for its evaluation or for its reward; otherwise the policy before the run. */
function receiversOf({ evaluation, rewards }: Experiment): Pick<Asked, 'receivers' | 'backend'> {
  const { receivers, receiver_backend: backend } = evaluation;
  if (receivers) return { receivers, backend };
  const paid = rewards.find((reward) => reward.term === 'transfer');
  if (paid?.term === 'transfer') return { receivers: paid.receivers, backend: paid.backend };
  return { receivers: 'policy', backend };
}

/** Whether the list can be read: ids with spaces between, or nothing. */
export function isReceiverList(receivers: string): boolean {
  return RECEIVER_LIST_OR_NONE.test(tidy(receivers));
}

/** A list of receivers with one more, unless it names it already. */
export function withReceiver(receivers: string, id: string): string {
  const there = tidy(receivers)
    .split(' ')
    .filter((part) => part !== '');
  return (there.some((part) => part.split('*')[0] === id) ? there : [...there, id]).join(' ');
}

const tidy = (list: string) => list.trim().replace(/\s+/g, ' ');

/** Whether there is a policy to ask: from the first step on. */
export function canEvaluate(state: LabState): boolean {
  return state === 'running' || state === 'paused' || state === 'finished';
}

/** Most answers in a tournament: of more, each further round asks the critic about more pairs than answers were written. */
const MOST_PLAYERS = 64;

/** Whether a tournament can be asked for: the run has a critic that compares, the task a verifier, and there are answers to choose from. */
export function canChoose(experiment: Experiment, samples: number): boolean {
  return samples > 1 && holdsTournaments(experiment);
}

/** The order as the trainer takes it; the lab asks it of the policy before training and of the one now. */
export function orderOf(
  { receivers, backend, tournament, ...asked }: Asked,
  experiment: Experiment,
): Omit<EvaluationOrder, 'policy'> {
  const chooses = tournament && canChoose(experiment, asked.samples);
  return {
    ...asked,
    ...(chooses && { tournament: Math.min(asked.samples, MOST_PLAYERS) }),
    receivers: tidy(receivers),
    receiver_backend: backend,
    transfer_answers: HANDED_OVER,
  };
}
