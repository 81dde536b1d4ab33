/** Samples a model's completions of prompts. */
import type { SamplingSettings } from '../../kernels/sample/sample.ts';
import type { Generated, GenerateRequest } from '../../model/generate.ts';
import type { Tokenizer } from '../../model/tokenizer.ts';
import type { Completion } from '../rewards/reward.ts';
import type { Question } from '../tasks/task.ts';

/** How a model is sampled, by the names of TRL 1.13: settings of every method. */
export interface SamplingConfig {
  readonly temperature: number;
  readonly top_k: number;
  readonly top_p: number;
  readonly min_p: number | null;
}

/** The sampler's settings, from those with the names of TRL 1.13. */
export function samplingOf(settings: SamplingConfig): SamplingSettings {
  return {
    temperature: settings.temperature,
    topK: settings.top_k,
    topP: settings.top_p,
    minP: settings.min_p ?? 0,
    greedy: false,
  };
}

/** What writes completions: a generator. */
export interface Writes {
  generate(request: GenerateRequest): Promise<Generated[]>;
}

/** A prompt to complete, and the question that it belongs to. */
export interface Asked {
  readonly question: Question;
  /** The prompt in words, where that is not the question's own. */
  readonly text?: string;
  /** Token ids: the prompt, or the prompt and the beginning of an answer. */
  readonly prompt: readonly number[];
}

export interface SampleRequest
  extends Pick<GenerateRequest, 'copies' | 'key' | 'uid' | 'keep' | 'signal'> {
  readonly role: string;
  readonly asked: readonly Asked[];
  readonly sampling: SamplingSettings;
  /** Most tokens to write, one per prompt. */
  readonly budgets: readonly number[];
}

/**
 * `copies` completions of every prompt, next to each other. Each prompt is a group. The noise is a pure function of the key and of
 * `uid` + the completion's index.
 */
export async function sample(
  generator: Writes,
  tokenizer: Tokenizer,
  { role, asked, ...request }: SampleRequest,
): Promise<Completion[]> {
  const prompts = asked.map(({ prompt }) => prompt);
  const generated = await generator.generate({ ...request, prompts });
  return generated.map(({ ids, logprobs, truncated }, i) => {
    const group = Math.floor(i / request.copies);
    const { question, text } = asked[group];
    return {
      ...{ role, group, truncated, logprobs, question },
      ...(text !== undefined && { prompt: text }),
      promptIds: prompts[group],
      completionIds: ids,
      text: tokenizer.decode(ids),
    };
  });
}
