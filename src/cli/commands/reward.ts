/** `reward`: scores given questions and completions by every reward term of an experiment. */
import { resolve } from 'node:path';
import type { Gpu } from '../../gpu/gpu.ts';
import type { LoadedModel } from '../../model/load.ts';
import { samplingOf } from '../../rl/learn/sample.ts';
import { type CombinedRewards, scoreBatch } from '../../rl/rewards/combine.ts';
import { createRewards } from '../../rl/rewards/index.ts';
import type { Completion, RewardContext, TermScores } from '../../rl/rewards/reward.ts';
import { createTask } from '../../rl/tasks/index.ts';
import type { Task } from '../../rl/tasks/task.ts';
import { defineCommand } from '../command.ts';
import { DEVICE_OPTIONS, withGpu } from '../device.ts';
import { readExperiment } from '../experiments.ts';
import { writeWhole } from '../files.ts';
import { advantageSettings, advantagesOf } from '../learned-advantages.ts';
import { type InputLine, readLines, toLines } from '../lines.ts';
import { loadModel } from '../models.ts';
import { optional, required } from '../options.ts';
import { OWN_OPTION, receiversFor } from '../receivers.ts';
import { requireTokenizer, tokensOf, withPolicyService } from '../reward-model.ts';
import { questionOf } from '../tasks.ts';
import { loadTermModels, withTermModels } from '../term-models.ts';

/** What terms may ask. */
type Services = Pick<RewardContext, 'policy' | 'receivers' | 'frozen'>;

/**
 * The lines as a batch. Lines of one question are adjacent, because reward terms treat them as one group.
 * @param model gives each completion its tokens. Without a model it has none, and terms that need tokens refuse.
 * @returns the batch, still without log-probs, and for each completion the index of its line
 */
function groupLines(lines: readonly InputLine[], task: Task, model: LoadedModel | null) {
  const groups = new Map<string, number[]>();
  const questions = lines.map((line, i) => {
    const { key, prompt, question } = questionOf(line, task);
    const members = groups.get(prompt);
    if (members) members.push(i);
    else groups.set(prompt, [i]);
    return { key, question };
  });
  const order: number[] = [];
  const batch: Completion[] = [];
  for (const [group, members] of [...groups.values()].entries()) {
    for (const i of members) {
      const text = lines[i].text('completion');
      if (text === undefined) throw lines[i].fail('completion', 'is missing');
      const { key, question } = questions[i];
      const truncated = lines[i].flag('truncated') ?? false;
      const read = { role: 'solver', question, group, text, truncated };
      const tokens = model
        ? tokensOf(lines[i], key, read, model)
        : { promptIds: [], completionIds: [] };
      order.push(i);
      batch.push({ ...read, ...tokens, logprobs: [] });
    }
  }
  return { batch, order };
}

export const reward = defineCommand({
  summary: 'Scores questions and completions by every reward term of an experiment.',
  details: [
    'Reads lines {"question": "3 5 7=26:", "completion": "3*7=21,21+5=26"}. The question is the prompt as the model reads it',
    '(the key may also be "prompt"); "truncated": true means that the completion reached its token budget. Lines with the same',
    'question are one group. Terms that use tokens or probabilities need --model: completions are then scored as if that model had',
    'written them at the experiment’s temperature, with <eos> at the end of each that is not truncated.',
    'The value of a permuted term is that of another line of its question: "used" holds its own ("measured") and whose it is ("permuted_from").',
    'The term learned asks the reward model that it names, also without --model and whatever the method: "tokens" holds each token’s "logit" and its',
    '"reward" by granularity, "advantages" both forms (the "mean" over tokens, and "token" by token) with the method’s scale_rewards and gamma.',
    'Answers {"results": [{"reward": .., "terms": {"answer": {"value": .., "weight": .., "used": {..}}, ..}}, ..]}.',
  ],
  options: {
    experiment: required('F.json', 'The experiment whose task and reward terms are used.'),
    input: required('F.jsonl', 'The lines to score.'),
    model: optional('DIR', 'Folder of the policy, or the id of a bundled one.'),
    ...OWN_OPTION,
    out: optional('F.jsonl', 'Also write the results there, one line each.'),
    ...DEVICE_OPTIONS,
  },
  run: async (values, io) => {
    const experiment = readExperiment(values.experiment, io);
    const task = createTask(experiment.task);
    const lines = readLines('input', resolve(io.cwd, values.input));
    const model = values.model === undefined ? null : await loadModel('model', values.model, io);
    const asked = await loadTermModels(experiment.rewards, io);
    // Without a policy, the model that a term asks says what the tokens are.
    const reader = model ?? asked.at(0)?.model ?? null;
    if (reader) requireTokenizer(reader);
    const { batch, order } = groupLines(lines, task, reader);
    const terms = createRewards(experiment.rewards);
    const { temperature } = experiment.method;
    const score = (completions: readonly Completion[], services: Services = {}) =>
      scoreBatch(terms, completions, {
        task,
        step: 0,
        seed: experiment.seed,
        signal: io.interrupted,
        sampling: samplingOf(experiment.method),
        budget: experiment.method.max_completion_length,
        ...services,
      });
    const withModels = (gpu: Gpu, services: Services, completions: readonly Completion[]) =>
      reader && asked.length > 0
        ? withTermModels(gpu, asked, reader, completions, (frozen) =>
            score(completions, { ...services, frozen }),
          )
        : score(completions, services);
    let scored: CombinedRewards;
    try {
      scored = model
        ? await withGpu(values, io, async (gpu) => {
            const receivers = receiversFor(gpu, model, 'experiment', io, {
              ownFile: values['own-receiver'],
              fp16: experiment.method.fp16,
            });
            try {
              return await withPolicyService(
                gpu,
                model,
                task,
                batch,
                temperature,
                (lines, policy) => withModels(gpu, { policy, receivers }, lines),
              );
            } finally {
              receivers.close();
            }
          })
        : asked.length > 0
          ? await withGpu(values, io, (gpu) => withModels(gpu, {}, batch))
          : await score(batch);
    } finally {
      for (const { term } of terms) term.close?.();
    }
    const { reward: learned } = scored.terms.get('learned')?.tokens ?? {};
    const advantages =
      learned &&
      advantagesOf(
        learned,
        batch.map(({ group }) => group),
        advantageSettings(experiment.method),
      );
    const results: unknown[] = new Array(lines.length);
    order.forEach((line, place) => {
      const apart = terms.map(({ name, weight }) => {
        const { values: raw, tokenValues, tokens, used } = scored.terms.get(name) ?? noScores(name);
        return [
          name,
          {
            value: raw[place],
            weight,
            ...(tokenValues && { token_values: tokenValues[place] }),
            ...(tokens && { tokens: rowsOf(tokens, place) }),
            ...(name === 'learned' && advantages && { advantages: advantages[place] }),
            used: used[place],
          },
        ];
      });
      results[line] = {
        question: batch[place].question.prompt,
        completion: batch[place].text,
        reward: scored.totals[place],
        terms: Object.fromEntries(apart),
      };
    });
    if (values.out !== undefined) {
      writeWhole('out', resolve(io.cwd, values.out), toLines(results));
    }
    return {
      result: {
        ...(model && { model_hash: model.hash, temperature }),
        ...(asked.length > 0 && { reward_model_hash: asked[0].model.hash }),
        results,
        metrics: scored.metrics,
      },
    };
  },
});

/** A term's per-token numbers for one completion, by name. */
function rowsOf(tokens: NonNullable<TermScores['tokens']>, place: number) {
  return Object.fromEntries(Object.entries(tokens).map(([name, rows]) => [name, rows[place]]));
}

function noScores(name: string): never {
  throw new RangeError(`the term ${name} was not scored`);
}
