/** An evaluation order, in training or on demand, as plain data: what to ask, whom, and which receivers finish the answers. */
import { badConfig } from '../../errors.ts';
import type { SamplingSettings } from '../../kernels/sample/sample.ts';
import type { Receiver, ReceiverBackend } from '../../model/receiver.ts';
import type { ReceiverService } from '../rewards/reward.ts';
import { parseReceivers, RECEIVER_FORM, RECEIVER_LIST } from '../rewards/transfer/receiver-list.ts';
import type { Split, Task } from '../tasks/task.ts';
import { receiverWriter, type Writer } from './answers.ts';
import { type EvaluateRequest, type Evaluation, evaluate, judgeOfTransfer } from './evaluate.ts';
import { criticOfTournament, type JudgingWriter } from './tournament.ts';

export interface EvaluationOrder {
  readonly split: Split;
  /** The policy as it is now, or as it was before the run. */
  readonly policy: 'now' | 'before';
  readonly prompts: number;
  readonly samples: number;
  /** Ids with spaces between, as in the transfer term; weights are not used. Empty: no receivers. */
  readonly receivers: string;
  /** What they run on. */
  readonly receiver_backend: ReceiverBackend;
  /** How many answers to each question they finish. */
  readonly transfer_answers: number;
  /** The most answers to a question among which the critic chooses, at most `samples`; absent or 0: no tournament. */
  readonly tournament?: number;
}

/** What carrying out an order needs. */
export interface EvaluationMeans {
  readonly writer: Writer;
  readonly task: Task;
  readonly seed: number;
  readonly sampling: SamplingSettings;
  readonly service: ReceiverService | undefined;
  /** Who judges in tournaments. */
  readonly critic?: JudgingWriter;
}

/** Opens the receivers of a list. The service keeps them, and opens each only once. @throws BadConfig; what `open` throws */
export async function openReceivers(
  list: string,
  backend: ReceiverBackend,
  service: ReceiverService | undefined,
): Promise<Receiver[]> {
  if (list === '') return [];
  if (!RECEIVER_LIST.test(list)) {
    throw badConfig(
      'receivers',
      `The receivers are ${JSON.stringify(list)}; allowed is ${RECEIVER_FORM}`,
    );
  }
  if (!service) throw badConfig('receivers', 'There is nothing here that can open receivers');
  const opened: Receiver[] = [];
  for (const { id } of parseReceivers(list)) opened.push(await service.open(id, backend));
  return opened;
}

/**
 * @throws BadConfig where there are no such receivers or no critic, questions do not fit, or the task cannot judge receivers or tournaments;
 *   Cancelled
 */
export async function carryOut(
  order: EvaluationOrder,
  { writer, task, seed, sampling, service, critic }: EvaluationMeans,
  more: Pick<EvaluateRequest, 'signal' | 'onProgress' | 'onAnswered' | 'trainedOn'> = {},
): Promise<Evaluation> {
  const { split, prompts, samples, tournament: most = 0 } = order;
  // Checked before anything is loaded in vain.
  if (order.receivers !== '') judgeOfTransfer(task);
  if (most > 0) criticOfTournament(task);
  if (most > 0 && !critic) {
    const message = 'The method has no critic that compares two answers';
    throw badConfig('tournament', message, 'Leave the tournament out.');
  }
  const receivers = await openReceivers(order.receivers, order.receiver_backend, service);
  const [before] =
    order.policy === 'before' ? await openReceivers('policy', 'kernels', service) : [];
  const judging = before && critic ? asBefore(critic, before) : critic;
  return evaluate(before ? receiverWriter(before, writer.budget) : writer, {
    ...{ task, split, prompts, samples, seed, sampling },
    transfer: { receivers, answers: order.transfer_answers, continuations: 1 },
    ...(judging &&
      most > 0 && {
        tournament: { most: Math.min(most, samples), critic: judging },
      }),
    ...more,
  });
}

/** The critic as it was before the run: it begins as the policy does, whether or not it has weights of its own. */
function asBefore({ writer, reasoning }: JudgingWriter, before: Receiver): JudgingWriter {
  return { writer: receiverWriter(before, writer.budget), reasoning };
}
