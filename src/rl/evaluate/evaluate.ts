/**
 * How good a policy is on fixed questions: accuracy, maj@k and pass@k for every k, length, how its answers are written, and how
 * well other models can finish them. It draws its own random numbers, so that a run is the same with and without it.
 */
import { badConfig } from '../../errors.ts';
import { randomStream } from '../random.ts';
import { hasVerifier, type Task, type VerifiedTask } from '../tasks/task.ts';
import { type Answered, type AnswersRequest, giveAnswers, type Writer } from './answers.ts';
import { type Asked, clustersOf, countAsked } from './asked.ts';
import { Bootstrap, type Interval } from './bootstrap.ts';
import { type Familiar, familiarOf } from './familiar.ts';
import { type HiddenNumbers, hiddenNumbers } from './hidden.ts';
import { type JudgedNumbers, judge, type NotJudged, tokensOf } from './judge.ts';
import { type MannerNumbers, mannerNumbers } from './manners.ts';
import { mean } from './statistics.ts';
import {
  criticOfTournament,
  holdTournaments,
  type TournamentNumbers,
  type TournamentRequest,
  tournamentWork,
} from './tournament.ts';
import {
  type Transferability,
  type TransferSettings,
  transferability,
  transferWork,
} from './transferability.ts';

export interface EvaluateRequest extends Omit<AnswersRequest, 'onAnswers'> {
  /** The receivers that finish the answers; none where left out. */
  readonly transfer?: TransferSettings;
  /** Tournaments among the answers; none where left out. */
  readonly tournament?: TournamentRequest;
  /** The tasks of the policy's warm start; left out where they are not known. */
  readonly trainedOn?: readonly Task[];
  /** Is given the questions and their answers once they are there, before receivers and tournaments. */
  readonly onAnswered?: (answered: readonly Answered[]) => void;
  /** Answers, judged pairs and continuations done, of all there will be. */
  readonly onProgress?: (done: number, total: number) => void;
}

/** What can be measured of any answers, judged or not. */
interface PlainNumbers extends Asked, MannerNumbers, HiddenNumbers {
  readonly samples: number;
  /** How many of the questions are of a kind that the policy's warm start knows; absent where its warm start is not known. */
  readonly familiar?: Familiar;
  /** Tokens, end token included. */
  readonly mean_length: number;
  readonly mean_length_interval: Interval;
  readonly truncated: number;
  readonly transfer?: Transferability;
  readonly tournament?: TournamentNumbers;
}

/**
 * The numbers of an evaluation. Intervals are 95 %, from one bootstrap over clusters of questions (bootstrap.ts).
 * `accuracy === null` means that nothing was judged.
 */
export type Evaluation = PlainNumbers & (JudgedNumbers | NotJudged);

/**
 * Evaluates a writer. The numbers do not depend on how many sequences fit at once.
 * @throws BadConfig where questions do not fit, or receivers or tournaments are asked for where nobody can judge them; Cancelled; what the writer
 *   and the receivers throw
 */
export async function evaluate(writer: Writer, request: EvaluateRequest): Promise<Evaluation> {
  const { task, prompts, samples, seed, transfer, trainedOn, onProgress } = request;
  const { tournament } = request;
  if (tournament) criticOfTournament(task);
  const judging = transfer && transfer.receivers.length > 0 ? judgeOfTransfer(task) : null;
  const total =
    prompts * samples +
    (tournament ? tournamentWork(tournament.most, prompts) : 0) +
    (transfer ? transferWork(transfer, prompts, samples) : 0);
  let done = 0;
  const onAnswers = (count: number) => {
    done += count;
    onProgress?.(done, total);
  };
  const answered = await giveAnswers(writer, { ...request, onAnswers });
  request.onAnswered?.(answered);
  const questions = answered.map(({ question }) => question);
  const random = randomStream(seed, 'evaluate/bootstrap');
  const bootstrap = new Bootstrap(clustersOf(task, questions), random);
  const summary = {
    ...summarise(answered, { ...countAsked(task, questions), samples }, seed, bootstrap),
    ...(trainedOn && { familiar: familiarOf(questions, trainedOn) }),
    ...mannerNumbers(task, answered, writer.tokenizer, bootstrap),
    ...hiddenNumbers(task, answered, bootstrap),
    ...(tournament && {
      tournament: await holdTournaments(task, answered, tournament, {
        ...{ ...request, bootstrap, onAnswers },
      }),
    }),
  };
  if (!transfer || !judging) return summary;
  const { split, sampling, signal } = request;
  return {
    ...summary,
    transfer: await transferability(answered, {
      ...transfer,
      ...{ task: judging, split, seed, sampling, bootstrap, onAnswers },
      budget: writer.budget,
      tokenizer: writer.tokenizer,
      ...(signal && { signal }),
    }),
  };
}

/** The task, with a verifier that can judge finished answers. @throws BadConfig on the field `receivers` where there is none */
export function judgeOfTransfer(task: Task): VerifiedTask {
  if (hasVerifier(task)) return task;
  throw badConfig(
    'receivers',
    `The task ${task.id} has no verifier, so nobody can tell what receivers finish rightly`,
    'Evaluate without receivers.',
  );
}

function summarise(
  answered: readonly Answered[],
  asked: Asked & Pick<PlainNumbers, 'samples'>,
  seed: number,
  bootstrap: Bootstrap,
): Evaluation {
  const given = answered.map(({ answers }) => answers);
  const counts = given.map((answers) => answers.length);
  const length = bootstrap.ratio(given.map(tokensOf), counts);
  const lengths = { mean_length: length.mean, mean_length_interval: length };
  const truncated = mean(given.flat().map((a) => Number(a.truncated)));
  const judged = judge(given, asked.samples, seed, bootstrap);
  if (judged.accuracy === null) return { ...asked, ...judged, ...lengths, truncated };
  // In the order of the model cards.
  const { mean_length_right, mean_length_right_interval, ...numbers } = judged;
  const right = { mean_length_right, mean_length_right_interval };
  return { ...asked, ...numbers, ...lengths, ...right, truncated };
}
