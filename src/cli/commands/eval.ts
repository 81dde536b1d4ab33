/** `eval`: accuracy, maj@k, pass@k, length and transferability of a model on a task's questions. */
import type { Generator } from '../../model/generate.ts';
import { generatorWriter } from '../../rl/evaluate/answers.ts';
import { askedText } from '../../rl/evaluate/asked.ts';
import type { Band } from '../../rl/evaluate/bootstrap.ts';
import type { Evaluation } from '../../rl/evaluate/evaluate.ts';
import { familiarText } from '../../rl/evaluate/familiar.ts';
import { carryOut } from '../../rl/evaluate/order.ts';
import type { JudgingWriter } from '../../rl/evaluate/tournament.ts';
import { RECEIVER_LIST } from '../../rl/rewards/transfer/receiver-list.ts';
import { hasVerifier, SPLITS, type Split, type Task } from '../../rl/tasks/task.ts';
import { warmStartTasks } from '../../rl/warm-start.ts';
import { defineCommand, type LabIo } from '../command.ts';
import { DEVICE_OPTIONS, withGpu } from '../device.ts';
import { withEnds } from '../intervals.ts';
import { loadModel, modelSource } from '../models.ts';
import { badOption, choice, flag, number, optional, required } from '../options.ts';
import { OWN_OPTION, receiversFor } from '../receivers.ts';
import { budgetFor, SAMPLING_OPTIONS, samplingOf, withCritic, withGenerator } from '../sampling.ts';
import { questionsOf, taskOf } from '../tasks.ts';

/** The ONNX runtime on WebGPU needs a browser. */
const BACKENDS = ['kernels', 'onnx'] as const;

export const evalCommand = defineCommand({
  summary: 'Accuracy, maj@k, pass@k, length and transferability of a model on a task.',
  details: [
    'Answers {"accuracy": .., "accuracy_interval": {..}, "maj_at_k": [..], "pass_at_k": [..], "mean_length": .., ..}; place',
    'k - 1 of a list is for k answers, k = 1 to samples. The questions are the first ones of the split in the seed’s order.',
    '"X_interval" is the 95 % interval of X, by a bootstrap over "clusters" of questions, such as those about the same numbers; "distinct"',
    'questions may be fewer than prompts. Where the model has a recipe.json, "familiar" says how many questions are "within" the kind that it',
    'was trained on, and how many of these could have been "trained" on. With --receivers, "transfer" gives how often each',
    'receiver finishes an answer correctly that was cut in the first, second, .. tenth of its length, and how often from scratch.',
    'A task that tells dialects apart adds "dialects" (the share of the answers in each, and how many of them are right), "chatter"',
    '(the share of tokens that say nothing new), and "by_dialect" to each receiver: which answers it can finish.',
    'With --tournament N the model also judges its own answers in pairs, as RARO’s critic does: "tournament" gives, for 1, 2, 4, .. N answers, how often the',
    'winner of a single-elimination tournament is right, beside one sample, the majority, and any of them being right ("best_of"), each with its',
    '95 % interval. "gain" is the winner less the majority, paired by question.',
    'For a task without a verifier, everything that needs a verdict is null, and receivers are refused.',
  ],
  options: {
    model: required('DIR', 'Folder of the model, or the id of a bundled one.'),
    task: required(
      'ID',
      'The task: countdown, chain, or JSON such as {"id":"countdown","form":"classic"}.',
    ),
    split: choice('Which questions.', SPLITS, 'test'),
    prompts: number('Questions.', 128, { min: 1, max: 100_000 }),
    receivers: optional(
      '"ID ID"',
      'Models that finish cut answers: bundled ones, policy for the model itself, own/F.',
    ),
    'receiver-backend': choice('What they run on.', BACKENDS, 'kernels'),
    ...OWN_OPTION,
    'transfer-answers': number('Answers to each question that they finish.', 1, {
      min: 1,
      max: 1024,
    }),
    tournament: number('Answers in the largest tournament; at most --samples.', undefined, {
      min: 2,
      max: 1024,
    }),
    'max-verdict-length': number('Token budget of a verdict with its reasoning.', 96, {
      min: 2,
      max: 1024,
    }),
    curves: flag('Also logs maj@k, pass@k and success by cut with their intervals, line by line.'),
    ...SAMPLING_OPTIONS,
    ...DEVICE_OPTIONS,
  },
  run: async (values, io) => {
    const task = taskOf(values.task);
    const { split, prompts, samples, seed, receivers = '' } = values;
    if (receivers !== '' && !RECEIVER_LIST.test(receivers)) {
      throw badOption('receivers', 'is no list of ids with one space between');
    }
    const model = await loadModel('model', values.model, io);
    const { tokenizer } = model;
    const trainedOn = await warmStartTasks(modelSource('model', values.model, io).read);
    const asked = questionsOf(task, split, prompts, seed, model).map(({ promptIds }) => promptIds);
    const budget = budgetFor(model, asked, values['max-completion-length']);
    const { tournament: most } = values;
    if (most !== undefined) requireTournament(task, most, samples);
    if (!tokenizer) throw new RangeError('questions were read without a tokenizer');
    const evaluation = await withGpu(values, io, async (gpu) => {
      const service = receiversFor(gpu, model, 'receivers', io, {
        ownFile: values['own-receiver'],
      });
      const carry = (generator: Generator, critic?: JudgingWriter) =>
        carryOut(
          {
            ...{ split, prompts, samples, receivers, policy: 'now' },
            receiver_backend: values['receiver-backend'],
            transfer_answers: values['transfer-answers'],
            tournament: most ?? 0,
          },
          {
            writer: generatorWriter(generator, tokenizer),
            ...{ task, seed, sampling: samplingOf(values), service },
            ...(critic && { critic }),
          },
          {
            ...{ signal: io.interrupted, onProgress: logTenths(io) },
            ...(trainedOn && { trainedOn }),
          },
        );
      try {
        return await withGenerator(gpu, model, asked, { samples, budget }, (generator) => {
          if (most === undefined) return carry(generator);
          const longest =
            asked.reduce((length, ids) => Math.max(length, ids.length), 0) + 2 * budget;
          const field = '--max-verdict-length';
          const room = { longest, budget: values['max-verdict-length'], field };
          return withCritic(gpu, model, room, (critic) =>
            carry(generator, { writer: generatorWriter(critic, tokenizer), reasoning: true }),
          );
        });
      } finally {
        service.close();
      }
    });
    for (const line of askedLines(split, evaluation)) io.log(line);
    for (const line of tournamentLines(evaluation)) io.log(line);
    if (values.curves) for (const line of curveLines(evaluation)) io.log(line);
    return {
      result: {
        task: task.id,
        split,
        seed,
        temperature: values.temperature,
        max_completion_length: budget,
        model_hash: model.hash,
        ...evaluation,
      },
    };
  },
});

/** @throws BatonError BadConfig on `--tournament` where the answers or the judges are missing */
function requireTournament(task: Task, most: number, samples: number): void {
  if (most > samples) throw badOption('tournament', `is ${most}; there are ${samples} samples`);
  if (!task.critic) throw badOption('tournament', `is given; the task ${task.id} has no critic`);
  if (!hasVerifier(task))
    throw badOption('tournament', `is given; the task ${task.id} has no verifier`);
}

/** Accuracies by the number of answers, a line each. */
function tournamentLines({ tournament }: Evaluation): string[] {
  return (tournament?.by_answers ?? []).map((row) => {
    const [winner, one, majority, any, gain] = [
      ...[row.tournament_interval, row.one_sample_interval, row.majority_interval],
      ...[row.best_of_interval, row.gain_interval],
    ].map(withEnds);
    return `tournament of ${row.n}: winner ${winner}, one sample ${one}, majority ${majority}, any ${any}, winner less majority ${gain}`;
  });
}

/** What was asked, and what its split promises that does not hold for this model. */
function askedLines(split: Split, evaluation: Evaluation): string[] {
  const { familiar, prompts } = evaluation;
  const note = familiar && familiarText(split, prompts, familiar);
  return [`asked: ${askedText(evaluation)}`, ...(note ? [`note: ${note}`] : [])];
}

/** Logs the number of answers at every tenth of the total. */
function logTenths(io: LabIo): (done: number, total: number) => void {
  let said = 0;
  return (done, total) => {
    const tenth = Math.floor((10 * done) / total);
    if (tenth === said) return;
    said = tenth;
    io.log(`answers: ${done} of ${total}`);
  };
}

/** The curves as lines for the log: k doubles from line to line, cuts go by tenths. */
function curveLines(evaluation: Evaluation): string[] {
  if (evaluation.accuracy === null) {
    return ['not judged: the task has no verifier', ...mannerLines(evaluation)];
  }
  const { samples, maj_at_k, maj_at_k_interval, pass_at_k, pass_at_k_interval } = evaluation;
  const ks = [];
  for (let k = 1; k < samples; k *= 2) ks.push(k);
  const point = (values: readonly number[], band: Band, i: number) =>
    withEnds({ mean: values[i], low: band.low[i], high: band.high[i] });
  const lines = [...ks, samples].map(
    (k) =>
      `k ${k}: maj ${point(maj_at_k, maj_at_k_interval, k - 1)}, pass ${point(pass_at_k, pass_at_k_interval, k - 1)}`,
  );
  for (const own of evaluation.transfer?.receivers ?? []) {
    own.success.forEach((_, bucket) => {
      const tau = `${(bucket / 10).toFixed(1)} to ${((bucket + 1) / 10).toFixed(1)}`;
      const success = point(own.success, own.success_interval, bucket);
      lines.push(`${own.receiver}, tau ${tau}: ${success}`);
    });
    lines.push(
      `${own.receiver}: transferability ${withEnds(own.transferability_interval)}, from scratch ${withEnds(own.scratch_interval)}, gain ${withEnds(own.gain_interval)}`,
    );
    for (const [id, { transferability_interval }] of Object.entries(own.by_dialect ?? {})) {
      if (transferability_interval === null) continue;
      lines.push(
        `${own.receiver}, dialect ${id}: transferability ${withEnds(transferability_interval)}`,
      );
    }
  }
  return [...lines, ...mannerLines(evaluation)];
}

/** How the answers are written; empty where the task cannot tell. */
function mannerLines({ dialects = {}, chatter_interval }: Evaluation): string[] {
  const lines = Object.entries(dialects).map(
    ([id, { share_interval, accuracy }]) =>
      `dialect ${id}: share ${withEnds(share_interval)}, accuracy ${accuracy?.toFixed(3) ?? 'none'}`,
  );
  return chatter_interval ? [...lines, `chatter: ${withEnds(chatter_interval)}`] : lines;
}
