/**
 * How good a policy is on fixed questions: accuracy, maj@k and pass@k for every k, length, and how well other models take its
 * answers over. Draws its own random numbers, so that a run is the same with and without it.
 */
import { randomStream } from '../random.ts';
import { type Answered, type AnswersRequest, giveAnswers, type Writer } from './answers.ts';
import { type Band, Bootstrap, bandOf, type Interval } from './bootstrap.ts';
import { majAtEachK, mean, passAtK } from './statistics.ts';
import {
  type Transferability,
  type TransferSettings,
  transferability,
  transferWork,
} from './transferability.ts';

export interface EvaluateRequest extends Omit<AnswersRequest, 'onAnswers'> {
  /** Who takes the answers over; left out, nobody does. */
  readonly transfer?: TransferSettings;
  /** Answers and continuations done, of all there will be. */
  readonly onProgress?: (done: number, total: number) => void;
}

/** Intervals are 95 %, by one bootstrap over questions that all share (bootstrap.ts). */
export interface Evaluation {
  readonly prompts: number;
  readonly samples: number;
  /** Share of all answers that are right: mean over questions. */
  readonly accuracy: number;
  readonly accuracy_interval: Interval;
  /** Share of answers that have the task's form. */
  readonly well_formed: number;
  /** Index k - 1 holds maj@k, for k = 1 .. samples. */
  readonly maj_at_k: readonly number[];
  readonly maj_at_k_interval: Band;
  /** Index k - 1 holds unbiased pass@k. */
  readonly pass_at_k: readonly number[];
  readonly pass_at_k_interval: Band;
  /** Tokens, end token included. */
  readonly mean_length: number;
  readonly mean_length_interval: Interval;
  /** The same of right answers alone; NaN where there is none. */
  readonly mean_length_right: number;
  readonly mean_length_right_interval: Interval;
  readonly truncated: number;
  readonly transfer?: Transferability;
}

/**
 * Evaluates a writer. The numbers do not depend on how many sequences fit at once.
 * @throws BadConfig where questions do not fit; Cancelled; what the writer and the receivers throw
 */
export async function evaluate(writer: Writer, request: EvaluateRequest): Promise<Evaluation> {
  const { prompts, samples, seed, transfer, onProgress } = request;
  const total = prompts * samples + (transfer ? transferWork(transfer, prompts, samples) : 0);
  let done = 0;
  const onAnswers = (count: number) => {
    done += count;
    onProgress?.(done, total);
  };
  const answered = await giveAnswers(writer, { ...request, onAnswers });
  const bootstrap = new Bootstrap(prompts, randomStream(seed, 'evaluate/bootstrap'));
  const summary = summarise(answered, samples, seed, bootstrap);
  if (!transfer || transfer.receivers.length === 0) return summary;
  const { task, split, sampling, signal } = request;
  return {
    ...summary,
    transfer: await transferability(answered, {
      ...transfer,
      ...{ task, split, seed, sampling, bootstrap, onAnswers },
      budget: writer.budget,
      tokenizer: writer.tokenizer,
      ...(signal && { signal }),
    }),
  };
}

function summarise(
  answered: readonly Answered[],
  samples: number,
  seed: number,
  bootstrap: Bootstrap,
): Evaluation {
  const judged = answered.map(({ answers }) => answers);
  const all = judged.flat();
  const right = judged.map((answers) => answers.filter((a) => a.correct));
  const majorities = judged.map((answers, q) =>
    majAtEachK(answers, randomStream(seed, 'evaluate/maj', q)),
  );
  const ks = Array.from({ length: samples }, (_, i) => i + 1);
  const majority = ks.map((k) => bootstrap.mean(majorities.map((chances) => chances[k - 1])));
  const pass = ks.map((k) => bootstrap.mean(right.map((own) => passAtK(samples, own.length, k))));
  const accuracy = bootstrap.mean(
    judged.map((answers) => mean(answers.map((a) => Number(a.correct)))),
  );
  const tokens = (answers: Answered['answers']) =>
    answers.reduce((sum, { completionIds }) => sum + completionIds.length, 0);
  const counts = judged.map((answers) => answers.length);
  const length = bootstrap.ratio(judged.map(tokens), counts);
  const lengthRight = bootstrap.ratio(
    right.map(tokens),
    right.map((own) => own.length),
  );
  return {
    prompts: judged.length,
    samples,
    accuracy: accuracy.mean,
    accuracy_interval: accuracy,
    well_formed: mean(all.map((a) => Number(a.wellFormed))),
    maj_at_k: majority.map((point) => point.mean),
    maj_at_k_interval: bandOf(majority),
    pass_at_k: pass.map((point) => point.mean),
    pass_at_k_interval: bandOf(pass),
    mean_length: length.mean,
    mean_length_interval: length,
    mean_length_right: lengthRight.mean,
    mean_length_right_interval: lengthRight,
    truncated: mean(all.map((a) => Number(a.truncated))),
  };
}
