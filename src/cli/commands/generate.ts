/** `generate`: completions of one prompt, or of a task's questions. */
import { resolve } from 'node:path';
import type { Generated } from '../../model/generate.ts';
import type { LoadedModel } from '../../model/load.ts';
import { streamKey } from '../../rl/random.ts';
import { SPLITS, type Task } from '../../rl/tasks/task.ts';
import { defineCommand } from '../command.ts';
import { DEVICE_OPTIONS, withGpu } from '../device.ts';
import { writeWhole } from '../files.ts';
import { toLines } from '../lines.ts';
import { loadModel } from '../models.ts';
import { badOption, choice, flag, number, optional, required } from '../options.ts';
import { budgetFor, SAMPLING_OPTIONS, samplingOf, withGenerator } from '../sampling.ts';
import { encodeText } from '../sequences.ts';
import { type AskedQuestion, questionsOf, taskOf } from '../tasks.ts';

/** One prompt, with its question if it comes from a task. */
interface Asked extends Partial<AskedQuestion> {
  readonly promptIds: readonly number[];
  readonly prompt?: string;
}

/** Token ids from a list such as `1,5,9`. */
function promptIds(text: string, vocabulary: number): number[] {
  const ids = text
    .split(',')
    .map((part) => (/^\d+$/.test(part.trim()) ? Number(part) : Number.NaN));
  if (!ids.every((id) => id < vocabulary)) {
    throw badOption('prompt-ids', `must be ids from 0 to ${vocabulary - 1}, like 1,5,9`);
  }
  return ids;
}

function completionOf(
  { ids, logprobs, truncated }: Generated,
  { question }: Asked,
  model: LoadedModel,
  task: Task | null,
) {
  const text = model.tokenizer?.decode(ids);
  const asked = task && question && text !== undefined;
  // Null means that the task has no verifier. Without a task, no completion can be right or wrong.
  const verdict = asked ? (task.verify?.(question, text) ?? null) : undefined;
  return {
    ...(text !== undefined && { text }),
    ids,
    logprobs,
    truncated,
    ...(verdict !== undefined && {
      correct: verdict?.correct ?? null,
      answer: verdict?.answer ?? null,
    }),
  };
}

export const generate = defineCommand({
  summary: 'Completions of a prompt, or of a task’s questions.',
  details: [
    'Give --prompt (or --prompt-ids), or --task. Answers {"results": [{"prompt": .., "completions": [{"text": .., "ids": [..],',
    '"logprobs": [..], "truncated": ..}, ..]}, ..]}: log-probs at the sampling temperature, before top-k, top-p and min-p.',
  ],
  options: {
    model: required('DIR', 'Folder of the model, or the id of a bundled one.'),
    prompt: optional('TEXT', 'The prompt.'),
    'prompt-ids': optional('1,5,9', 'The prompt as token ids, for a model without a tokenizer.'),
    task: optional('ID', 'A task whose questions are the prompts.'),
    split: choice('Which questions of the task.', SPLITS, 'test'),
    prompts: number('Questions of the task.', 1, { min: 1, max: 100_000 }),
    greedy: flag('Always takes the most likely token.'),
    out: optional('F.jsonl', 'Also write the results there, one line per prompt.'),
    ...SAMPLING_OPTIONS,
    samples: number('Completions of each prompt.', 1, { min: 1, max: 1024 }),
    ...DEVICE_OPTIONS,
  },
  run: async (values, io) => {
    const given = (['prompt', 'prompt-ids', 'task'] as const).filter(
      (key) => values[key] !== undefined,
    );
    if (given.length !== 1) {
      throw badOption(
        given[1] ?? 'prompt',
        given.length === 0
          ? 'is missing (or --prompt-ids, or --task)'
          : `is given beside --${given[0]}`,
      );
    }
    const task = values.task === undefined ? null : taskOf(values.task);
    const model = await loadModel('model', values.model, io);
    const { samples, seed } = values;
    const asked: readonly Asked[] = task
      ? questionsOf(task, values.split, values.prompts, seed, model)
      : values.prompt !== undefined
        ? [{ prompt: values.prompt, promptIds: encodeText(model, 'prompt', values.prompt) }]
        : [{ promptIds: promptIds(values['prompt-ids'] ?? '', model.config.vocab_size) }];
    if (asked.some((one) => one.promptIds.length === 0)) throw badOption('prompt', 'has no token');
    const prompts = asked.map((one) => one.promptIds);
    const budget = budgetFor(model, prompts, values['max-completion-length']);
    const generated = await withGpu(values, io, (gpu) =>
      withGenerator(gpu, model, prompts, { samples, budget }, async (generator) => {
        const out: Generated[] = [];
        const each = Math.floor(generator.options.sequences / samples);
        for (let first = 0; first < prompts.length; first += each) {
          const some = await generator.generate({
            prompts: prompts.slice(first, first + each),
            copies: samples,
            sampling: samplingOf(values, values.greedy),
            key: streamKey(seed, 'generate'),
            uid: first * samples,
            signal: io.interrupted,
          });
          out.push(...some);
        }
        return out;
      }),
    );
    const results = asked.map((one, i) => ({
      ...(one.question ? { prompt: one.question.prompt, question: one.question.title } : {}),
      ...(one.prompt !== undefined && { prompt: one.prompt }),
      prompt_ids: one.promptIds,
      completions: generated
        .slice(i * samples, (i + 1) * samples)
        .map((completion) => completionOf(completion, one, model, task)),
    }));
    if (values.out !== undefined) writeWhole('out', resolve(io.cwd, values.out), toLines(results));
    return { result: { model_hash: model.hash, results } };
  },
});
