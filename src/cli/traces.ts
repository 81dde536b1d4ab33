/**
 * Traces for `rerank` and `find-error`: given as lines or written by a policy, judged by the task, and measured by a reward model and the policy. What a line
 * says itself is not measured again, so recorded numbers need no model.
 */
import { join, resolve } from 'node:path';
import type { Gpu } from '../gpu/gpu.ts';
import {
  characterTokenizerConfigJson,
  characterTokenizerJson,
} from '../model/character-tokenizer.ts';
import type { LoadedModel } from '../model/load.ts';
import { loadTokenizer } from '../model/tokenizer.ts';
import { type RewardReading, readingOf } from '../rl/airl/reward-model.ts';
import { placesOf, tokenRewards } from '../rl/airl/token-rewards.ts';
import { generatorWriter, giveAnswers } from '../rl/evaluate/answers.ts';
import { termNeed } from '../rl/run/needs.ts';
import { requireFit } from '../rl/run/origin.ts';
import {
  hasVerifier,
  type Question,
  SPLITS,
  type Verdict,
  type VerifiedTask,
} from '../rl/tasks/task.ts';
import type { Written } from '../rl/token-starts.ts';
import type { LabIo } from './command.ts';
import { DEVICE_OPTIONS, withGpu } from './device.ts';
import { readJson } from './files.ts';
import { type InputLine, readLines } from './lines.ts';
import { loadModel, modelFolder } from './models.ts';
import { badOption, choice, number, type OptionValues, optional, required } from './options.ts';
import { longestOf, requireTokenizer, tokensOf } from './reward-model.ts';
import { budgetFor, SAMPLING_OPTIONS, samplingOf, withGenerator } from './sampling.ts';
import { scoreSequences } from './scoring.ts';
import type { TextReader } from './sequences.ts';
import { questionOf, questionsOf, taskOf } from './tasks.ts';

const GRANULARITIES = ['sparse', 'step', 'interval', 'dense'] as const;

export const TRACE_OPTIONS = {
  task: required('ID', 'The task: countdown, chain, or JSON such as {"id":"chain","max_terms":6}.'),
  'reward-model': optional(
    'DIR',
    'Folder of the reward model. Not needed where every line has its logits.',
  ),
  model: optional(
    'DIR',
    'Folder of the policy, or the id of a bundled one: it answers where no --input is given, and says how likely answers are.',
  ),
  input: optional('F.jsonl', 'Answers that are given, instead of asking --model.'),
  granularity: choice(
    'Where the reward is read. Default: as the model was trained.',
    GRANULARITIES,
  ),
  interval: number('Tokens between the places of intervals. Default: as trained.', undefined, {
    min: 1,
    max: 1024,
  }),
  split: choice('Which questions are asked.', SPLITS, 'test'),
  prompts: number('Questions that are asked.', 64, { min: 1, max: 100_000 }),
  ...SAMPLING_OPTIONS,
  ...DEVICE_OPTIONS,
};

/** What a model can say: so that sums of it are finite. */
const LARGEST = 1e30;

export type TraceValues = OptionValues<typeof TRACE_OPTIONS>;

/** Help text for both commands. */
export const TRACE_DETAILS = [
  'Lines are {"question": "12+95:", "completion": "12+95=7"}; "truncated": true means that the completion reached its token budget, otherwise <eos> is put at its',
  'end. A line may bring its own numbers, one per token, the end token among them: "logits" of a reward, "logprobs" and "entropies" of a policy, in nats. Without any',
  'model, tokens are those of the bundled tokenizer. The verifier of the task judges every answer. Numbers with "_interval" beside them have a 95 % interval, by a',
  'bootstrap over clusters of questions.',
];

/** An answer with its tokens, judged, and the numbers that it brought. */
export interface Trace extends Written {
  readonly question: Question;
  readonly promptIds: readonly number[];
  readonly verdict: Verdict;
  /** One number per token; null where not known. */
  readonly logits: ArrayLike<number> | null;
  readonly logprobs: ArrayLike<number> | null;
  readonly entropies: ArrayLike<number> | null;
}

/** A trace whose reward is known. */
export interface RewardedTrace extends Trace {
  readonly logits: ArrayLike<number>;
  /** The reward of each token: the logit at the next place where it is read, not clipped. */
  readonly rewards: Float64Array;
}

/** What measures traces: models that are loaded and not on a device yet. */
export interface TraceMeans {
  readonly task: VerifiedTask;
  readonly reward: LoadedModel | null;
  readonly policy: LoadedModel | null;
  readonly reading: Pick<RewardReading, 'granularity' | 'interval'>;
  /** Says what tokens are. */
  readonly reader: TextReader;
}

/** @throws BatonError BadConfig on the option that is at fault; BadFile */
export async function traceMeans(values: TraceValues, io: LabIo): Promise<TraceMeans> {
  const task = taskOf(values.task);
  if (!hasVerifier(task))
    throw badOption('task', `is ${task.id}, which has no verifier`, 'Nothing was measured.');
  const name = values['reward-model'];
  const policy = values.model === undefined ? null : await loadModel('model', values.model, io);
  if (policy) requireTokenizer(policy);
  if (!policy && values.input === undefined)
    throw badOption('model', 'is missing, and there is no --input', 'Give one of them.');
  const reward =
    name === undefined ? null : await loadModel('reward-model', name, io, { scalar: true });
  if (reward && !reward.scalar)
    throw badOption('reward-model', 'has no score.weight: it is no reward model');
  if (reward && !policy) requireTokenizer(reward, 'reward-model');
  const trained =
    name === undefined
      ? null
      : readingOf(
          readJson('reward-model', join(modelFolder('reward-model', name, io), 'config.json')),
        );
  const reading = {
    granularity: values.granularity ?? trained?.granularity ?? 'dense',
    interval: values.interval ?? trained?.interval ?? 8,
  };
  return { task, reward, policy, reading, reader: policy ?? reward ?? bundledReader() };
}

function bundledReader(): TextReader {
  const positions = 2 ** 20;
  const tokenizer = loadTokenizer(
    characterTokenizerJson(),
    characterTokenizerConfigJson(positions),
  );
  return {
    tokenizer,
    config: { eos_token_id: tokenizer.eosId, max_position_embeddings: positions },
  };
}

/** The tokenizer of the reader. */
export function tokenizerOf({ reader }: Pick<TraceMeans, 'reader'>) {
  return requireTokenizer(reader);
}

/** The traces of the lines, checked before anything is computed. @throws BatonError BadFile whose field is `line N: key` */
export function readTraces(path: string, means: TraceMeans, io: LabIo): Trace[] {
  return readLines('input', resolve(io.cwd, path)).map((line) => traceOfLine(line, means));
}

function traceOfLine(line: InputLine, { task, reader, reward }: TraceMeans): Trace {
  const { key, question } = questionOf(line, task);
  const text = line.text('completion');
  if (text === undefined) throw line.fail('completion', 'is missing');
  const truncated = line.flag('truncated') ?? false;
  const tokens = tokensOf(line, key, { question, text, truncated }, reader);
  const recorded = (name: string) => {
    const numbers = line.numbers(name) ?? null;
    const count = tokens.completionIds.length;
    if (numbers && numbers.length !== count)
      throw line.fail(name, `has ${numbers.length} numbers for ${count} tokens`);
    if (numbers?.some((value) => Math.abs(value) > LARGEST))
      throw line.fail(name, `has a number beyond ${LARGEST}`);
    return numbers;
  };
  const logits = recorded('logits');
  if (!logits && !reward)
    throw line.fail('logits', 'is missing, and there is no --reward-model to give them');
  const verdict = task.verify(question, text);
  const own = { logits, logprobs: recorded('logprobs'), entropies: recorded('entropies') };
  return { question, ...tokens, text, truncated, verdict, ...own };
}

/** Answers of the policy to the questions of a split. @throws BatonError BadConfig, OutOfMemory */
export async function writeTraces(
  gpu: Gpu,
  policy: LoadedModel,
  { task, reader }: TraceMeans,
  values: TraceValues,
  io: LabIo,
): Promise<Trace[]> {
  const { split, prompts, samples, seed } = values;
  const asked = questionsOf(task, split, prompts, seed, policy).map(({ promptIds }) => promptIds);
  const budget = budgetFor(policy, asked, values['max-completion-length']);
  const tokenizer = tokenizerOf({ reader });
  const answered = await withGenerator(gpu, policy, asked, { samples, budget }, (generator) =>
    giveAnswers(generatorWriter(generator, tokenizer), {
      ...{ task, split, prompts, samples, seed },
      ...{ sampling: samplingOf(values), signal: io.interrupted },
    }),
  );
  return answered.flatMap(({ question, answers }, i) =>
    answers.map(({ completionIds, text, truncated, verdict }) => ({
      ...{ question, promptIds: asked[i], completionIds, text, truncated },
      verdict: verdict ?? task.verify(question, text),
      ...{ logits: null, logprobs: null, entropies: null },
    })),
  );
}

/**
 * The given traces, or the policy's, with more that the command makes itself, all measured. A device is opened only where something must be computed.
 * @throws BatonError BadConfig on the option whose model does not fit; NonFinite
 */
export async function measuredTraces(
  values: TraceValues,
  means: TraceMeans,
  io: LabIo,
  more: readonly Trace[] = [],
): Promise<{ readonly own: readonly RewardedTrace[]; readonly more: readonly RewardedTrace[] }> {
  const { policy, reward } = means;
  const given = values.input === undefined ? null : readTraces(values.input, means, io);
  const lacking = [...(given ?? []), ...more].some(
    ({ logits, logprobs, entropies }) => !logits || (policy && !(logprobs && entropies)),
  );
  if (given && !lacking) return { own: given.map((trace) => rewarded(trace, means)), more: [] };
  return withGpu(values, io, async (gpu) => {
    if (!given && !policy) throw new RangeError('nobody answers');
    const own = given ?? (policy ? await writeTraces(gpu, policy, means, values, io) : []);
    const all = [...own, ...more];
    if (reward) requireReadable(reward, means, all, values['reward-model'] ?? '');
    const temperature = values.temperature || 1;
    const judged = reward ? await withLogits(gpu, reward, all) : all;
    const scored = policy ? await withLogprobs(gpu, policy, judged, temperature) : judged;
    const done = scored.map((trace) => rewarded(trace, means));
    return { own: done.slice(0, own.length), more: done.slice(own.length) };
  });
}

/** @throws BatonError BadConfig on `--reward-model` where it cannot read the traces */
function requireReadable(
  reward: LoadedModel,
  { policy }: TraceMeans,
  traces: readonly Trace[],
  folder: string,
): void {
  const need = termNeed({ folder, setting: '--reward-model' });
  requireFit('reward', need, reward, policy ?? reward, longestOf(traces));
}

async function withLogits(
  gpu: Gpu,
  model: LoadedModel,
  traces: readonly Trace[],
): Promise<Trace[]> {
  const rows = await rowsOf(
    gpu,
    model,
    traces.filter(({ logits }) => !logits),
    1,
  );
  let next = 0;
  return traces.map((trace) => (trace.logits ? trace : { ...trace, logits: rows[next++].values }));
}

async function withLogprobs(
  gpu: Gpu,
  model: LoadedModel,
  traces: readonly Trace[],
  temperature: number,
): Promise<Trace[]> {
  const known = ({ logprobs, entropies }: Trace) => logprobs !== null && entropies !== null;
  const rows = await rowsOf(
    gpu,
    model,
    traces.filter((trace) => !known(trace)),
    temperature,
  );
  let next = 0;
  return traces.map((trace) => {
    if (known(trace)) return trace;
    const { logprobs, entropies } = rows[next++];
    return {
      ...trace,
      logprobs: trace.logprobs ?? logprobs,
      entropies: trace.entropies ?? entropies,
    };
  });
}

/** What the heads of a model give for every completion token, by trace. */
async function rowsOf(gpu: Gpu, model: LoadedModel, traces: readonly Trace[], temperature: number) {
  const sequences = traces.map(({ promptIds, completionIds }) => ({
    ...{ prompt: promptIds, completion: completionIds },
  }));
  const rows: { logprobs: Float32Array; entropies: Float32Array; values: Float32Array }[] = [];
  if (sequences.length === 0) return rows;
  await scoreSequences(gpu, model, sequences, temperature, ({ sequences: batch, scores }) => {
    let at = 0;
    for (const { completion } of batch) {
      const [from, to] = [at, at + completion.length];
      rows.push({
        logprobs: scores.logprobs.slice(from, to),
        entropies: scores.entropies.slice(from, to),
        values: scores.values?.slice(from, to) ?? new Float32Array(),
      });
      at = to;
    }
  });
  return rows;
}

function rewarded(trace: Trace, means: TraceMeans): RewardedTrace {
  const { logits } = trace;
  if (!logits) throw new RangeError('a trace has no logits');
  const { task, reading } = means;
  const places = placesOf({ task, tokenizer: tokenizerOf(means) }, trace, reading);
  return { ...trace, logits, rewards: tokenRewards(logits, places, Number.POSITIVE_INFINITY) };
}
