/** How much room a run needs: positions, sequences, and the tokens of a micro-batch. */
import { badConfig } from '../errors.ts';
import type { Profile } from '../gpu/adapter.ts';
import type { LearnerOptions } from '../model/learner-buffers.ts';
import type { Tokenizer } from '../model/tokenizer.ts';
import type { Experiment, ObjectiveSettings } from './experiment/schema.ts';
import type { BatchPlan } from './parts.ts';
import { SPLITS, type Task } from './tasks/task.ts';

/** Tokens of a micro-batch: short submits and little memory in software, full tiles on a GPU. */
const MICRO_BATCH_TOKENS = { scalar: 2048, lanes: 16_384 } as const;
export const TOKEN_BUCKET = 256;
/** Questions looked at for the longest prompt, and room left for a longer one. */
const PROMPT_PROBES = 512;
const PROMPT_SPARE = 8;

export interface Room {
  readonly plan: BatchPlan;
  /** Most tokens of a prompt. */
  readonly prompt: number;
  /** Most tokens of a prompt and its completion. */
  readonly positions: number;
  /** Completions of a step. */
  readonly sequences: number;
}

/**
 * @param most positions that the policy has
 * @throws BadConfig when prompts and completions do not fit them
 */
export function roomFor(
  experiment: Experiment,
  task: Task,
  tokenizer: Tokenizer,
  most: number,
  profile: Profile,
): Room {
  const { max_completion_length, prompts_per_step, num_generations } = experiment.objective;
  const prompt = longestPrompt(experiment, task, tokenizer) + PROMPT_SPARE;
  const positions = prompt + max_completion_length;
  if (positions > most) {
    throw badConfig(
      'objective.max_completion_length',
      `Questions of up to ${prompt} tokens and ${max_completion_length} more do not fit this policy's ${most} positions`,
      `At most ${most - prompt} fit.`,
    );
  }
  const whole = Math.ceil(positions / TOKEN_BUCKET) * TOKEN_BUCKET;
  return {
    plan: {
      microBatchTokens: Math.max(MICRO_BATCH_TOKENS[profile], whole),
      tokenBucket: TOKEN_BUCKET,
    },
    prompt,
    positions,
    sequences: prompts_per_step * num_generations,
  };
}

/** The longest prompt among the first questions of the splits that a run draws from, in tokens. */
function longestPrompt({ evaluation, seed }: Experiment, task: Task, tokenizer: Tokenizer): number {
  const splits = evaluation.ood ? SPLITS : SPLITS.filter((split) => split !== 'ood');
  let longest = 0;
  for (const split of splits) {
    for (let i = 0; i < PROMPT_PROBES; i++) {
      const { prompt } = task.question(split, i, seed);
      longest = Math.max(longest, tokenizer.encode(prompt, { addSpecial: true }).length);
    }
  }
  return longest;
}

/** What a policy is opened with to be trained for an objective. */
export function policyOptions(
  objective: ObjectiveSettings,
  size: Pick<LearnerOptions, 'tokens' | 'positions'>,
): LearnerOptions {
  return {
    ...size,
    temperature: objective.temperature,
    train: true,
    fp16: objective.fp16,
    ...(objective.algorithm === 'ppo' && {
      scalar: { rows: 'before', trunk: objective.value_detach ? 'detached' : 'shared' },
    }),
  };
}
