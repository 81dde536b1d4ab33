/** The first half of a step: questions, and the policy's answers to them. */
import type { SamplingSettings } from '../kernels/sample/sample.ts';
import type { Generator } from '../model/generate.ts';
import type { Tokenizer } from '../model/tokenizer.ts';
import type { Experiment, ObjectiveSettings } from './experiment/schema.ts';
import { streamKey } from './random.ts';
import type { Completion } from './rewards/reward.ts';
import type { Task } from './tasks/task.ts';

/** The sampler's settings by the objective's names. */
export function samplingOf(objective: ObjectiveSettings): SamplingSettings {
  return {
    temperature: objective.temperature,
    topK: objective.top_k,
    topP: objective.top_p,
    minP: objective.min_p ?? 0,
    greedy: false,
  };
}

/**
 * The completions of step `step` (from 0): `prompts_per_step` questions in the order of the seed, `num_generations` answers to
 * each, side by side. Question and noise are pure functions of seed and step.
 */
export async function rollout(
  generator: Generator,
  tokenizer: Tokenizer,
  task: Task,
  experiment: Experiment,
  step: number,
  signal?: AbortSignal,
): Promise<Completion[]> {
  const { seed, objective } = experiment;
  const { prompts_per_step: count, num_generations: copies } = objective;
  const questions = Array.from({ length: count }, (_, p) =>
    task.question('train', step * count + p, seed),
  );
  const prompts = questions.map((question) =>
    tokenizer.encode(question.prompt, { addSpecial: true }),
  );
  const generated = await generator.generate({
    prompts,
    copies,
    sampling: samplingOf(objective),
    key: streamKey(seed, 'sample'),
    uid: step * count * copies,
    ...(signal && { signal }),
  });
  return generated.map(({ ids, logprobs, truncated }, i) => {
    const group = Math.floor(i / copies);
    return {
      question: questions[group],
      group,
      promptIds: prompts[group],
      completionIds: ids,
      text: tokenizer.decode(ids),
      logprobs,
      truncated,
    };
  });
}
